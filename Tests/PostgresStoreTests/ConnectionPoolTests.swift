import Foundation
import PostgresClusterKit
import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

/// One at a time: some tests drive the clock of a store, and some occupy all threads.
@Suite(.serialized) struct ConnectionPoolTests {
    @Test func aRequestThatWaitsTooLongFailsAsUnavailable() async throws {
        try await withBlockedStore(connections: 2) { store, clock, release in
            let bench = StoreBench(store)
            let waiting = Task { try await store.ping() }
            while store.pool.waitingCount < 1 { await Task.yield() }
            // The whole patience, and the next check.
            while store.pool.waitingCount > 0 {
                clock.advance(by: .milliseconds(500))
                await Task.yield()
            }
            await bench.expect(.unavailable) { try await waiting.value }
            try await release()
            try await store.ping()
        }
    }

    @Test func theVerbsOfOneRequestShareItsPatience() async throws {
        try await withBlockedStore(connections: 1) { store, clock, release in
            let bench = StoreBench(store)
            let look = PostgresSettings().patience / 10
            func letLook(_ times: Int) async {
                for _ in 0..<times {
                    await clock.untilSleeping(for: look)
                    clock.advance(by: look)
                }
                await clock.untilSleeping(for: look)
            }
            await StoreWait.$ofThisRequest.withValue(StoreWait()) {
                let first = Task { try await store.ping() }
                while store.pool.waitingCount < 1 { await Task.yield() }
                await letLook(10)
                #expect(store.pool.waitingCount == 1)
                let second = Task { try await store.ping() }
                while store.pool.waitingCount < 2 { await Task.yield() }
                await letLook(1)
                #expect(store.pool.waitingCount == 0)
                await bench.expect(.unavailable) { try await first.value }
                await bench.expect(.unavailable) { try await second.value }
            }
            // Another request still has its whole patience.
            let other = Task { try await store.ping() }
            while store.pool.waitingCount < 1 { await Task.yield() }
            await letLook(10)
            #expect(store.pool.waitingCount == 1)
            try await release()
            try await other.value
        }
    }

    @Test func noMoreWaitThanTheQueueHolds() async throws {
        try await withBlockedStore(connections: 1) { store, _, release in
            let bench = StoreBench(store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<PostgresSettings.longestQueue { group.addTask { try await store.ping() } }
                while store.pool.waitingCount < PostgresSettings.longestQueue { await Task.yield() }
                await bench.expect(.unavailable) { try await store.ping() }
                try await release()
                try await group.waitForAll()
            }
        }
    }

    @Test func sessionsThatTheServerEndedAreReplacedWithoutAWord() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            let bench = StoreBench(store)
            for _ in 0..<5 {
                try await database.sql(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """)
                try await bench.start()
            }
            #expect(try await bench.walk(by: 10).count == 5)
            try await store.close()
        }
    }

    /// Freezes the server process of a session in the middle of a statement.
    @Test func aSessionThatSaysNothingIsGivenUp() async throws {
        try await TestDatabase.with { database in
            let settings = PostgresSettings(connections: 1, longestSilence: .milliseconds(300))
            let store = try await database.openStore(settings: settings)
            let process = try await store.pool.run { connection in
                try connection.row("SELECT pg_backend_pid()") { try $0.next(Int.self) }
            }
            let backend = Int32(try #require(process))
            #expect(kill(backend, SIGSTOP) == 0)
            defer { _ = kill(backend, SIGCONT) }
            try await StoreBench(store).start()
            try await store.close()
        }
    }

    @Test func aFrozenServerIsGivenUpAndUsedAgainAfterwards() async throws {
        let cluster = try await PostgresCluster.another()
        defer { cluster.end() }
        let database = try await TestDatabase.made(in: cluster)
        let clock = TestClock(now: StoreBench.start)
        let settings = PostgresSettings(connections: 2, longestSilence: .milliseconds(300))
        let store = try await database.openStore(settings: settings, time: clock)
        let bench = StoreBench(store)
        try await bench.start()
        try cluster.signal(SIGSTOP)
        let asked = (0..<6).map { _ in Task { try await store.ping() } }
        let ticking = Task {
            while !Task.isCancelled {
                clock.advance(by: .milliseconds(100))
                await Task.yield()
            }
        }
        for task in asked { await bench.expect(.unavailable) { try await task.value } }
        ticking.cancel()
        try cluster.signal(SIGCONT)
        try await bench.start()
        #expect(try await bench.walk(by: 10).count == 2)
        try await store.close()
    }

    @Test func aServerThatWasRestartedIsFoundAgain() async throws {
        let cluster = try await PostgresCluster.another()
        defer { cluster.end() }
        let database = try await TestDatabase.made(in: cluster)
        let store = try await database.openStore()
        let bench = StoreBench(store)
        var signals = store.signals().makeAsyncIterator()
        for count in 1...3 {
            try await cluster.control("-m", "immediate", "restart")
            try await bench.start()
            // After a gap in listening, every signal is assumed, in any order.
            var heard = await signals.next()
            while heard == .schedules || heard == .triggers { heard = await signals.next() }
            #expect(heard == .work)
            #expect(try await bench.walk(by: 10).count == count)
        }
        try await store.close()
    }

    @Test func runningRequestsAreAnsweredWhenTheStoreCloses() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            let bench = StoreBench(store)
            let plan = try await bench.plan()
            let starting = Task { try await store.createRun(plan, once: nil) }
            while store.pool.waitingCount == 0, try await bench.walk(by: 1).isEmpty { await Task.yield() }
            try await store.close()
            #expect(try await starting.value.details.run.id == plan.id)
        }
    }

    /// Passes a store whose sessions all wait for a lock that another session holds, and a way to release it.
    private func withBlockedStore(
        connections: Int, _ body: (PostgresStore, TestClock, _ release: () async throws -> Void) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            let clock = TestClock(now: StoreBench.start)
            // Longer than any test: the test ends the wait.
            var settings = PostgresSettings(connections: connections, foldInterval: nil)
            settings.statementTimeout = .seconds(600)
            settings.longestSilence = .seconds(600)
            let store = try await database.openStore(settings: settings, time: clock)
            // With its own clock: the store's sleeping tasks must not be mistaken for the holder's.
            let holder = try await database.openStore(settings: settings)
            try await holder.pool.run { _ = try $0.execute("SELECT pg_advisory_lock($1)", [7]) }
            let blocked = (0..<connections).map { _ in
                Task { try await store.pool.run { _ = try $0.execute("SELECT pg_advisory_lock_shared($1)", [7]) } }
            }
            // Other tests take locks in their databases meanwhile.
            let locks = """
                FROM pg_locks JOIN pg_database ON pg_database.oid = database
                WHERE datname = current_database() AND locktype = 'advisory' AND objid = 7
                """
            while try await database.sql("SELECT count(*) \(locks) AND NOT granted") != "\(connections)" {}
            try await body(store, clock) {
                // Whichever session holds it.
                try await database.sql("SELECT pg_terminate_backend(pid) \(locks) AND granted")
                for task in blocked { try await task.value }
            }
            try await store.close()
            try await holder.close()
        }
    }
}
