/// One accepted text of a configuration. Versions never change and are never lost while a run refers to them.
public struct ConfigurationVersion: Hashable, Sendable {
    public var id: ConfigurationVersionID
    public var tenant: Tenant
    /// The configuration's own id, such as `cg-daily`.
    public var configuration: String
    /// Counts from 1 within the configuration.
    public var number: Int
    /// Kept beside the text so that a list need not read it.
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

/// The text of a configuration, and where its commands run.
public struct ConfigurationSource: Hashable, Sendable {
    public enum Format: String, CaseIterable, Sendable {
        case yaml
        case json
    }

    public var text: String
    public var format: Format
    /// The working directory of its commands, absolute: the one that the file lay in when it was applied.
    /// nil when it came without one; its commands then run in a directory of the service's own.
    public var directory: String?

    public init(text: String, format: Format, directory: String? = nil) {
        self.text = text
        self.format = format
        self.directory = directory
    }
}
