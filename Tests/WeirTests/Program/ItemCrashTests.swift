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

/// A service that runs a job for each item.
private final class ItemJobs: Sendable {
    private let state = Mutex<(lines: [String], isDone: Bool)>(([], false))

    func count(_ line: String) -> Int { state.withLock { state in state.lines.count { $0 == line } } }
    func finish() { state.withLock { $0.isDone = true } }

    func answer(_ request: ReceivedRequest) -> Response {
        let isDone = state.withLock { state in
            state.lines.append("\(request.method) \(request.path)")
            return state.isDone
        }
        let id = request.path.split(separator: "/").last ?? ""
        let body = request.method == "POST" ? #"{"run_id":"\#(id)"}"# : #"{"state":"\#(isDone ? "SUCCESS" : "RUNNING")"}"#
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

/// Items that wait for jobs and for other workflows, with the real program.
@Suite("Items of a service that is killed", .timeLimit(.minutes(10)))
struct ItemCrashTests {
    private static let items = ["a", "b", "c"]

    private static func parent(_ port: Int) -> String {
        """
        id: cg-items
        name: Items
        type: test.items/run
        stages:
          - name: Only
            tasks:
              - id: jobs
                type: test.job
                for_each: [a, b, c]
                http:
                  method: POST
                  url: "http://127.0.0.1:\(port)/submit/${item}"
                  poll:
                    url: "http://127.0.0.1:\(port)/runs/${response.body.run_id}"
                    every: 1s
                    done: {path: state, in: [SUCCESS]}
                    cancel: {method: POST, url: "http://127.0.0.1:\(port)/cancel/${response.body.run_id}"}
              - id: calls
                type: workflow.run
                for_each: [eu, us]
                workflow: {config: cg-child, parameters: {region: "${item}"}}
        """
    }

    /// Waits for a file, and goes on after a restart.
    private static let child = """
        id: cg-child
        name: Child
        type: test.child/run
        parameters: {region: {type: string}}
        stages:
          - name: Only
            tasks:
              - id: wait
                type: test.wait
                retry: {attempts: 5, first_delay: 100ms}
                command: [sh, -c, 'until [ -e gate ]; do sleep 0.05; done; echo "$1"', wait, "${parameters.region}"]
        """

    private static func children(_ client: WorkflowClient) async throws -> [WorkflowRun] {
        var filter = RunFilter()
        filter.configurations = TextChoice(included: ["cg-child"])
        return try await client.runs(filter).runs
    }

    private func apply(_ port: Int, in directory: TemporaryDirectory, to server: ServerProcess, _ key: [String: String])
        async throws
    {
        let files = [
            try directory.write(Self.child, to: "child.yaml"), try directory.write(Self.parent(port), to: "items.yaml"),
        ]
        let applied = try await Program.run(["apply"] + files, environment: server.environment(key))
        try #require(applied.status == 0, "\(applied.messages)")
    }

    private func untilUnderWay(_ jobs: ItemJobs, _ client: WorkflowClient) async throws {
        try await Patience.wait(until: "every item is under way") {
            let states = try await Self.children(client).map(\.state)
            return Self.items.allSatisfy { jobs.count("GET /runs/\($0)") > 0 } && states == [.inProgress, .inProgress]
        }
    }

    @Test func areSubmittedAndCalledOnceEachWhenTheServiceIsKilled() async throws {
        let jobs = ItemJobs()
        try await LoopbackServer.open {
            jobs.answer($0)
        } test: { port in
            let directory = try TemporaryDirectory()
            var server = try await ServerProcess.start(directory.path + "/data")
            let key = try await server.makeKey()
            try await apply(port, in: directory, to: server, key)
            let id = try await server.client(key).start(.init(configuration: "cg-items")).run.id
            try await untilUnderWay(jobs, server.client(key))
            #expect(try await server.end(with: SIGKILL) == -SIGKILL)
            let polls = jobs.count("GET /runs/b")
            server = try await ServerProcess.start(directory.path + "/data")
            let client = server.client(key)
            try await Patience.wait(until: "a poll after the restart") { jobs.count("GET /runs/b") > polls }
            jobs.finish()
            _ = try directory.write("", to: "gate")
            let details = try await RunWatch(client: client).end(of: id) { _ in }
            #expect(details.run.state == .succeeded, "\(details.run.error?.message ?? "")")
            #expect(details.tasks.map { $0.fan?.counts?.succeeded } == [3, 2])
            for item in Self.items {
                #expect(jobs.count("POST /submit/\(item)") == 1)
                #expect(jobs.count("POST /cancel/\(item)") == 0)
            }
            #expect(try await Self.children(client).map(\.state) == [.succeeded, .succeeded])
            #expect(try await server.end(with: SIGTERM) == 0)
        }
    }

    @Test func areCanceledAndStoppedEachByAStop() async throws {
        let jobs = ItemJobs()
        try await LoopbackServer.open {
            jobs.answer($0)
        } test: { port in
            let directory = try TemporaryDirectory()
            let server = try await ServerProcess.start(directory.path + "/data")
            let key = try await server.makeKey()
            let client = server.client(key)
            try await apply(port, in: directory, to: server, key)
            let id = try await client.start(.init(configuration: "cg-items")).run.id
            try await untilUnderWay(jobs, client)
            _ = try await client.stop(id)
            let details = try await RunWatch(client: client).end(of: id) { _ in }
            #expect(details.run.state == .canceled && details.tasks.map { $0.fan?.counts?.canceled } == [3, 2])
            for item in Self.items { #expect(jobs.count("POST /cancel/\(item)") == 1) }
            try await Patience.wait(until: "the called runs have ended") {
                try await Self.children(client).map(\.state) == [.canceled, .canceled]
            }
            #expect(try await server.end(with: SIGTERM) == 0)
        }
    }
}
