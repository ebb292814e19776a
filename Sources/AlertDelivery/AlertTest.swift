import NIOCore
import WorkflowAPI
public import WorkflowModel

/// Sends a message that says it is a test, signed as every alert, in one attempt.
public struct AlertTest: ReceiverTester {
    private let transport: any AlertTransport
    private let time: any TimeSource

    public init(transport: any AlertTransport, time: any TimeSource) {
        self.transport = transport
        self.time = time
    }

    public func test(_ receiver: AlertReceiver) async -> AlertOutcome {
        let now = time.now
        let body = Self.body(for: receiver, at: now)
        let headers = WebhookSignature.headers(
            id: "test_\(receiver.tenant)_\(receiver.name)_\(now.milliseconds)", at: now, body: body,
            secrets: receiver.secrets(at: now))
        return await transport.post(body, headers: headers, to: receiver.url)
    }

    private static func body(for receiver: AlertReceiver, at now: Timestamp) -> [UInt8] {
        let document = JSONWriter.document { json in
            json.object { json in
                switch receiver.kind {
                case .slack:
                    json.member("text", "A test of the receiver \(receiver.name) (\(receiver.tenant)). No run is affected.")
                case .webhook:
                    json.member("type", "receiver.test")
                    json.member("timestamp", now)
                    json.name("data")
                    json.object { json in
                        json.member("tenant", receiver.tenant.name)
                        json.member("receiver", receiver.name)
                    }
                }
            }
        }
        return Array(document.readableBytesView)
    }
}
