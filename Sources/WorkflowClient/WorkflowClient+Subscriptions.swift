import NIOCore
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// The receivers that are told of the end of a run, by name.
    public func subscriptions(to id: RunID) async throws(ClientError) -> RunSubscriptions {
        try read(try await send(SubscriptionEndpoints.list, id.rawValue), RunSubscriptions.init(json:))
    }

    /// Has a receiver told when a run ends; at once when it has ended.
    public func subscribe(_ receiver: String, to id: RunID) async throws(ClientError) -> SubscriptionAnswer {
        try read(try await send(SubscriptionEndpoints.subscribe, id.rawValue, receiver), SubscriptionAnswer.init(json:))
    }

    /// Has a receiver no longer told when a run ends.
    public func unsubscribe(_ receiver: String, from id: RunID) async throws(ClientError) {
        _ = try await send(SubscriptionEndpoints.unsubscribe, id.rawValue, receiver)
    }
}
