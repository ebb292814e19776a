/// Keeps the receivers that are told of the end of single runs.
///
/// The transaction that ends a run raises the alerts of its subscriptions. A receiver that is disabled by then gets none. A deleted
/// receiver takes its subscriptions along.
public protocol SubscriptionStore: Sendable {
    /// Subscribes a receiver to the end of a run. When the run has ended already, the alert of its end is raised at once, so that a
    /// run that is faster than its subscriber is not missed.
    func subscribe(_ subscription: RunSubscription, to run: RunID, of tenant: Tenant) async throws -> SubscriptionOutcome

    /// Removes the subscription of a receiver to a run that has not ended.
    func unsubscribe(_ receiver: String, from run: RunID, of tenant: Tenant) async throws -> UnsubscriptionOutcome

    /// The subscriptions of a run, by receiver; nil when the tenant has no such run.
    func subscriptions(to run: RunID, of tenant: Tenant) async throws -> RunSubscriptions?
}
