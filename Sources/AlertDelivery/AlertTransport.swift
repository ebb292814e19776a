public import WorkflowModel

/// Delivers a message to a receiver.
public protocol AlertTransport: Sendable {
    /// - Returns: the outcome. After cancellation it is `.failed`, which the sender does not report.
    func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async -> AlertOutcome
}
