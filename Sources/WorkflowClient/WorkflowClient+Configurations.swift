import HTTPTypes
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// The current versions of all configurations, by id.
    public func configurations() async throws(ClientError) -> [ConfigurationAnswer] {
        try read(try await send(.get, Paths.configurations), ConfigurationAnswer.list(json:))
    }

    /// The current version of a configuration, with its text.
    public func configuration(_ id: String) async throws(ClientError) -> ConfigurationAnswer {
        try read(try await send(.get, Paths.configuration(id)), ConfigurationAnswer.init(json:))
    }

    /// Stores a text as the newest version of its configuration. The text that is current already makes no new version.
    /// - Parameter id: the one in the text.
    public func save(_ source: ConfigurationSource, as id: String) async throws(ClientError) -> ConfigurationAnswer {
        var query: [(name: String, value: String)] = []
        if let directory = source.directory { query.append(("directory", directory)) }
        let type =
            switch source.format {
            case .yaml: "application/yaml"
            case .json: "application/json"
            }
        let answer = try await send(
            .put, Paths.configuration(id), query: query, headers: [.contentType: type], body: Array(source.text.utf8))
        return try read(answer, ConfigurationAnswer.init(json:))
    }

    /// Removes a configuration. Its runs stay.
    public func deleteConfiguration(_ id: String) async throws(ClientError) {
        _ = try await send(.delete, Paths.configuration(id))
    }
}
