import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite("Counts of runs are kept without blocking writes") struct RunCountTests {
    /// Compares the totals of many filters, and runs the store's own check of its counts.
    private func expectTotals(_ history: RunHistory, _ store: PostgresStore, _ random: SeededRandom) async throws {
        for filter in history.filters(random) {
            let total = try await StoreBench(store).total(filter, of: history.tenant)
            #expect(total == history.list(filter).count, "\(filter)")
        }
        #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func totalsAreExactBeforeAFoldBetweenFoldsAndAfter(seed: UInt64) async throws {
        try await TestDatabase.withStore { store in
            let random = SeededRandom(seed: seed)
            var history = RunHistory(0, over: .weeks, random: random)
            for _ in 0..<3 {
                let more = RunHistory(200, of: history.tenant, over: .weeks, random: random)
                history.runs += more.runs
                _ = try await store.importRuns(more.imported, into: history.tenant)
                try await expectTotals(history, store, random)
                if random.chance(0.7) { try await store.pool.foldRunCounts() }
                try await expectTotals(history, store, random)
            }
            let cutoff = StoreBench.after(Double(random.number(in: 5...25) * 86_400))
            let deleted = try await StoreBench(store).retain(createdBefore: cutoff)
            let all = history.runs.count
            history.runs.removeAll { $0.endedAt != nil && $0.createdAt < cutoff }
            #expect(deleted == all - history.runs.count)
            try await expectTotals(history, store, random)
            try await store.pool.foldRunCounts()
            try await expectTotals(history, store, random)
        }
    }

    @Test func aMonthThatIsDroppedTakesItsCountsWithIt() async throws {
        try await TestDatabase.withStore { store in
            let random = SeededRandom(seed: 4)
            var history = RunHistory(400, over: .weeks, random: random)
            for index in history.runs.indices {
                let run = history.runs[index]
                (history.runs[index].state, history.runs[index].error) = (.succeeded, nil)
                history.runs[index].endedAt = run.endedAt ?? run.createdAt + .seconds(86_400 * 8)
            }
            _ = try await store.importRuns(Array(history.imported[..<300]), into: history.tenant)
            try await store.pool.foldRunCounts()
            _ = try await store.importRuns(Array(history.imported[300...]), into: history.tenant)
            // 2023-12-01
            let cutoff = Timestamp(milliseconds: 1_701_388_800_000)
            var droppedMonths = 0
            let deleted = try await StoreBench(store).retain(createdBefore: cutoff) { droppedMonths += $0.droppedMonths }
            history.runs.removeAll { $0.createdAt < cutoff }
            #expect(deleted == 400 - history.runs.count && droppedMonths > 0 && !history.runs.isEmpty)
            try await expectTotals(history, store, random)
        }
    }

    @Test func aRunIsCountedInTheStateThatItHas() async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            func total(_ state: RunState) async throws -> Int { try await bench.total(RunFilter(state: state.state)) }
            for isFolding in [false, true] {
                try await bench.start()
                if isFolding { try await store.pool.foldRunCounts() }
                #expect(try await total(.scheduled) == 1)
                let lease = try await bench.claimOne()
                #expect(try await total(.scheduled) == 0)
                if isFolding { try await store.pool.foldRunCounts() }
                try await bench.succeed(lease)
                #expect(try await total(.succeeded) == (isFolding ? 2 : 1))
                if isFolding { try await store.pool.foldRunCounts() }
                #expect(try await total(.succeeded) == (isFolding ? 2 : 1))
                #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            }
        }
    }

    @Test func aStoreFoldsByItself() async throws {
        try await TestDatabase.with { database in
            let clock = TestClock(now: StoreBench.start)
            let store = try await database.openStore(settings: PostgresSettings(connections: 4), time: clock)
            try await StoreBench(store).start()
            let interval = try #require(PostgresSettings().foldInterval)
            for _ in 0..<2 {
                await clock.untilSleeping(for: interval)
                clock.advance(by: interval)
            }
            // The keeper sleeps again after it has folded.
            await clock.untilSleeping(for: interval)
            #expect(try await database.sql("SELECT count(*) FROM run_changes") == "0")
            #expect(try await StoreBench(store).total(RunFilter()) == 1)
            try await store.close()
        }
    }

    @Test func changesOfSimilarRunsDoNotWaitForEachOther() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            let bench = StoreBench(store)
            for _ in 0..<2 { try await bench.start() }
            try await store.pool.foldRunCounts()
            let change = """
                UPDATE runs SET state = 5, ended_at = created_at WHERE id = (
                    SELECT id FROM runs WHERE state = 0 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
                """
            try await database.session { first in
                let second = try Session(address: try database.address(), settings: PostgresSettings()).open()
                for connection in [first, second] {
                    try connection.begin("BEGIN")
                    try connection.control("SET LOCAL lock_timeout = 1")
                    #expect(try connection.change(change) == 1)
                }
                // A concurrent fold waits for neither.
                let third = try Session(address: try database.address(), settings: PostgresSettings()).open()
                try third.control("SET lock_timeout = 1")
                _ = try third.row(RunCountSQL.fold, 100) { try $0.next(Int.self) }
                for connection in [first, second] { try connection.control("COMMIT") }
            }
            #expect(try await bench.total(RunFilter(state: .canceled)) == 2)
            try await store.pool.foldRunCounts()
            #expect(try await bench.total(RunFilter(state: .canceled)) == 2)
            #expect(try await bench.total(RunFilter(state: .scheduled)) == 0)
            try await store.close()
        }
    }

    @Test(arguments: [
        "UPDATE run_days SET runs = runs + 1 WHERE type = 0 AND state = -1 AND timeline = 1",
        "UPDATE run_hours SET runs = runs - 1 WHERE type <> 0 AND state <> -1", "DELETE FROM run_hours WHERE type = 0",
        "UPDATE run_day_pairs SET created = created + 1000 WHERE type = 0 AND state = -1", "DELETE FROM run_changes",
        "ALTER TABLE runs DISABLE TRIGGER USER; DELETE FROM runs; ALTER TABLE runs ENABLE TRIGGER USER",
    ])
    func aCheckFindsWrongCountsAndARepairMakesThemRight(_ damage: String) async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            var history = RunHistory(100, over: .weeks, random: SeededRandom(seed: 6))
            _ = try await store.importRuns(Array(history.imported[..<50]), into: history.tenant)
            try await store.pool.foldRunCounts()
            _ = try await store.importRuns(Array(history.imported[50...]), into: history.tenant)
            try await database.sql(damage)
            if damage.contains("DELETE FROM runs;") { history.runs = [] }
            let found = try await store.checkOfAllTenants(repairing: false, at: StoreBench.start)
            #expect(found.map(\.subject) == [.counts] && found.map(\.remedy) == [.repairable])
            let repaired = try await store.checkOfAllTenants(repairing: true, at: StoreBench.start)
            #expect(repaired.map(\.remedy) == [.repaired])
            try await expectTotals(history, store, SeededRandom(seed: 7))
            try await store.close()
        }
    }

    @Test func aListFindsWhatIsInACellOfWhichHalfIsFolded() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            var run = RunHistory(1, random: SeededRandom(seed: 9)).runs[0]
            (run.state, run.error, run.endedAt) = (.succeeded, nil, run.createdAt + .seconds(1))
            _ = try await store.importRuns([ImportedRun(run: run)], into: run.tenant)
            try await store.pool.foldRunCounts()
            // Another run of the same cell was added and deleted: the deletion is folded, the addition is not.
            try await database.sql(
                """
                UPDATE run_hours SET runs = 0; UPDATE run_day_pairs SET runs = 0; UPDATE run_days SET runs = 0;
                INSERT INTO run_changes SELECT tenant, type, state, created_at, ended_at + 60000, 1 FROM runs
                """)
            let end = try #require(run.endedAt)
            // By hours, and by days.
            for window in [TimeWindow(from: end, to: end + .seconds(1)), TimeWindow(to: end + .seconds(1))] {
                let filter = RunFilter(created: TimeWindow(from: .earliest), ended: window)
                let page = try await store.runs(matching: RunQuery(tenant: run.tenant, filter: filter, limit: 12))
                #expect(page.runs == [run])
            }
            try await store.close()
        }
    }

    @Test func aWindowOnEndsNarrowsAListToTheTimeInWhichItsRunsWereCreated() async throws {
        try await TestDatabase.withStore { store in
            var history = RunHistory(40, random: SeededRandom(seed: 10))
            for index in history.runs.indices {
                history.runs[index].createdAt = StoreBench.after(Double(index) * 86_400)
                (history.runs[index].state, history.runs[index].error) = (.succeeded, nil)
                history.runs[index].endedAt = StoreBench.after(Double(index) * 86_400 + 3_600)
            }
            _ = try await store.importRuns(Array(history.imported[..<20]), into: history.tenant)
            try await store.pool.foldRunCounts()
            _ = try await store.importRuns(Array(history.imported[20...]), into: history.tenant)
            let (runs, tenant) = (history.runs, history.tenant)
            for (window, direction, first, last) in [
                (TimeWindow(from: runs[30].endedAt, to: runs[35].endedAt), RunSort.Direction.descending, 30, 35),
                (TimeWindow(to: runs[5].endedAt), .descending, 0, 5), (TimeWindow(from: runs[30].endedAt), .ascending, 30, 39),
                (TimeWindow(from: runs[2].endedAt, to: runs[35].endedAt), .ascending, 2, 35),
            ] {
                let filter = RunFilter(created: TimeWindow(from: .earliest), ended: window)
                let narrowed = try await store.read { database in
                    let number = try #require(try database.number(of: tenant))
                    return try database.narrowed(filter, RunSelection(tenant: number), direction)
                }
                let created = try #require(narrowed?.created)
                #expect(created.contains(runs[first].createdAt) && created.contains(runs[last - 1].createdAt))
                // To a day at both ends.
                #expect(!(first > 1 && created.contains(runs[first - 2].createdAt)))
                #expect(!(last < 38 && created.contains(runs[last + 1].createdAt)))
            }
        }
    }

    @Test func everyTotalWalksIndexes() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                for query in QueryPlanTests.queries {
                    let total = RunTotalStatement(query.filter, RunSelection(tenant: 1, types: query.filter.someTypes))
                    let plan = try connection.rows("EXPLAIN " + total.sql, values: total.values) { try $0.next(String.self) }
                    #expect(plan.contains { $0.contains("Index") })
                    #expect(!plan.contains { $0.contains("Seq Scan") || $0.contains("Sort") }, "\(plan)")
                }
            }
        }
    }

    @Test func aWindowIsItsDaysItsHoursAndWhatIsLeft() {
        let random = SeededRandom(seed: 8)
        func instant() -> Timestamp {
            // Also around 1970, where numbers become negative; often on the hour.
            let minutes = random.number(in: -9_000...9_000)
            return Timestamp(milliseconds: Int64(random.chance(0.5) ? minutes * 60_000 : minutes / 60 * 3_600_000))
        }
        for _ in 0..<2_000 {
            let window = TimeWindow(
                from: random.chance(0.8) ? instant() : nil, to: random.chance(0.8) ? instant() : nil)
            let span = CountedSpan(window)
            let at = random.chance(0.5) ? instant() : instant() + .milliseconds(-1)
            let hour = Int((Double(at.milliseconds) / 3_600_000).rounded(.down))
            let places =
                span.edges.filter { $0.contains(at) }.count + span.singleHours.filter { $0.contains(hour) }.count
                + (span.days?.contains(Int((Double(hour) / 24).rounded(.down))) == true ? 1 : 0)
            #expect(places == (window.contains(at) ? 1 : 0), "\(at) in \(window)")
            #expect((span.wholeHours?.contains(at) ?? false) == span.hours.contains(hour))
        }
    }
}
