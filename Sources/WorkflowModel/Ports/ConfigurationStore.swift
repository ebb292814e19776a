/// Keeps a tenant's configurations and all their versions.
public protocol ConfigurationStore: Sendable {
    /// Stores a text as the newest version of its configuration. Saving the current source again makes no new version:
    /// ``ConfigurationSource/isSame(as:)``.
    func saveConfiguration(_ draft: ConfigurationDraft, at now: Timestamp) async throws -> SavedConfiguration

    /// The current version; nil when the tenant has no such configuration.
    func configuration(_ id: String, of tenant: Tenant) async throws -> ConfigurationVersion?

    /// The current versions of all configurations of a tenant, by id.
    func configurations(of tenant: Tenant) async throws -> [ConfigurationVersion]

    func configurationVersion(_ id: ConfigurationVersionID, of tenant: Tenant) async throws -> ConfigurationVersion?

    /// The versions of a configuration, newest first; also of one that was deleted.
    /// - Parameters:
    ///   - last: the number of the newest one wanted; nil for all.
    ///   - limit: versions at most.
    ///   - withTexts: whether their texts are read; without them, they are empty.
    func versions(
        of configuration: String, tenant: Tenant, upTo last: Int?, limit: Int, withTexts: Bool
    ) async throws -> [ConfigurationVersion]

    /// Removes a configuration. Its versions stay for the runs that were launched with them; runs under way continue.
    /// - Returns: whether it existed.
    func deleteConfiguration(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool
}

/// A checked configuration that is about to be stored.
public struct ConfigurationDraft: Hashable, Sendable {
    /// The id of the version, should it become one.
    public var version: ConfigurationVersionID
    public var tenant: Tenant
    public var configuration: String
    public var name: String
    public var type: String
    public var source: ConfigurationSource
    /// Whether it has schedules that start runs.
    public var hasSchedules: Bool
    public var author: Principal
    /// Runs of it at the same time; nil for no limit.
    public var concurrency: Int?
    /// The receivers of alerts about its runs.
    public var alerts: [AlertRoute]
    /// The workflows whose ends start runs of it.
    public var triggers: [AfterTrigger]

    public init(
        version: ConfigurationVersionID, tenant: Tenant, configuration: String, name: String, type: String,
        source: ConfigurationSource, hasSchedules: Bool = false, author: Principal, concurrency: Int? = nil,
        alerts: [AlertRoute] = [], triggers: [AfterTrigger] = []
    ) {
        self.version = version
        self.tenant = tenant
        self.configuration = configuration
        self.name = name
        self.type = type
        self.source = source
        self.hasSchedules = hasSchedules
        self.author = author
        self.concurrency = concurrency
        self.alerts = alerts
        self.triggers = triggers
    }
}

public struct SavedConfiguration: Hashable, Sendable {
    public enum Change: CaseIterable, Hashable, Sendable {
        case created
        case updated
        case unchanged
    }

    public var version: ConfigurationVersion
    public var change: Change

    public init(version: ConfigurationVersion, change: Change) {
        self.version = version
        self.change = change
    }
}
