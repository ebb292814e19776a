import Foundation
import HTTPTestKit
import HTTPTypes
import Hummingbird
import NIOCore
import ProgramTestKit
import Synchronization
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

@testable import weir

/// A service that runs jobs, called by a task of the real program.
private final class JobService: Sendable {
    private struct State {
        var lines: [String] = []
        var isDone = false
        /// Polls are not answered.
        var hangs = false
    }

    private let state = Mutex(State())

    func count(_ line: String) -> Int { state.withLock { state in state.lines.count { $0 == line } } }
    func finish() { state.withLock { $0.isDone = true } }
    func hang(_ hangs: Bool) { state.withLock { $0.hangs = hangs } }

    func answer(_ request: ReceivedRequest) async throws -> Response {
        let (isDone, hangs) = state.withLock { state in
            state.lines.append("\(request.method) \(request.path)")
            return (state.isDone, state.hangs)
        }
        // Until the connection ends: the service is killed meanwhile.
        if hangs, request.method == "GET" {
            let (never, keeper) = AsyncStream<Void>.makeStream()
            for await _ in never {}
            withExtendedLifetime(keeper) {}
        }
        let body = request.path == "/submit" ? #"{"run_id":7}"# : #"{"state":"\#(isDone ? "SUCCESS" : "RUNNING")"}"#
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

@Suite("A job of a service that is killed", .timeLimit(.minutes(10)))
struct JobCrashTests {
    private static func workflow(_ port: Int) -> String {
        """
        id: cg-job
        name: Job
        type: test.job/run
        stages:
          - name: Only
            tasks:
              - id: job
                type: test.job
                http:
                  method: POST
                  url: http://127.0.0.1:\(port)/submit
                  poll:
                    url: "http://127.0.0.1:\(port)/runs/${response.body.run_id}"
                    every: 1s
                    done: {path: state, in: [SUCCESS]}
                    cancel: {url: "http://127.0.0.1:\(port)/runs/${response.body.run_id}/cancel"}
        """
    }

    @Test func isSubmittedOnceWhateverIsKilled() async throws {
        let service = JobService()
        try await LoopbackServer.open {
            try await service.answer($0)
        } test: { port in
            let directory = try TemporaryDirectory()
            let file = try directory.write(Self.workflow(port), to: "job.yaml")
            var server = try await ServerProcess.start(directory.path + "/data")
            let key = try await server.makeKey()
            let applied = try await Program.run(["apply", file], environment: server.environment(key))
            try #require(applied.status == 0, "\(applied.messages)")
            let id = try await server.client(key).start(.init(configuration: "cg-job")).run.id
            try await Patience.wait(until: "the first poll") { service.count("GET /runs/7") > 0 }

            // Between two polls.
            #expect(try await server.end(with: SIGKILL) == -SIGKILL)
            var polls = service.count("GET /runs/7")
            server = try await ServerProcess.start(directory.path + "/data")
            try await Patience.wait(until: "a poll after the restart") { service.count("GET /runs/7") > polls }

            // During a poll.
            service.hang(true)
            polls = service.count("GET /runs/7")
            try await Patience.wait(until: "a poll that hangs") { service.count("GET /runs/7") > polls }
            #expect(try await server.end(with: SIGKILL) == -SIGKILL)
            service.hang(false)
            service.finish()
            server = try await ServerProcess.start(directory.path + "/data")
            let details = try await RunWatch(client: server.client(key)).end(of: id) { _ in }
            #expect(details.run.state == .succeeded)
            #expect(try await server.client(key).attempts(of: id).map(\.number) == [1])
            #expect(service.count("POST /submit") == 1)
            #expect(service.count("POST /runs/7/cancel") == 0)
            #expect(try await server.end(with: SIGTERM) == 0)
        }
    }

    @Test func isCanceledByAStopAndSurvivesAShutdown() async throws {
        let service = JobService()
        try await LoopbackServer.open {
            try await service.answer($0)
        } test: { port in
            let directory = try TemporaryDirectory()
            let file = try directory.write(Self.workflow(port), to: "job.yaml")
            var server = try await ServerProcess.start(directory.path + "/data")
            let key = try await server.makeKey()
            let applied = try await Program.run(["apply", file], environment: server.environment(key))
            try #require(applied.status == 0, "\(applied.messages)")
            let id = try await server.client(key).start(.init(configuration: "cg-job")).run.id
            try await Patience.wait(until: "the first poll") { service.count("GET /runs/7") > 0 }
            #expect(try await server.end(with: SIGTERM) == 0)
            server = try await ServerProcess.start(directory.path + "/data")
            let client = server.client(key)
            let polls = service.count("GET /runs/7")
            try await Patience.wait(until: "a poll after the restart") { service.count("GET /runs/7") > polls }
            let why = try await Program.run(["why", id.rawValue], environment: server.environment(key))
            #expect(
                why.output.contains("waits for its job; polled ") || why.output.contains("job runs.")
                    || why.output.contains("waits for a worker"), "\(why.output)")
            _ = try await client.stop(id)
            let details = try await RunWatch(client: client).end(of: id) { _ in }
            #expect(details.run.state == .canceled)
            #expect(try await client.attempts(of: id).map(\.outcome) == [.canceled])
            #expect(service.count("POST /submit") == 1)
            #expect(service.count("POST /runs/7/cancel") == 1)
            #expect(try await server.end(with: SIGTERM) == 0)
        }
    }
}
