import HTTPTypes
public import WorkflowModel

/// Configurations: list, show, save, delete and start.
public enum ConfigurationEndpoints {
    public static let all = [list, show, save, delete, start]

    static let id = PathParameter("id", "The id of a configuration.")
    public static let file = QueryParameter.text("file", "The file name that complaints about the text begin with.")
    public static let directory = QueryParameter.text(
        "directory", "The absolute directory that commands run in.", pattern: "^/")
    public static let commit = QueryParameter<CodeVersion>(
        "commit", "The commit of the repository that the directory belongs to.",
        schema: .object(["type": .string("string"), "minLength": .integer(1), "pattern": .string("^([0-9a-f]{40}|[0-9a-f]{64})$")]),
        read: { text throws(APIError) in
            guard let code = CodeVersion(commit: text, isDirty: false) else {
                throw .invalid("Invalid commit \(text.quoted). Accepted: \(CodeVersion.acceptedCommits).")
            }
            return code
        },
        write: { $0.commit })
    public static let dirty = QueryParameter.boolean(
        "dirty", "Whether the directory has changes that are not committed. Only with commit.")
    public static let dryRun = QueryParameter.boolean(
        "dry_run", "Check the text as if it were stored, with the zones, resources and receivers that it names, and store nothing.")

    public static let list = Endpoint(
        "listConfigurations", .get, "/api/workflow/configs", .policy(.viewer), tag: .configurations,
        summary: "Lists the configured workflows, by id.",
        parameters: [HeaderParameter.ifNoneMatch],
        responses: [
            .json(
                "The configurations without their texts, and how their last runs went.", "ConfigurationList", headers: [.entityTag])
        ])

    public static let show = Endpoint(
        "showConfiguration", .get, "/api/workflow/configs/{id}", .policy(.viewer), tag: .configurations,
        summary: "Shows a configuration, or its text alone.",
        parameters: [id, HeaderParameter.ifNoneMatch],
        responses: [
            EndpointResponse(
                200, "The current version.", [.json("Configuration"), MediaContent("application/yaml", .text)],
                headers: [.entityTag])
        ])

    public static let save = Endpoint(
        "saveConfiguration", .put, "/api/workflow/configs/{id}", .policy(.admin), tag: .configurations,
        summary: "Checks a configuration and makes it the current version.",
        details: """
            The id in the text has to be the one in the path. The media type of YAML may also be application/x-yaml or text/yaml. A \
            text that is the current one already makes no new version, unless its directory, commit or dirty differs.
            """,
        parameters: [id, file, directory, commit, dirty, dryRun],
        body: RequestBody(
            [MediaContent("application/yaml", .text), MediaContent("application/json", .object)],
            upTo: Limits.configurationBody),
        responses: [
            EndpointResponse(
                200, "The configuration existed, and this is its current version now; or the outcome of a dry run.",
                [.json("Configuration", "ConfigurationCheck")], headers: [.entityTag]),
            .created("The configuration is new.", "Configuration", headers: [.entityTag]),
        ])

    public static let delete = Endpoint(
        "deleteConfiguration", .delete, "/api/workflow/configs/{id}", .policy(.admin), tag: .configurations,
        summary: "Removes a configuration.",
        details: "Its versions stay for the runs that were launched with them. Runs that have not ended continue.",
        parameters: [id],
        responses: [EndpointResponse(204, "The configuration is removed.")])

    public static let start = Endpoint(
        "startConfiguration", .post, "/api/workflow/configs/{id}/runs", .policy(.operator), tag: .configurations,
        summary: "Starts a run of a configuration, with parameters, labels and receivers to notify.",
        details: """
            As startRun does. The body may be left out. The labels are added to those of the configuration, and replace them where both \
            have a key. A run has at most \(RunLabels.most). The receivers in notify are told when the run ends; 400 for an unknown \
            one, 409 for a disabled one.
            """,
        parameters: [id, HeaderParameter.idempotencyKey],
        body: .json("ConfigurationStartRequest", isRequired: false, upTo: Limits.startBody),
        responses: [.created("The run as it was accepted: scheduled, and no task instances yet.", "VerboseRun")],
        otherErrors: [.conflict, .keyMismatch])
}
