/// Who is told of what, and the outbox of what is still to be told.
///
/// Alerts are raised by the verbs that change runs, in their own transaction: a run that has ended and the alerts that follow
/// from it are there together or not at all.
public protocol AlertStore: Sendable {
    /// - Throws: ``StoreError/Code/duplicate`` when the tenant has one of that name.
    func createReceiver(_ receiver: AlertReceiver) async throws

    /// By name.
    func receivers(of tenant: Tenant) async throws -> [AlertReceiver]

    /// By tenant and name.
    func receiversOfAllTenants() async throws -> [AlertReceiver]

    /// Changes a receiver. When it is disabled, what it was still to be told is given up.
    /// - Returns: the receiver as it is now; nil when there is none of that name.
    func changeReceiver(
        _ name: String, of tenant: Tenant, _ change: AlertReceiver.Change, at now: Timestamp
    ) async throws -> AlertReceiver?

    /// Drops a receiver. What it was still to be told is given up; rules that name it are silent.
    /// - Returns: whether there was one.
    func dropReceiver(_ name: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool

    /// What the current versions of configurations say of whom to tell, by their ids; those that say nothing are left out.
    func configurationAlerts(of tenant: Tenant) async throws -> [ConfigurationAlerts]

    /// Alerts, newest first.
    /// - Parameter place: where to begin, from the page before; nil for the newest.
    func alerts(of tenant: Tenant, in state: Alert.State?, from place: Int?, limit: Int) async throws -> AlertPage

    func alert(_ id: String, of tenant: Tenant) async throws -> Alert?

    /// Has an alert sent at once, whatever became of it before.
    /// - Returns: the alert as it is now; nil when the tenant has no such alert.
    func resendAlert(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Alert?

    /// Takes alerts that are due: of each receiver that nothing is being sent to the one that is due longest. Until `expiry`
    /// neither they nor others for these receivers are given to anybody else.
    func claimAlertsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws -> [ClaimedAlert]

    /// Keeps what came of an attempt; under an older token than the newest nothing. A receiver that is gone is disabled.
    func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert, at now: Timestamp) async throws
}
