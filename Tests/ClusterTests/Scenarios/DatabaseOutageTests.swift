import PostgresClusterKit
import PostgresTestKit
import ProgramTestKit
import Testing
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

extension ClusterTests {
    @Suite("A database that stops and restarts")
    struct DatabaseOutages {
        /// How long the server runs before it is stopped and restarted.
        private static let periods = 5...8
        private static let outages = 4
        private static let terminations = 12

        @Test func runsSucceedWhileTheServerStopsAndRestarts() async throws {
            let database = try await DatabaseUnderTest()
            let nodes = try await NodesUnderTest(3, on: database.url)
            try await nodes.apply("cg-outage", seconds: "0.05")
            let random = SeededRandom(seed: 5)
            let time = SystemTime()
            // Starts continue until the server was stopped often enough.
            let traffic = Traffic(nodes: nodes, configuration: "cg-outage", name: "outage", clients: 2, pause: .milliseconds(30))
            let isOver = Watched(false)
            async let sent = traffic.start { _ in !isOver.value }
            for outage in 1...Self.outages {
                try await time.sleep(for: .seconds(random.number(in: Self.periods)))
                // Alternately: a fast shutdown that terminates sessions, and an immediate one that needs recovery, as after a power cut.
                try await database.cluster.control("stop", "-m", outage.isMultiple(of: 2) ? "immediate" : "fast")
                try await database.cluster.control("start")
            }
            try await Patience.wait(until: "all nodes are ready again") {
                for node in nodes.numbers { _ = try await nodes.client(node).runs(limit: 1) }
                return true
            }
            isOver.change { $0 = true }
            let tally = await sent
            #expect(tally.acknowledged.count >= Self.outages * 20, "\(tally.refusals)")
            #expect(tally.lost.isEmpty, "\(tally.refusals)")
            #expect(tally.unexpected.isEmpty, "\(tally.unexpected)")
            #expect(tally.success > 0.7, "\(tally.refusals)")
            try await Observer(nodes: nodes).checkInvariants(tally)
            #expect(try await nodes.end() == [0, 0, 0])
        }

        @Test func runsSucceedWhileAllSessionsAreTerminatedRepeatedly() async throws {
            let database = try await DatabaseUnderTest()
            let nodes = try await NodesUnderTest(2, on: database.url)
            try await nodes.apply("cg-ended")
            let traffic = Traffic(nodes: nodes, configuration: "cg-ended", name: "ended")
            let progress = Watched(0)
            let count = 40 * (Self.terminations + 1)
            async let sent = traffic.start(count, progress: progress)
            var ended = 0
            for termination in 1...Self.terminations {
                await progress.until { $0 >= termination * 40 }
                ended += try await database.terminateSessions()
            }
            let tally = await sent
            #expect(ended >= Self.terminations * 2)
            // The nodes' own retries suffice: almost no client gets an error.
            #expect(tally.success > 0.95, "\(tally.refusals)")
            try await Observer(nodes: nodes).checkInvariants(tally)
            #expect(try await nodes.end() == [0, 0])
        }
    }
}
