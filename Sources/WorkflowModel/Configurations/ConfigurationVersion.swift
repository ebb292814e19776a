/// An accepted text of a configuration. A version never changes, and is kept while any run refers to it.
public struct ConfigurationVersion: Hashable, Sendable {
    public var id: ConfigurationVersionID
    public var tenant: Tenant
    /// The configuration's own id, such as `cg-daily`.
    public var configuration: String
    /// Counts from 1 within the configuration.
    public var number: Int
    /// Stored beside the text, so that a list does not have to parse texts.
    public var name: String
    public var type: String
    public var source: ConfigurationSource
    public var createdAt: Timestamp
    public var createdBy: Principal

    public init(
        id: ConfigurationVersionID, tenant: Tenant, configuration: String, number: Int, name: String, type: String,
        source: ConfigurationSource, createdAt: Timestamp, createdBy: Principal
    ) {
        self.id = id
        self.tenant = tenant
        self.configuration = configuration
        self.number = number
        self.name = name
        self.type = type
        self.source = source
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}

/// The text of a configuration, and the working directory of its commands.
public struct ConfigurationSource: Hashable, Sendable {
    public enum Format: String, CaseIterable, Sendable {
        case yaml
        case json
    }

    @Exact public var text: String
    public var format: Format
    /// The absolute working directory of its commands: the directory of the file when it was applied.
    /// nil when it was sent without a directory; then commands run in a directory of the service.
    @Exact public var directory: String?
    /// The code in the directory when the configuration was applied; nil where there is no repository, or when it is not known.
    public var code: CodeVersion?

    public init(text: String, format: Format, directory: String? = nil, code: CodeVersion? = nil) {
        self.text = text
        self.format = format
        self.directory = directory
        self.code = code
    }

    /// Whether storing it after the other one makes no new version.
    public func isSame(as other: ConfigurationSource) -> Bool {
        text.isIdentical(to: other.text) && directory.isIdentical(to: other.directory) && code == other.code
    }
}
