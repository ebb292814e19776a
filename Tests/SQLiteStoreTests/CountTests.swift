import GRDB
import GRDBSQLite
import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct CountTests {
    /// Enough runs to split trees, with a crowded hour.
    private static let history: RunHistory = {
        var history = RunHistory(5_000, over: .weeks, random: SeededRandom(seed: 11))
        for index in 0..<2_400 { history.runs[index].createdAt = StoreBench.after(Double(index) / 7) }
        for index in 0..<2_400 where history.runs[index].endedAt != nil {
            history.runs[index].endedAt = history.runs[index].createdAt + .seconds(index)
        }
        return history
    }()

    private static func withHistory(_ body: (_ directory: String, _ store: SQLiteStore) async throws -> Void) async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            _ = try await store.importRuns(history.imported, into: history.tenant)
            try await body(directory, store)
            try await store.close()
        }
    }

    private static func expectExact(_ store: SQLiteStore, _ history: RunHistory) async throws {
        #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
        for filter in history.filters(SeededRandom(seed: 3)) {
            #expect(try await StoreBench(store).total(filter) == history.list(filter).count, "\(filter)")
        }
    }

    @Test func treesAreAsDeepAsTheHistoryIsDense() async throws {
        try await Self.withHistory { _, store in
            let nodes = try await Self.nodes(in: store)
            #expect(nodes[CountLevel.everything.rawValue] == 1)
            #expect(nodes[CountLevel.day.rawValue].map { 21...22 ~= $0 } == true)
            // Of one day only, as the others have few runs.
            #expect(nodes[CountLevel.hour.rawValue].map { 2...24 ~= $0 } == true)
            #expect(nodes[CountLevel.second.rawValue] == nil)
            try await Self.expectExact(store, Self.history)
        }
    }

    @Test func aDatabaseWithoutCountsGetsThemWhenItIsOpened() async throws {
        try await Self.withHistory { directory, store in
            try await store.close()
            try await DatabaseQueue(path: directory + "/weir.db").write { database in
                for name in ["inserted", "deleted", "changed", "keep_their_place"] {
                    try database.execute(sql: "DROP TRIGGER runs_\(name)")
                }
                try database.execute(sql: "DROP TABLE run_counts; DROP TABLE run_changes")
                // The state right after the migration that introduced counts, with earlier history.
                try database.execute(sql: Migration.runCounts.sql)
            }
            let reopened = try SQLiteStore.open(directory: directory)
            try await Self.expectExact(reopened, Self.history)
            try await reopened.close()
        }
    }

    @Test func changesOfAnotherProgramAreCountedAtTheNextOpening() async throws {
        try await Self.withHistory { directory, store in
            try await store.close()
            var history = Self.history
            for index in history.runs.indices where history.runs[index].state == .scheduled {
                history.runs[index].state = .started
            }
            try await DatabaseQueue(path: directory + "/weir.db").write { database in
                try database.execute(sql: "UPDATE runs SET state = 1 WHERE state = 0")
            }
            let reopened = try SQLiteStore.open(directory: directory)
            try await Self.expectExact(reopened, history)
            try await reopened.close()
        }
    }

    @Test func deletedRunsAreCountedNoMore() async throws {
        try await Self.withHistory { _, store in
            var history = Self.history
            let cutoff = StoreBench.after(86_400 * 12)
            history.runs.removeAll { $0.createdAt < cutoff && $0.state.hasEnded }
            _ = try await store.write { database in
                try database.change("DELETE FROM runs WHERE created_at < ? AND ended_at IS NOT NULL", cutoff)
            }
            try await Self.expectExact(store, history)
            _ = try await store.write { try $0.change("DELETE FROM runs") }
            #expect(try await Self.nodes(in: store).isEmpty)
            _ = try await store.importRuns(Self.history.imported, into: Self.history.tenant)
            try await Self.expectExact(store, Self.history)
        }
    }

    @Test func aPageWalksOnlyWhereItsRunsCanBe() async throws {
        try await withEmbeddedStore { store in
            var history = RunHistory(5_000, over: .weeks, random: SeededRandom(seed: 12))
            for index in history.runs.indices where history.runs[index].endedAt != nil {
                history.runs[index].endedAt = history.runs[index].createdAt + .seconds(index % 3_000)
            }
            // A run that took very long, started at a crowded time.
            let long = try #require(history.runs.firstIndex { $0.endedAt != nil && $0.createdAt < StoreBench.after(86_400) })
            let end = StoreBench.after(86_400 * 15)
            history.runs[long].endedAt = end + .seconds(1_800)
            _ = try await store.importRuns(history.imported, into: history.tenant)
            let filter = RunFilter(created: TimeWindow(), ended: TimeWindow(from: end, to: end + .seconds(3_600)))
            let spans = try await Self.spans(filter, of: history.tenant, in: store)
            let met = history.runs.filter { run in spans.contains { $0.contains(run.createdAt.milliseconds) } }
            let matching = history.list(filter)
            #expect(matching.contains { $0.id == history.runs[long].id } && matching.count > 1)
            #expect(Set(matching.map(\.id)).isSubset(of: met.map(\.id)))
            // The days around the window, and the day on which the long run started; not the two weeks between.
            #expect(spans.count == 2 && met.count < history.runs.count / 5, "\(met.count) in \(spans)")
        }
    }

    /// A millisecond cannot be split. Its runs that ended in a window are those that ended then, without those that were
    /// created at other times.
    @Test func aCrowdedMillisecondIsNotReadRunByRun() async throws {
        try await withEmbeddedStore { store in
            var history = RunHistory(6_000, over: .weeks, random: SeededRandom(seed: 13))
            let instant = StoreBench.after(86_400 * 10)
            for index in 0..<3_000 {
                history.runs[index].createdAt = instant
                // In one state, so that a filter by state meets the crowd as well.
                history.runs[index].state = .succeeded
                history.runs[index].endedAt = instant + .seconds(index)
                history.runs[index].error = nil
            }
            for index in 3_000..<6_000 where history.runs[index].endedAt != nil {
                history.runs[index].endedAt = history.runs[index].createdAt + .seconds(index % 4_000)
            }
            _ = try await store.importRuns(history.imported, into: history.tenant)
            let ended = TimeWindow(from: instant + .seconds(700), to: instant + .seconds(2_100))
            let around = TimeWindow(from: StoreBench.after(86_400 * 9), to: instant + .milliseconds(1))
            let windows = [
                TimeWindow(), around, TimeWindow(from: instant, to: instant + .milliseconds(1)), TimeWindow(to: instant),
                TimeWindow(from: instant + .milliseconds(1)),
            ]
            for created in windows {
                for state in [nil, WorkflowState.succeeded] {
                    let filter = RunFilter(created: created, ended: ended, state: state)
                    let (total, steps) = try await Self.tally(filter, of: history.tenant, in: store)
                    #expect(total == history.list(filter).count, "\(filter)")
                    #expect(steps < 3_000, "\(filter)")
                }
            }
        }
    }

    /// A total, and the virtual machine steps of counting run by run.
    private static func tally(
        _ filter: RunFilter, of tenant: Tenant, in store: SQLiteStore
    ) async throws -> (total: Int, steps: Int) {
        try await store.read { database in
            let number = try #require(try database.number(of: tenant))
            let numbered = try #require(try NumberedFilter(filter, tenant: number, database: database))
            let selection = RunSelection(numbered, by: numbered.clock)
            let statement = try database.database.cachedStatement(sql: TimelineStatement.count(selection.timeline, hasEnd: true))
            _ = sqlite3_stmt_status(statement.sqliteStatement, SQLITE_STMTSTATUS_VM_STEP, 1)
            let counts = try database.tally(selection)
            return (
                Int(counts.wrappedSum()), Int(sqlite3_stmt_status(statement.sqliteStatement, SQLITE_STMTSTATUS_VM_STEP, 1))
            )
        }
    }

    private static func spans(_ filter: RunFilter, of tenant: Tenant, in store: SQLiteStore) async throws -> [TimeSpan] {
        try await store.read { database in
            let number = try #require(try database.number(of: tenant))
            let numbered = try #require(try NumberedFilter(filter, tenant: number, database: database))
            let selection = RunSelection(numbered, by: numbered.clock)
            var spans: [TimeSpan] = []
            try database.eachSpan(thatMayHold: selection, newestFirst: true) { span in
                spans.append(span)
                return true
            }
            return spans
        }
    }

    /// The number of nodes per level in the tree of the tenant's runs by creation.
    private static func nodes(in store: SQLiteStore) async throws -> [Int64: Int] {
        try await store.read { database in
            let levels = try database.rows(
                "SELECT level, count(*) FROM run_counts WHERE type = 0 AND clock = 0 GROUP BY level"
            ) { (try $0.next(Int64.self), try $0.next(Int.self)) }
            return Dictionary(uniqueKeysWithValues: levels)
        }
    }
}
