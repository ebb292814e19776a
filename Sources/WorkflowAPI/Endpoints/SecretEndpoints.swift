import HTTPTypes
import WorkflowModel

/// Secrets of a tenant. No answer has a value.
public enum SecretEndpoints {
    public static let all = [list, set, delete]

    static let name = PathParameter("name", "The name of a secret.")

    public static let list = Endpoint(
        "listSecrets", .get, "/api/workflow/secrets", .policy(.admin), tag: .secrets,
        summary: "Lists the tenant's secrets by name, without their values.",
        parameters: [HeaderParameter.ifNoneMatch],
        responses: [.json("The secrets.", "SecretList", headers: [.entityTag])])

    public static let set = Endpoint(
        "setSecret", .put, "/api/workflow/secrets/{name}", .policy(.admin), tag: .secrets,
        summary: "Sets a secret, in place of the value that it has.",
        details: """
            The value is encrypted and never shown again. A name has \(SecretRule.nameWords). 409 when the tenant has \
            \(SecretRule.most) other secrets; 503 when the node has no key, or another one than the nodes that encrypted the secrets.
            """,
        parameters: [name],
        body: .json("SecretRequest", upTo: Limits.secretBody),
        responses: [.json("The secret existed, and has this value now.", "Secret"), .created("The secret is new.", "Secret")],
        otherErrors: [.conflict])

    public static let delete = Endpoint(
        "deleteSecret", .delete, "/api/workflow/secrets/{name}", .policy(.admin), tag: .secrets,
        summary: "Deletes a secret. Tasks that name it fail from their next attempt on.",
        parameters: [name],
        responses: [EndpointResponse(204, "The secret is deleted.")])
}
