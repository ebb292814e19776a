public import WorkflowModel

/// The statements that saving and deleting configurations need, in one transaction that no other change of the tenant's
/// configurations overlaps.
public protocol ConfigurationTransaction {
    /// Writes the next version, and makes it the current one.
    func insertVersion(_ draft: ConfigurationDraft, tenant: Int, at now: Timestamp) throws -> ConfigurationVersion

    /// Replaces the alert rules of a configuration.
    func saveRoutes(_ routes: [AlertRoute], of configuration: String, tenant: Int) throws

    /// Replaces the triggers of a configuration after other workflows.
    func saveTriggers(_ triggers: [AfterTrigger], of configuration: String, tenant: Int) throws

    /// Makes another version current for the schedules.
    /// - Parameter version: one that has schedules; nil when the configuration no longer has any.
    func changeSchedules(
        of configuration: String, tenant: Int, to version: ConfigurationVersionID?, at now: Timestamp,
        signals: inout Set<StoreSignal>
    ) throws

    /// Sets how many runs of a configuration may run at the same time; nil for no limit.
    /// - Returns: whether a worker may find something to claim.
    func setConcurrency(_ runs: Int?, of configuration: String, tenant: Int) throws -> Bool

    /// - Returns: whether there was one.
    func removeConfiguration(_ configuration: String, tenant: Int) throws -> Bool
}

extension ConfigurationTransaction {
    /// Saves a draft as the newest version. The source that is current already makes no new version.
    public func save(
        _ draft: ConfigurationDraft, over current: ConfigurationVersion?, tenant: Int, at now: Timestamp,
        signals: inout Set<StoreSignal>
    ) throws -> SavedConfiguration {
        if let current, current.source.isSame(as: draft.source) {
            return SavedConfiguration(version: current, change: .unchanged)
        }
        let version = try insertVersion(draft, tenant: tenant, at: now)
        try saveRoutes(draft.alerts, of: draft.configuration, tenant: tenant)
        try saveTriggers(draft.triggers, of: draft.configuration, tenant: tenant)
        try changeSchedules(
            of: draft.configuration, tenant: tenant, to: draft.hasSchedules ? version.id : nil, at: now, signals: &signals)
        if try setConcurrency(draft.concurrency, of: draft.configuration, tenant: tenant) { signals.insert(.work) }
        return SavedConfiguration(version: version, change: current == nil ? .created : .updated)
    }

    /// - Returns: whether there was one.
    public func delete(
        _ configuration: String, tenant: Int, at now: Timestamp, signals: inout Set<StoreSignal>
    ) throws -> Bool {
        try saveRoutes([], of: configuration, tenant: tenant)
        try saveTriggers([], of: configuration, tenant: tenant)
        try changeSchedules(of: configuration, tenant: tenant, to: nil, at: now, signals: &signals)
        let isDeleted = try removeConfiguration(configuration, tenant: tenant)
        if try setConcurrency(nil, of: configuration, tenant: tenant) { signals.insert(.work) }
        return isDeleted
    }
}

extension ConfigurationVersion {
    /// A draft as the version of that number.
    public init(_ draft: ConfigurationDraft, number: Int, at now: Timestamp) {
        self.init(
            id: draft.version, tenant: draft.tenant, configuration: draft.configuration, number: number, name: draft.name,
            type: draft.type, source: draft.source, createdAt: now, createdBy: draft.author)
    }
}
