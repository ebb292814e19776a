import ProgramTestKit
import Testing
import WorkflowTestKit

extension ClusterTests {
    @Suite("Nodes that are killed")
    struct KilledNodes {
        private static let starts = 5_000
        /// Acknowledged starts from one kill to the next.
        private static let interval = 600

        @Test func fiveThousandRunsSucceedWhileNodeAfterNodeIsKilled() async throws {
            let database = try await DatabaseUnderTest()
            let nodes = try await NodesUnderTest(3, on: database.url)
            try await nodes.apply("cg-kill")
            let traffic = Traffic(nodes: nodes, configuration: "cg-kill", name: "kill")
            let progress = Watched(0)
            async let sent = traffic.start(Self.starts, progress: progress)
            let random = SeededRandom(seed: 3)
            var kills = 0
            var next = Self.interval
            while next < Self.starts {
                let mark = next
                await progress.until { $0 >= mark }
                // In turn, each at an arbitrary moment.
                try await nodes.kill(kills % 3)
                try await nodes.start(kills % 3)
                kills += 1
                next += random.number(in: Self.interval / 2...Self.interval * 3 / 2)
            }
            let tally = await sent
            #expect(kills >= 6)
            #expect(tally.lost.isEmpty, "\(tally.refusals)")
            #expect(tally.acknowledged.count == Self.starts)
            // One of three nodes is down at a time: the next node answers, or the one after it if the next is killed just then.
            #expect(tally.mostTries <= 3, "\(tally.refusals)")
            try await Observer(nodes: nodes).checkInvariants(tally)
            #expect(try await nodes.end() == [0, 0, 0])
        }
    }
}
