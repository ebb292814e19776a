import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import TaskRunners
import WorkflowModel

/// What a server was asked.
struct Asked: Sendable {
    var method: String
    var path: String
    var headers: [String: String]
    var body: String
}

/// A real HTTP server on the loopback interface, for as long as a test takes.
enum Shop {
    /// - Parameters:
    ///   - answer: what it answers.
    ///   - test: gets the port that it listens on.
    static func open(
        _ answer: @escaping @Sendable (Asked) async throws -> Response, test: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                let body = try await request.body.collect(upTo: 1 << 20)
                let headers = request.headers.map { ($0.name.canonicalName, $0.value) }
                return try await answer(
                    Asked(
                        method: request.method.rawValue, path: request.uri.string,
                        headers: Dictionary(headers, uniquingKeysWith: { $1 }), body: String(buffer: body)))
            },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "shop") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await test(port)
                break
            }
            group.cancelAll()
        }
    }

    static func answer(_ status: HTTPResponse.Status, _ body: String = "", type: String = "text/plain") -> Response {
        Response(status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

/// The calls of one test, with a runner that is shut down after it.
struct Caller {
    let runner: HTTPRunner

    static func with(_ body: (Caller) async throws -> Void) async throws {
        let runner = HTTPRunner()
        do {
            try await body(Caller(runner: runner))
        } catch {
            try await runner.shutdown()
            throw error
        }
        try await runner.shutdown()
    }

    func attempt(_ call: HTTPCall, range: TimeWindow? = nil, blame: BlameTable = BlameTable()) throws -> TaskAttempt {
        struct NoTenant: Error {}
        guard let tenant = Tenant("acme") else { throw NoTenant() }
        return TaskAttempt(
            tenant: tenant, run: RunID(rawValue: "wf-1"), task: TaskID(rawValue: "wft-1"), number: 2, configuration: "cg-daily",
            definition: TaskDefinition(id: "notify", label: "Tell", type: "webhook.send", action: .http(call), blame: blame),
            runMode: .refresh, range: range, inputs: ["unify": JSONText(validated: "{\"rows\":3}")])
    }

    func run(_ call: HTTPCall, blame: BlameTable = BlameTable(), reporting report: Recorder = Recorder()) async throws
        -> TaskOutcome
    {
        await runner.run(try attempt(call, blame: blame), reporting: report)
    }
}
