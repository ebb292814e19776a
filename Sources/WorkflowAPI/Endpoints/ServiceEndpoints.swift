import HTTPTypes
import WorkflowModel

/// The health of the service, and the description of its API.
public enum ServiceEndpoints {
    public static let all = [health, readiness, description]

    public static let health = Endpoint(
        "checkHealth", .get, "/healthz", .open, tag: .health, summary: "Whether the process is healthy.",
        responses: [.json("Healthy.", "Health")], otherErrors: [.unavailable])

    public static let readiness = Endpoint(
        "checkReadiness", .get, "/readyz", .open, tag: .health, summary: "Whether the store answers.",
        responses: [.json("Healthy.", "Health")], otherErrors: [.unavailable])

    public static let description = Endpoint(
        "describe", .get, "/openapi.json", .open, tag: .health, summary: "This document.",
        parameters: [HeaderParameter.ifNoneMatch],
        responses: [EndpointResponse(200, "This document.", [MediaContent("application/json", .object)], headers: [.entityTag])])
}
