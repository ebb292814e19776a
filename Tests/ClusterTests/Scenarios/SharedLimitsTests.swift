import ProgramTestKit
import Testing
import WorkflowAPI
import WorkflowClient
import WorkflowModel

extension ClusterTests {
    /// Nodes share concurrency limits.
    @Suite("Concurrency limits on several nodes")
    struct SharedLimits {
        @Test func nodesTogetherRunNoMoreTasksThanALimitHasSlots() async throws {
            let database = try await DatabaseUnderTest()
            let nodes = try await NodesUnderTest(3, on: database.url)
            let set = try await Program.run(
                ["tenants", "set", nodes.tenant.name, "--database", database.url, "--tasks-at-once", "2"])
            #expect(set.status == 0, "\(set.messages)")
            try await nodes.apply("cg-limited", seconds: "0.1")
            var runs: [RunID] = []
            for number in 0..<18 {
                runs.append(try await nodes.client(number).start(StartRequest(configuration: "cg-limited")).run.id)
            }
            try await Observer(nodes: nodes).drained()
            // In the order of the lines: the end of a task is written before its slot is free.
            var atOnce = 0
            for entry in nodes.ledger.entries {
                atOnce += entry.word == "began" ? 1 : -1
                #expect((0...2).contains(atOnce))
            }
            #expect(nodes.ledger.runs == Set(runs.map(\.rawValue)))
            let checked = try await Program.run(["check", "--database", database.url])
            #expect(checked.status == 0, "\(checked.output)")
            #expect(try await nodes.end() == [0, 0, 0])
        }
    }
}
