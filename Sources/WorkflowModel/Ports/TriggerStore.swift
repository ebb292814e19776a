/// Keeps the firings of triggers.
///
/// The end of a run writes the firings of all workflows with a trigger after it, in the transaction of that end.
public protocol TriggerStore: SignalSource {
    /// Firings that wait for their outcome and are due by now, longest first.
    func waitingFiringsOfAllTenants(at now: Timestamp, limit: Int) async throws -> [TriggerFiring]

    /// Writes the outcome of a firing together with the run that it starts, unless it has one already. A waiting outcome only changes when the
    /// firing is due.
    ///
    /// A call of a webhook has no row before. A workflow that is paused starts nothing: then the outcome is ``FiringOutcome/paused``; and one
    /// that was deleted meanwhile makes it ``FiringOutcome/failed``.
    func record(_ decision: FiringDecision, at now: Timestamp) async throws -> FiringReceipt

    /// nil when the tenant has no such firing.
    func firing(_ id: String, of tenant: Tenant) async throws -> TriggerFiring?

    /// The firings after a run that has ended, by the id of the workflow that has the trigger.
    func firings(after run: RunID, of tenant: Tenant, limit: Int) async throws -> [TriggerFiring]

    /// The firings of a configuration, newest first; also of a deleted configuration.
    func firings(matching query: FiringQuery) async throws -> FiringPage
}

extension TriggerStore {
    /// The firings after a run, as many as are shown with it. A run that goes on has none.
    public func shownFirings(after run: WorkflowRun) async throws -> [TriggerFiring] {
        guard run.state.hasEnded else { return [] }
        return try await firings(after: run.id, of: run.tenant, limit: TriggerLimits.shownFirings)
    }
}
