import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

/// Snapshots of the forms of receivers, and what they must not show.
@Suite struct ReceiverSnapshotTests {
    private static let hostile = SnapshotTests.hostile
    private static let visitor = Visitor(key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: .admin, formToken: "token")
    private static let receiver = AlertReceiver(
        tenant: StoreBench.acme, name: "ops", kind: .slack, url: "https://hooks.example/T/s3cret",
        rule: AlertRule(
            events: [.failed, .slow], attribution: .platform, types: ["a.\(hostile)"], configurations: ["cg-\(hostile)"]),
        secret: [7], createdAt: StoreBench.start)

    @Test func theForms() throws {
        let fields = ReceiverFields(
            name: Self.hostile, kind: Self.hostile, url: Self.hostile, events: ["slow", Self.hostile], attribution: Self.hostile)
        try PageSnapshot.check(ReceiverFormPage(fields, of: nil, problem: Self.hostile, for: Self.visitor), "receiver-new")
        try PageSnapshot.check(
            ReceiverFormPage(ReceiverFields(Self.receiver), of: Self.receiver, for: Self.visitor), "receiver-edit")
        let edit = try Pages().content(ReceiverFormPage(ReceiverFields(Self.receiver), of: Self.receiver, for: Self.visitor))
        #expect(!edit.contains("s3cret") && edit.contains("https://hooks.example/…"))
        try PageSnapshot.check(ConfirmPage.deleteReceiver(Self.receiver, for: Self.visitor), "receiver-delete")
    }

    @Test func theSecretAndTheOutcomeOfATest() throws {
        let secret = ReceiverSecretPage(Self.receiver, secret: "whsec_x", isRotation: false, for: Self.visitor)
        try PageSnapshot.check(secret, "receiver-secret")
        for (isDelivered, name) in [(true, "receiver-tested"), (false, "receiver-test-failed")] {
            let page = ReceiverTestPage("ops", isDelivered: isDelivered, answer: Self.hostile, for: Self.visitor)
            try PageSnapshot.check(page, name)
        }
    }
}
