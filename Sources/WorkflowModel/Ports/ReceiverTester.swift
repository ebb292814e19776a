/// Sends a test message to a receiver of alerts.
public protocol ReceiverTester: Sendable {
    /// - Returns: the outcome of one attempt. It changes nothing, also when the receiver asks for no further alerts.
    func test(_ receiver: AlertReceiver) async -> AlertOutcome
}

/// The tester of a server that sends no alerts.
public struct NoReceiverTester: ReceiverTester {
    public init() {}

    public func test(_ receiver: AlertReceiver) async -> AlertOutcome { .failed("This service sends no alerts.") }
}
