import Foundation
import PostgresClusterKit
import PostgresTestKit
import Synchronization
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

/// Reads from a standby of a cluster of its own, which is paused, stopped, frozen and promoted.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ReadReplicaTests {
    /// Rules of the contract, all of which read what they wrote, on a store that reads from a standby.
    @Test func writtenDataIsReadFromAReplicaToo() async throws {
        let cluster = try await PostgresCluster.another()
        defer { cluster.end() }
        let standby = try await cluster.addStandby()
        try await TestDatabase.made(in: cluster, named: "weir_template").openStore().close()
        // A sample, as each rule needs its own database on both servers.
        let rules = StoreContract.rules.enumerated().filter { $0.offset.isMultiple(of: 8) }
        var databases: [TestDatabase] = []
        for (number, _) in rules {
            databases.append(try await TestDatabase.made(in: cluster, named: "rule_\(number)", copyOf: "weir_template"))
        }
        var answered = 0
        for ((_, rule), database) in zip(rules, databases) {
            answered += try await Self.answers(of: standby, to: rule, in: database)
        }
        // Most of them, on any machine: a replica that falls behind is left out for a moment.
        #expect(answered > 20)
    }

    /// - Returns: how many reads of a rule the standby has answered.
    private static func answers(
        of standby: PostgresStandby, to rule: StoreContract.Rule, in database: TestDatabase
    ) async throws -> Int {
        let address = try DatabaseAddress(standby.url(database.name))
        let store = try await database.openStore(replicas: [address], time: SystemTime())
        try await store.waitForReplicas { $0.allSatisfy { $0.isUsed } }
        try await rule.check(store)
        try await store.close()
        return store.answered
    }

    @Test func aReplicaThatIsBehindIsLeftOutUntilItHasCaughtUp() async throws {
        try await withStandby { database, standby, store in
            let bench = StoreBench(store)
            // Another node, without signals to this one.
            let other = try await database.openStore()
            let elsewhere = StoreBench(other, seed: 8)
            let first = try await elsewhere.start()
            #expect(try await bench.walk(by: 10).map(\.id) == [first])

            try await standby.pauseReplay()
            for count in 2...4 {
                let writer = count.isMultiple(of: 2) ? bench : elsewhere
                let run = try await writer.start(at: StoreBench.after(Double(count)))
                #expect(try await bench.walk(by: 10).count == count)
                #expect(try await bench.details(run).run.id == run)
            }
            #expect(store.replicas?.replicas.contains { $0.isUsed } == false)

            try await standby.resumeReplay()
            try await store.waitForReplicas { $0.allSatisfy { $0.isUsed } }
            let before = store.answered
            #expect(try await bench.walk(by: 10).count == 4)
            #expect(store.answered > before)
            try await other.close()
        }
    }

    @Test func aReplicaThatDiesFailsNoReadAndIsUsedAgain() async throws {
        let log = RecordedLog()
        // Without these limits a standby that is slow or behind for a moment would be left out as well. Only its death counts
        // here.
        let limits = ReplicaLimits(longestWait: .seconds(120), patience: .seconds(120), longestSilence: .seconds(120))
        try await withStandby(log, limits: limits) { _, standby, store in
            let bench = StoreBench(store)
            try await bench.start()
            let isOver = Mutex(false)
            async let reads = { () async throws -> Int in
                var count = 0
                while !isOver.withLock({ $0 }) {
                    #expect(try await bench.walk(by: 10).count == 1)
                    count += 1
                }
                return count
            }()
            for _ in 0..<2 {
                try await standby.control("-m", "immediate", "stop")
                try await store.waitForReplicas { !$0.contains { $0.isUsed } }
                try await standby.control("start")
                try await store.waitForReplicas { $0.allSatisfy { $0.isUsed } }
            }
            isOver.withLock { $0 = true }
            let count = try await reads
            #expect(count > 0)
            let (out, back) = (log.count(of: "a read replica is left out"), log.count(of: "a read replica is used again"))
            #expect(out == 2 && back == 2, "\(log.texts)")
        }
    }

    @Test func aFrozenReplicaDelaysNoRead() async throws {
        try await withStandby { _, standby, store in
            let bench = StoreBench(store)
            try await bench.start()
            try standby.cluster.signal(SIGSTOP, node: standby.node)
            defer { try? standby.cluster.signal(SIGCONT, node: standby.node) }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await bench.walk(by: 10).count } }
                for try await count in group { #expect(count == 1) }
            }
            #expect(store.replicas?.replicas.contains { $0.isUsed } == false)
            try standby.cluster.signal(SIGCONT, node: standby.node)
            try await store.waitForReplicas { $0.allSatisfy { $0.isUsed } }
        }
    }

    /// A promoted standby continues on its own timeline.
    @Test func aReplicaThatWasPromotedIsLeftOut() async throws {
        let log = RecordedLog()
        try await withStandby(log) { database, standby, store in
            let bench = StoreBench(store)
            let run = try await bench.start()
            #expect(try await bench.walk(by: 10).map(\.id) == [run])
            try await standby.promote()
            #expect(try await bench.walk(by: 10).map(\.id) == [run])
            #expect(store.replicas?.replicas.contains { $0.isUsed } == false)
            // Other nodes may use it as their primary: their writes there must not be visible here.
            try await standby.cluster.sql("DELETE FROM weir.runs", in: database.name, port: standby.port)
            #expect(try await bench.walk(by: 10).map(\.id) == [run])
            #expect(log.texts.contains { $0.contains("no standby") || $0.contains("not in hot standby") }, "\(log.texts)")
        }
    }

    @Test func standbysOfOtherClustersAndPrimariesAreNotUsed() async throws {
        let other = try await PostgresCluster.another()
        defer { other.end() }
        try await TestDatabase.made(in: other).openStore().close()
        let stranger = try await other.addStandby()
        let log = RecordedLog()
        let cluster = try await PostgresCluster.another()
        defer { cluster.end() }
        let database = try await TestDatabase.made(in: cluster)
        let closed = try FreePort.find()
        let addresses = [stranger.url("weir"), database.url, cluster.url("weir", port: closed)]
        let store = try await database.openStore(
            replicas: try addresses.map { try DatabaseAddress($0) }, time: SystemTime(), logger: log.logger)
        let bench = StoreBench(store)
        try await bench.start()
        while log.count(of: "a read replica is left out") < 3 { #expect(try await bench.walk(by: 10).count == 1) }
        #expect(store.answered == 0)
        #expect(log.texts.contains { $0.contains("another cluster") }, "\(log.texts)")
        #expect(!log.texts.contains { $0.contains(PostgresCluster.password + "@") }, "\(log.texts)")
        try await store.close()
    }

    @Test func severalReplicasTakeTurns() async throws {
        try await withStandby(times: 3) { _, _, store in
            let bench = StoreBench(store)
            try await bench.start()
            let before = store.replicas?.replicas.map(\.answered) ?? []
            #expect(before.count == 3)
            for _ in 0..<30 { #expect(try await bench.walk(by: 10).count == 1) }
            let after = store.replicas?.replicas.map(\.answered) ?? []
            #expect(zip(before, after).allSatisfy { $0 < $1 }, "\(before) \(after)")
        }
    }

    /// - Parameter times: how often the standby is named.
    private func withStandby(
        _ log: RecordedLog = RecordedLog(), times: Int = 1, limits: ReplicaLimits = ReplicaLimits(),
        _ body: (TestDatabase, PostgresStandby, PostgresStore) async throws -> Void
    ) async throws {
        let cluster = try await PostgresCluster.another()
        defer { cluster.end() }
        let standby = try await cluster.addStandby()
        let database = try await TestDatabase.made(in: cluster)
        let address = try DatabaseAddress(standby.url(database.name))
        var settings = PostgresSettings.forTests
        settings.replicas = limits
        let store = try await database.openStore(
            replicas: Array(repeating: address, count: times), settings: settings, time: SystemTime(), logger: log.logger)
        try await store.waitForReplicas { $0.allSatisfy { $0.isUsed } }
        try await body(database, standby, store)
        try await store.close()
    }
}

extension PostgresStore {
    fileprivate var answered: Int { replicas?.replicas.map(\.answered).reduce(0, +) ?? 0 }

    /// Replicas are probed while the store serves requests.
    fileprivate func waitForReplicas(until isSo: ([ReadReplica]) -> Bool) async throws {
        while !isSo(replicas?.replicas ?? []) { try await ping() }
    }
}
