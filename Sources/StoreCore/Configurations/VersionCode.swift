public import WorkflowModel

/// A configuration version without its text: where its commands run, and which code was there.
public struct VersionCode: Hashable, Sendable {
    public var version: ConfigurationVersionID
    @Exact public var directory: String?
    public var code: CodeVersion?

    @inlinable
    public init(version: ConfigurationVersionID, directory: String?, code: CodeVersion?) {
        self.version = version
        self.directory = directory
        self.code = code
    }
}

extension WorkflowRunDetails {
    /// Sets the current version and the code versions of a run.
    /// - Parameters:
    ///   - current: nil when the configuration was deleted.
    ///   - launched: reads the launched version, unless that is the current one.
    public mutating func setVersions(
        current: VersionCode?, launched: (ConfigurationVersionID) throws -> VersionCode?
    ) throws {
        currentVersion = current?.version
        guard let id = launchedVersion else { return }
        let found = id == current?.version ? current : try launched(id)
        code = found?.code
        if let current, current.directory.isIdentical(to: found?.directory) { currentCode = current.code }
    }
}
