import PostgresTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite struct PartitionTests {
    @Test(arguments: [
        ("2024-02-29T23:59:59.999Z", "2024_02", "2024-02-01", "2024-03-01"), ("2024-03-01", "2024_03", "2024-03-01", "2024-04-01"),
        ("2023-12-31", "2023_12", "2023-12-01", "2024-01-01"), ("1969-07-20", "before_2000", "0000-01-01", "2000-01-01"),
        ("2099-12-31", "2099_12", "2099-12-01", "2100-01-01"),
    ])
    func everyInstantHasItsMonth(_ instant: String, _ suffix: String, _ begin: String, _ end: String) throws {
        let time = try #require(Timestamp(iso8601: instant))
        let month = PartitionMonth(of: time)
        #expect(month.suffix == suffix)
        #expect(month.begin == Timestamp(iso8601: begin))
        #expect(month.end == Timestamp(iso8601: end))
        #expect(month.begin <= time && time < month.end)
    }

    @Test func theEndsOfTimeHavePartitions() {
        #expect(PartitionMonth(of: .earliest).begin == .earliest)
        #expect(PartitionMonth(of: .latest).suffix == "after_2099")
        #expect(PartitionMonth(of: .latest).end > .latest)
    }

    @Test(arguments: [
        ("wf-20240619-14574-6kyYdY", "2024_06"), ("wf-20231231-1", "2023_12"), ("wf-20240230-14574-6kyYdY", nil),
        ("wf-2024061a-14574-6kyYdY", nil), ("wf-20240619", nil), ("run-7", nil), ("wf-19690720-x", "before_2000"), ("", nil),
    ])
    func anIDOfOursSaysItsMonth(_ id: String, _ suffix: String?) {
        #expect(PartitionMonth(of: RunID(rawValue: id))?.suffix == suffix)
    }

    /// Ids that name no month or another month than the run's, and runs of months without partitions.
    @Test func importedRunsAreFoundWhateverTheirIDSays() async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            let times = ["2011-03-05", "1950-01-01", "2024-06-19T12:00", "9999-12-31T23:59:59.999"].compactMap {
                Timestamp(iso8601: $0)
            }
            let ids = ["old-1", "wf-20240619-14574-6kyYdY", "wf-20110305-00001-abcdef", "wf-99991231-00000-aaaaaa"]
            let runs = zip(ids, times).map { id, time in
                WorkflowRun(
                    id: RunID(rawValue: id), tenant: StoreBench.acme, name: "Old", type: "a.b", state: .succeeded, createdAt: time,
                    endedAt: time, principal: StoreBench.someone)
            }
            let imported = runs.map { ImportedRun(run: $0) }
            #expect(try await store.importRuns(imported, into: StoreBench.acme).added == 4)
            #expect(try await store.importRuns(imported, into: StoreBench.acme) == ImportOutcome(added: 0, alreadyThere: 4))
            for run in runs { #expect(try await bench.details(run.id).run == run) }
            #expect(try await store.runs(withIDs: runs.map(\.id), of: StoreBench.acme) == runs)
            #expect(try await bench.walk(by: 1) == runs.sorted { $0.createdAt > $1.createdAt })
            // The id is taken in every month.
            var again = runs[1]
            again.createdAt = try #require(Timestamp(iso8601: "2024-06-19"))
            #expect(try await store.importRuns([ImportedRun(run: again)], into: StoreBench.acme).alreadyThere == 1)
            var stray = runs[3]
            stray.createdAt = times[0]
            #expect(try await store.importRuns([ImportedRun(run: stray)], into: StoreBench.acme).alreadyThere == 1)
        }
    }

    @Test func aRunOfAMonthWithoutPartitionsMakesThem() async throws {
        try await TestDatabase.with { database in
            let stores = [try await database.openStore(), try await database.openStore()]
            let later = try #require(Timestamp(iso8601: "2031-05-05"))
            let benches = stores.map { StoreBench($0) }
            let plans = [try await benches[0].plan(at: later), try await benches[0].plan(at: later)]
            // Both nodes find the partition missing at the same time.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (store, plan) in zip(stores, plans) { group.addTask { _ = try await store.createRun(plan, once: nil) } }
                try await group.waitForAll()
            }
            #expect(try await benches[0].walk(by: 10).count == 2)
            for store in stores { try await store.close() }
        }
    }

    @Test func partitionsAreMadeAheadAsTimeGoesOn() async throws {
        try await TestDatabase.with { database in
            let clock = TestClock(now: StoreBench.start)
            let store = try await database.openStore(time: clock)
            let there = """
                SELECT count(*) FROM pg_inherits WHERE inhparent = 'runs'::regclass AND inhrelid = to_regclass('runs_2024_03')
                """
            #expect(try await database.sql(there) == "0")
            while try await database.sql(there) == "0" { clock.advance(by: .seconds(10 * 86_400)) }
            try await store.close()
        }
    }
}
