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
        let answer = try await send(
            AlertEndpoints.list,
            query: [
                AlertEndpoints.state.pair(state), PageParameters.limit.pair(limit), PageParameters.nextToken.pair(nextToken),
            ])
        return try read(answer, AlertListAnswer.init(json:))
    }

    /// Sends an alert again, at once.
    public func resendAlert(_ id: String) async throws(ClientError) -> Alert {
        try read(try await send(AlertEndpoints.resend, id), Alert.init(json:))
    }

    /// The receivers of the tenant, by name.
    public func alertReceivers() async throws(ClientError) -> [ReceiverAnswer] {
        try read(try await send(AlertEndpoints.listReceivers), ReceiverAnswer.list(json:))
    }

    /// Sends a test message to a receiver, and waits for the outcome.
    public func testAlertReceiver(_ name: String) async throws(ClientError) -> ReceiverTestAnswer {
        try read(try await send(AlertEndpoints.testReceiver, name), ReceiverTestAnswer.init(json:))
    }

    /// - Returns: the receiver with its secret, which no other answer has.
    public func createAlertReceiver(_ order: ReceiverOrder) async throws(ClientError) -> ReceiverAnswer {
        try read(try await send(AlertEndpoints.createReceiver, json: order.document), ReceiverAnswer.init(json:))
    }
}
