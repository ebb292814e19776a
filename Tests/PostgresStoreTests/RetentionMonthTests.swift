import PostgresTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite struct RetentionMonthTests {
    private static let cutoff = StoreBench.after(40 * 86_400)
    private static let months = """
        SELECT string_agg(right(relname, 7), ' ' ORDER BY relname) FROM pg_class
        WHERE relname ~ '^runs_[0-9_]+$' AND relkind = 'r'
        """

    /// A run in each of these months before the bench's own. All have ended, except where a test says otherwise.
    private func fill(_ store: PostgresStore, endless: Int? = nil) async throws {
        let bench = StoreBench(store)
        for month in 1...3 {
            let time = StoreBench.after(Double(-month * 31 * 86_400))
            let key = IdempotencyKey(owner: "wk_1", text: "\(month)", fingerprint: [1])
            let plan = try await bench.plan(at: time)
            _ = try await store.createRun(plan, once: key)
            if month == endless { continue }
            let lease = try await bench.claimOne(at: time)
            try await store.appendOutput(OutputChunk(offset: 0, bytes: [65]), under: lease, keepingLast: 10)
            try await bench.succeed(lease, at: time)
        }
        var stray = RunHistory(1, random: bench.random).runs[0]
        stray.createdAt = StoreBench.after(-62 * 86_400)
        (stray.state, stray.endedAt, stray.error) = (.succeeded, stray.createdAt, nil)
        _ = try await store.importRuns([ImportedRun(run: stray)], into: stray.tenant)
    }

    @Test func monthsThatExpireAsAWholeAreDropped() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            try await fill(store)
            #expect(try await database.sql(Self.months) == "2023_08 2023_09 2023_10 2023_11 2023_12 2024_01")
            var steps: [RetentionStep] = []
            #expect(try await StoreBench(store).retain(createdBefore: Self.cutoff) { steps.append($0) } == 4)
            // The partition before them, and the month that has just ended: it has no runs, and is dropped as well.
            #expect(steps.map(\.droppedMonths).reduce(0, +) == 4)
            #expect(try await database.sql(Self.months) == "2023_12 2024_01")
            for table in ["runs", "tasks", "attempts", "output_chunks", "stray_runs", "start_keys"] {
                #expect(try await database.sql("SELECT count(*) FROM \(table)") == "0", "\(table)")
            }
            try await StoreBench(store, seed: 8).start()
            #expect(try await StoreBench(store).walk(by: 10).count == 1)
            try await store.close()
        }
    }

    @Test func aMonthWithARunThatHasNotEndedStaysWithThatRun() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            try await fill(store, endless: 2)
            #expect(try await StoreBench(store).retain(createdBefore: Self.cutoff) == 3)
            #expect(try await database.sql(Self.months) == "2023_09 2023_12 2024_01")
            let left = try await StoreBench(store).walk(by: 10)
            #expect(left.map(\.state) == [.scheduled])
            try await store.close()
        }
    }

    /// A transaction that stays open reads all months. No other request has to wait for it.
    @Test func aBlockedDropIsGivenUpSoon() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            try await fill(store)
            // The transaction has to outlast the test.
            var settings = PostgresSettings(connections: 1)
            settings.statementTimeout = .seconds(600)
            settings.longestSilence = .seconds(600)
            let holder = try await database.openStore(settings: settings)
            let holds = {
                try await holder.pool.run { connection in
                    try connection.begin()
                    _ = try connection.execute("SELECT count(*) FROM runs", [])
                }
            }
            try await holds()
            let first = try await store.deleteEndedRunsOfAllTenants(createdBefore: Self.cutoff, from: nil, addingToStatistics: true)
            #expect(first.deletedRuns == 0 && first.droppedMonths == 0)
            let place = try #require(first.next)
            #expect(try await StoreBench(store).walk(by: 10).count == 4)
            try await holder.pool.run { $0.rollBack() }
            let second = try await store.deleteEndedRunsOfAllTenants(
                createdBefore: Self.cutoff, from: place, addingToStatistics: true)
            #expect(second.deletedRuns == 1 && second.droppedMonths == 1)

            // The lock stays: the runs are deleted one by one.
            try await holds()
            var dropped = 0
            #expect(try await StoreBench(store).retain(createdBefore: Self.cutoff) { dropped += $0.droppedMonths } == 3)
            #expect(dropped == 0)
            #expect(try await StoreBench(store).walk(by: 10).isEmpty)
            try await holder.pool.run { $0.rollBack() }
            try await holder.close()
            try await store.close()
        }
    }

    @Test(arguments: ["month", "month/1", "month/x/1", "month/1/2/3"])
    func placesOfOthersAreRefused(_ text: String) async throws {
        try await TestDatabase.withStore { store in
            await StoreBench(store).expect(.unavailable) {
                _ = try await store.deleteEndedRunsOfAllTenants(
                    createdBefore: Self.cutoff, from: RetentionPlace(text: text), addingToStatistics: true)
            }
        }
    }

    @Test(arguments: [
        ("before_2000", true), ("after_2099", true), ("2023_11", true), ("2023_13", false), ("old", false), ("", false),
    ])
    func monthsAreKnownByWhatTheirTablesAreCalled(_ suffix: String, _ isKnown: Bool) {
        #expect(PartitionMonth(suffix: suffix)?.suffix == (isKnown ? suffix : nil))
    }
}
