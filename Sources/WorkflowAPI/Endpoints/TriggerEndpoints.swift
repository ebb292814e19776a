import HTTPTypes
import WorkflowModel

/// Triggers of a configuration: their firings, and the addresses of webhooks.
public enum TriggerEndpoints {
    public static let all = [firings, hook]

    static let tenant = PathParameter("tenant", "The name of a tenant.")
    static let webhook = PathParameter("webhook", "The name of a webhook of the configuration.")

    public static let firings = Endpoint(
        "listFirings", .get, "/api/workflow/configs/{id}/firings", .policy(.viewer), tag: .configurations,
        summary: "Lists the events of a configuration's triggers with their outcomes.",
        details: """
            Newest first. Each end of a run that a trigger comes after is one event, and so is each call of a webhook. Firings outlive \
            their configuration for as long as retention lets them.
            """,
        parameters: [ConfigurationEndpoints.id] + FiringQueryParameters.parameters + [HeaderParameter.ifNoneMatch],
        responses: [.json("A page of firings.", "FiringList", headers: [.entityTag])])

    public static let hook = Endpoint(
        "callWebhook", .post, "/hooks/{tenant}/{id}/{webhook}", .open, tag: .configurations,
        summary: "Calls a webhook of a configuration, which starts a run.",
        details: """
            The signature takes the place of an access token: either webhook-id, webhook-timestamp and webhook-signature (Standard \
            Webhooks, at most \(TriggerLimits.tolerance.configurationText) old), or X-Hub-Signature-256 (GitHub). Both are made with \
            the secret of the tenant that the webhook names. A call that is repeated gets the first answer and starts nothing: calls are \
            the same when their webhook-id is, or with X-Hub-Signature-256, when their body is. 409 when the workflow cannot run; 422 \
            when it does not accept the values of the body; 503 without a usable secret. The rate limit of the tenant counts calls with \
            a valid signature. GitHub's event ping is verified, starts nothing and is not recorded.
            """,
        parameters: [tenant, ConfigurationEndpoints.id, webhook],
        refusesUnknownParameters: false,
        body: RequestBody([MediaContent("application/json", .object)], upTo: TriggerLimits.bodyBytes),
        responses: [
            EndpointResponse(202, "The call is recorded.", [.json("WebhookAnswer")]),
            EndpointResponse(200, "The event ping of GitHub, with a valid signature.", [.json("WebhookPing")]),
        ],
        otherErrors: [.unauthenticated, .conflict, .keyMismatch, .rateLimited, .unavailable])
}
