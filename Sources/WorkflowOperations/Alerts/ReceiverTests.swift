package import WorkflowAPI
package import WorkflowModel

/// Tests receivers of alerts on request, for the API and the pages.
package struct ReceiverTests: Sendable {
    private let receivers: any AlertStore
    private let audit: any AuditLog
    private let tester: any ReceiverTester

    package init(receivers: any AlertStore, audit: any AuditLog, tester: any ReceiverTester) {
        self.receivers = receivers
        self.audit = audit
        self.tester = tester
    }

    /// Sends one message to a receiver, also to a disabled one, so that it can be tested before it is enabled.
    /// - Returns: nil when the receiver is not found.
    package func test(_ name: String, of tenant: Tenant) async throws -> ReceiverTestAnswer? {
        guard let receiver = try await receivers.receivers(of: tenant).first(where: { $0.name == name }) else { return nil }
        // Recorded first: a message that was sent has an event, also when the service ends meanwhile.
        if let actor = AuditActor.current {
            try await audit.append([actor.event(.receiverTested, AuditObject(receiver.name), of: tenant)])
        }
        return ReceiverTestAnswer(await tester.test(receiver))
    }
}
