import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import WorkflowModel
import WorkflowTestKit

/// Receives a service's alerts: a real HTTP server on the loopback interface.
struct AlertInbox: Sendable {
    struct Message: Sendable {
        var headers: [String: String]
        var body: String
    }

    let url: String
    let messages: Watched<[Message]>

    /// - Parameter test: runs while it is open.
    static func open(_ test: @escaping @Sendable (AlertInbox) async throws -> Void) async throws {
        let messages = Watched<[Message]>([])
        let (ports, port) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                let body = String(buffer: try await request.body.collect(upTo: 1 << 20))
                let headers = request.headers.map { ($0.name.canonicalName, $0.value) }
                messages.change { $0.append(Message(headers: Dictionary(headers, uniquingKeysWith: { $1 }), body: body)) }
                return Response(status: .noContent)
            },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "inbox") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await test(AlertInbox(url: "http://127.0.0.1:\(port)/hook", messages: messages))
                break
            }
            group.cancelAll()
        }
    }
}
