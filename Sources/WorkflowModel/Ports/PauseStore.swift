/// Keeps the pauses of a tenant's workflows.
///
/// A pause belongs to a configuration: a new version keeps it, and its deletion ends it.
public protocol PauseStore: Sendable {
    /// Pauses a workflow, from ``WorkflowPause/since`` on. Replaces a pause that is in force, but for its beginning.
    ///
    /// A decision about its schedules that was made before this call returned is rejected by ``ScheduleStore/record(_:at:)``.
    /// - Returns: the pause that is in force now; nil when the tenant has no such configuration, which includes one that was deleted.
    func pause(_ configuration: String, of tenant: Tenant, with request: WorkflowPause) async throws -> WorkflowPause?

    /// Ends the pause of a workflow. No effect on a workflow that is not paused.
    /// - Returns: false when the tenant has no such configuration.
    func resume(_ configuration: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool

    /// The pause in force of a configuration; nil when it is not paused, or not found.
    func pause(of configuration: String, tenant: Tenant, at now: Timestamp) async throws -> WorkflowPause?

    /// The pauses in force, by configuration.
    func pauses(of tenant: Tenant, at now: Timestamp) async throws -> [String: WorkflowPause]
}
