import HTTPTypes
import NIOCore
public import WorkflowAPI
public import WorkflowModel

extension WorkflowClient {
    /// A page of alerts, newest first.
    /// - Parameter nextToken: that of the page before; nil for the first one.
    public func alerts(
        in state: Alert.State? = nil, limit: Int? = nil, nextToken: String? = nil
    ) async throws(ClientError) -> AlertListAnswer {
        var query: [(name: String, value: String)] = []
        if let state { query.append(("state", state.rawValue)) }
        if let limit { query.append(("limit", String(limit))) }
        if let nextToken { query.append(("next_token", nextToken)) }
        return try read(try await send(.get, Paths.alerts, query: query), AlertListAnswer.init(json:))
    }

    /// Has an alert sent again, at once.
    public func resendAlert(_ id: String) async throws(ClientError) -> Alert {
        try read(try await send(.post, Paths.resend(alert: id)), Alert.init(json:))
    }

    /// Where the tenant is told of what happened, by name.
    public func alertReceivers() async throws(ClientError) -> [ReceiverAnswer] {
        try read(try await send(.get, Paths.alertReceivers), ReceiverAnswer.list(json:))
    }

    /// - Returns: the receiver with its secret, which is told this once.
    public func createAlertReceiver(_ order: ReceiverOrder) async throws(ClientError) -> ReceiverAnswer {
        let answer = try await send(
            .post, Paths.alertReceivers, headers: [.contentType: "application/json"],
            body: Array(order.document.readableBytesView))
        return try read(answer, ReceiverAnswer.init(json:))
    }
}
