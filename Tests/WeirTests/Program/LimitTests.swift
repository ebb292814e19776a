import Foundation
import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel
import WorkflowOperations

@testable import weir

/// Concurrency limits, with a real service and real tasks.
@Suite("Concurrency limits of a service", .timeLimit(.minutes(10)))
struct LimitTests {
    private static let workflow = """
        id: cg-limit
        name: Limit
        type: test.limit/run
        stages:
          - name: Only
            tasks:
              - id: only
                type: test.ledger
                command: [sh, hold.sh]
                uses: {warehouse: 1}
                retry: {attempts: 20, first_delay: 10ms, max_delay: 100ms}

        """

    @Test func aKilledServiceFreesItsSlots() async throws {
        let directory = try TemporaryDirectory()
        let data = directory.path + "/data"
        let file = try directory.write(Self.workflow, to: "limit.yaml")
        try directory.write("while test ! -e go; do sleep 0.05; done\n", to: "hold.sh")
        let options = ["--rate-limit", "0", "--workers", "4"]
        var server = try await ServerProcess.start(data, options)
        let key = try await server.makeKey()
        let refused = try await Program.run(["apply", file], environment: server.environment(key))
        #expect(refused.status != 0 && refused.messages.contains("not a resource of the tenant acme"), "\(refused.messages)")
        let set = try await Program.run(["tenants", "set", "acme", "--data", data, "--resource", "warehouse=1"])
        #expect(set.status == 0, "\(set.messages)")
        let applied = try await Program.run(["apply", file], environment: server.environment(key))
        #expect(applied.status == 0, "\(applied.messages)")

        var ids: [RunID] = []
        for _ in 0..<3 { ids.append(try await server.client(key).start(StartRequest(configuration: "cg-limit")).run.id) }
        try await Self.waitForOneOfThem(ids, server.client(key))
        #expect(try await server.end(with: SIGKILL) == -SIGKILL)
        server = try await ServerProcess.start(data, options)
        // The slot is free again, and is taken once.
        try await Self.waitForOneOfThem(ids, server.client(key))
        let checked = try await Program.run(["check", "--data", data])
        #expect(checked.status == 0, "\(checked.output)")

        try directory.write("", to: "go")
        for id in ids {
            let details = try await RunWatch(client: server.client(key)).end(of: id) { _ in }
            #expect(details.run.state == .succeeded)
        }
        let why = try await Program.run(["why", ids[0].rawValue], environment: server.environment(key))
        #expect(why.output.contains("The run has ended"), "\(why.output) \(why.messages)")
        #expect(try await server.end(with: SIGTERM) == 0)
    }

    /// Waits until one run works and the others wait for its slot.
    private static func waitForOneOfThem(_ ids: [RunID], _ client: WorkflowClient) async throws {
        try await Patience.wait(until: "one of the runs has the warehouse, and the others wait for it") {
            var messages: [String] = []
            for id in ids { messages += try await client.waitReasons(of: id).tasks.map(\.message) }
            return messages.count == 3 && messages.count { $0.hasSuffix(" runs.") } == 1
                && messages.count { $0.contains("waits for warehouse (1 of 1 held by only of wf-") } == 2
        }
    }
}
