/// Keeps the receivers of alerts, and the alerts that were raised for them.
///
/// Alerts are raised by the methods that change runs, in the same transaction: a run has ended and its alerts exist together,
/// or neither.
public protocol AlertStore: Sendable {
    /// - Throws: ``StoreError/Code/duplicate`` when the tenant has a receiver of that name.
    func createReceiver(_ receiver: AlertReceiver) async throws

    /// By name.
    func receivers(of tenant: Tenant) async throws -> [AlertReceiver]

    /// By tenant and name.
    func receiversOfAllTenants() async throws -> [AlertReceiver]

    /// Changes a receiver. Disabling it gives up its pending alerts.
    /// - Returns: the receiver after the change; nil when there is none of that name.
    func changeReceiver(_ update: ReceiverUpdate, at now: Timestamp) async throws -> AlertReceiver?

    /// Deletes a receiver with its subscriptions, and gives up its pending alerts. Rules that name it no longer have an effect.
    /// - Returns: whether it existed.
    func deleteReceiver(_ name: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool

    /// The alert rules in the current versions of configurations, by id; configurations without rules are left out.
    func configurationAlerts(of tenant: Tenant) async throws -> [ConfigurationAlerts]

    /// Alerts, newest first.
    func alerts(matching query: AlertQuery) async throws -> AlertPage

    func alert(_ id: String, of tenant: Tenant) async throws -> Alert?

    /// Makes an alert due at once, whatever its state.
    /// - Returns: the alert after the change; nil when the tenant has no such alert.
    func resendAlert(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Alert?
}

/// A change of one receiver.
public struct ReceiverUpdate: Hashable, Sendable {
    public var receiver: String
    public var tenant: Tenant
    public var change: AlertReceiver.Change

    public init(_ receiver: String, of tenant: Tenant, _ change: AlertReceiver.Change) {
        self.receiver = receiver
        self.tenant = tenant
        self.change = change
    }
}

/// A request for a page of a tenant's alerts.
public struct AlertQuery: Hashable, Sendable {
    public var tenant: Tenant
    /// nil for alerts in any state.
    public var state: Alert.State?
    /// Where to begin, from the previous page; nil for the newest.
    public var place: Int?
    public var limit: Int

    public init(of tenant: Tenant, in state: Alert.State? = nil, from place: Int? = nil, limit: Int) {
        self.tenant = tenant
        self.state = state
        self.place = place
        self.limit = limit
    }
}
