import HTTPTestKit
import HTTPTypes
import Hummingbird
import NIOCore
import TaskRunners
import WorkflowModel

/// An HTTP server on the loopback interface, called by tasks.
enum Shop {
    /// - Parameters:
    ///   - answer: makes the response.
    ///   - test: receives the server's port.
    static func open(
        _ answer: @escaping @Sendable (ReceivedRequest) async throws -> Response,
        test: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await LoopbackServer.open(answer, test: test)
    }

    static func answer(_ status: HTTPResponse.Status, _ body: String = "", type: String = "text/plain") -> Response {
        Response(status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

/// Sends the requests of one test, with a runner that is shut down afterwards.
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
