import PostgresClusterKit
import PostgresTestKit
import ProgramTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

extension ClusterTests {
    @Suite("A standby that is promoted")
    struct PromotedStandbys {
        /// With synchronous replication, acknowledged runs are on both servers, so the primary may be lost.
        @Test func nothingAcknowledgedIsLostWithThePrimary() async throws {
            let database = try await DatabaseUnderTest()
            let cluster = database.cluster
            let standby = try await cluster.addStandby(isAwaited: true)
            let both = "127.0.0.1:\(cluster.port),127.0.0.1:\(standby.port)"
            // It also serves reads, until it is promoted.
            let nodes = try await NodesUnderTest(
                3, on: "postgres://\(PostgresCluster.user):\(PostgresCluster.password)@\(both)/\(database.name)",
                options: ["--read-replica", standby.url(database.name)])
            try await nodes.apply("cg-promoted")
            let progress = Watched(0)
            let traffic = Traffic(nodes: nodes, configuration: "cg-promoted", name: "promoted")
            async let sent = traffic.start(400, progress: progress)
            await progress.until { $0 >= 150 }
            // As in a power cut, and it does not return.
            try await cluster.control("-m", "immediate", "stop")
            try await standby.promote()
            let tally = await sent
            #expect(tally.acknowledged.count == 400, "\(tally.refusals)")
            #expect(tally.unexpected.isEmpty, "\(tally.unexpected)")
            #expect(tally.success > 0.5, "\(tally.refusals)")
            try await Observer(nodes: nodes).checkInvariants(tally)
            let log = nodes.log
            #expect(log.contains("a read replica is left out"))
            #expect(try await nodes.end() == [0, 0, 0])
        }
    }
}
