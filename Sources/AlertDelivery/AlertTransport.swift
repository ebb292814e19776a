public import WorkflowModel

/// Takes a message to a receiver.
public protocol AlertTransport: Sendable {
    /// - Returns: what came of it; cancellation is a failure like others.
    func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async -> AlertOutcome
}
