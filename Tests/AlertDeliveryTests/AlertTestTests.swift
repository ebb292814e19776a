import Testing
import WorkflowModel
import WorkflowTestKit

@testable import AlertDelivery

@Suite("A test of a receiver")
struct AlertTestTests {
    private static func receiver(_ kind: AlertReceiver.Kind) -> AlertReceiver {
        AlertReceiver(
            tenant: StoreBench.acme, name: "ops", kind: kind, url: "https://ops.example/in", rule: AlertRule(events: []),
            secret: [1, 2, 3], createdAt: StoreBench.start)
    }

    @Test(
        "is one signed message that says it is a test, and its outcome is the answer",
        arguments: [
            (AlertReceiver.Kind.webhook, #""type":"receiver.test""#), (.slack, "No run is affected."),
        ])
    func message(kind: AlertReceiver.Kind, said: String) async throws {
        for outcome in [AlertOutcome.delivered("HTTP 200 OK."), .failed("The connection failed."), .gone("HTTP 410 Gone.")] {
            let transport = ScriptedTransport { _ in outcome }
            let clock = TestClock()
            let answer = await AlertTest(transport: transport, time: clock).test(Self.receiver(kind))
            #expect(answer == outcome)
            let call = try #require(transport.calls.value.first)
            #expect(transport.calls.value.count == 1 && call.url == "https://ops.example/in")
            #expect(String(decoding: call.body, as: UTF8.self).contains(said))
            let id = try #require(call.headers["webhook-id"])
            let expected = WebhookSignature.headers(id: id, at: clock.now, body: call.body, secrets: [[1, 2, 3]])
            #expect(call.headers["webhook-signature"] == expected.last?.value && !id.contains("."))
        }
    }
}
