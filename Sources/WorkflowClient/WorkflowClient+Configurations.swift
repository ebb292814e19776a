import HTTPTypes
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// The current versions of all configurations, by id.
    public func configurations() async throws(ClientError) -> [ConfigurationAnswer] {
        try read(try await send(ConfigurationEndpoints.list), ConfigurationAnswer.list(json:))
    }

    /// The current version of a configuration, with its text.
    public func configuration(_ id: String) async throws(ClientError) -> ConfigurationAnswer {
        try read(try await send(ConfigurationEndpoints.show, id), ConfigurationAnswer.init(json:))
    }

    /// Stores a text as the newest version of its configuration. A source that is current already makes no new version.
    /// - Parameters:
    ///   - id: the one in the text.
    ///   - file: the file name in complaints about the text; nil for its id.
    public func save(
        _ source: ConfigurationSource, as id: String, file: String? = nil
    ) async throws(ClientError) -> ConfigurationAnswer {
        try read(try await put(source, as: id, file: file, isDryRun: false), ConfigurationAnswer.init(json:))
    }

    /// Checks a text as if it were stored, with the zones, resources and receivers that it names, and stores nothing.
    public func check(
        _ source: ConfigurationSource, as id: String, file: String? = nil
    ) async throws(ClientError) -> ConfigurationCheck {
        try read(try await put(source, as: id, file: file, isDryRun: true), ConfigurationCheck.init(json:))
    }

    private func put(
        _ source: ConfigurationSource, as id: String, file: String?, isDryRun: Bool
    ) async throws(ClientError) -> ClientAnswer {
        let type =
            switch source.format {
            case .yaml: "application/yaml"
            case .json: "application/json"
            }
        return try await send(
            ConfigurationEndpoints.save, id,
            query: [
                ConfigurationEndpoints.file.pair(file), ConfigurationEndpoints.directory.pair(source.directory),
                ConfigurationEndpoints.commit.pair(source.code),
                ConfigurationEndpoints.dirty.pair(source.code.flatMap { $0.isDirty ? true : nil }),
                ConfigurationEndpoints.dryRun.pair(isDryRun ? true : nil),
            ],
            headers: [.contentType: type], body: Array(source.text.utf8))
    }

    /// Removes a configuration. Its runs stay.
    public func deleteConfiguration(_ id: String) async throws(ClientError) {
        _ = try await send(ConfigurationEndpoints.delete, id)
    }
}
