import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

/// The plans of statements that read filed runs, and those that are not filed.
@Suite struct FiledPlanTests {
    private static let mark = "SEARCH f USING PRIMARY KEY (subject=? AND state=?"
    private static let open = "SEARCH r USING INDEX runs_open (tenant=? AND state=?"
    /// The row of a filed run, and those of runs that are not filed, which SQLite sorts.
    private static let row = "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"
    private static let sorter = "USE TEMP B-TREE FOR ORDER BY"
    /// The ids of the runs of one millisecond.
    private static let ties = "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"

    /// Runs `body` with filed runs in two states, and one that is not filed in each of three.
    private static func withRuns(_ body: (SQLiteStore) async throws -> Void) async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            try await bench.importAll([bench.endedRun("wf-1"), bench.endedRun("wf-2", .failed)])
            try await store.fileAll()
            try await bench.importAll([bench.endedRun("wf-3"), bench.endedRun("wf-4", .failed), bench.endedRun("wf-5", .started)])
            _ = try await bench.start()
            try await body(store)
        }
    }

    private static func query(
        _ filter: RunFilter, by order: RunSortKey, _ direction: RunSort.Direction, isFirst: Bool = true
    ) -> RunQuery {
        let place = RunCursor(key: order, value: 2_000, id: RunID(rawValue: "wf-5"))
        return RunQuery(
            tenant: StoreBench.acme, filter: filter, sort: RunSort(by: order, direction), after: isFirst ? nil : place)
    }

    @Test(arguments: RunSort.Direction.allCases)
    func aPageOfOneDimensionMergesAWalkForEachState(_ direction: RunSort.Direction) async throws {
        try await Self.withRuns { store in
            let filter = try RunFilter.reading([.principal: StoreBench.someone.id])
            // A row for each mark and the listed runs, and two states of open ones; only the runs that are not filed are sorted.
            let walks = [Self.mark: 2, Self.open: 2, Self.sorter: 1]
            let first = try await store.plan(store.search(Self.query(filter, by: .created, direction)))
            expectMerge(first, walks, others: [Self.row, Self.ties])
            #expect(first.filter { $0 == Self.row }.count == 3)
            let later = try await store.plan(store.search(Self.query(filter, by: .created, direction, isFirst: false)))
            expectMerge(later, walks, others: [Self.row, Self.ties])
            let sign = direction == .descending ? "<" : ">"
            #expect(later.filter { $0.contains("(created_at,id)\(sign)(?,?)") }.count == 2)
            #expect(later.filter { $0.hasPrefix(Self.mark) && $0.contains("created_at\(sign)?") }.count == 2)
        }
    }

    @Test(arguments: RunSort.Direction.allCases)
    func aListByRuntimeWalksTheFiledRuns(_ direction: RunSort.Direction) async throws {
        try await Self.withRuns { store in
            let filter = RunFilter()
            let walks = ["SEARCH f USING PRIMARY KEY (tenant=?": 1, Self.sorter: 1]
            let first = try await store.plan(store.search(Self.query(filter, by: .runtime, direction)))
            expectMerge(first, walks, others: [Self.row])
            let later = try await store.plan(store.search(Self.query(filter, by: .runtime, direction, isFirst: false)))
            expectMerge(later, walks, others: [Self.row])
            let bound = "(runtime_ms,id)\(direction == .descending ? "<" : ">")(?,?)"
            #expect(later.contains { $0.contains(bound) })
        }
    }

    @Test func theSmallestDimensionIsWalked() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let runs = (0..<6).map { number in
                var run = bench.endedRun("wf-\(number)", at: Double(number))
                if number < 2 { run.attempts = 2 }
                if number == 3 { run.warnings = 2 }
                if number < 4 { run.origin.schedule = "nightly" }
                if number == 5 { run.type = "rare" }
                return run
            }
            try await bench.importAll(runs)
            try await store.fileAll()
            func keys(_ texts: KeyValuePairs<RunFilterField, String>) async throws -> [WalkKey] {
                let query = RunQuery(tenant: StoreBench.acme, filter: try .reading(texts))
                return try await store.read { try $0.walks(query).keys }
            }
            let retried = try await keys([.attemptsFrom: "2"])
            #expect(retried.count == 1)
            #expect(try await keys([.attemptsFrom: "2", .schedule: "nightly", .principal: StoreBench.someone.id]) == retried)
            #expect(try await keys([.attemptsFrom: "3", .schedule: "nightly"]) == [])
            let nightly = try await keys([.schedule: "nightly", .principal: StoreBench.someone.id])
            #expect(nightly.count == 1 && nightly != retried)
            #expect(try await keys([.schedule: "nightly", .label: "team:none"]) == [])
            let warned = try await keys([.hasWarnings: "true"])
            #expect(warned.count == 1 && warned[0].ordered == .marks && warned != retried)
            #expect(try await keys([.hasWarnings: "true", .schedule: "nightly", .attemptsFrom: "2"]) == warned)
            #expect(try await keys([.hasWarnings: "false"]) == [.all])
            // The class of one second, whole, and in part.
            for window: KeyValuePairs<RunFilterField, String> in [[.runtimeFrom: "1s", .runtimeTo: "2s"], [.runtimeTo: "90s"]] {
                let classes = try await keys(window)
                #expect(classes.count == 1 && classes[0].ordered == .marks && classes != retried)
            }
            #expect(try await keys([.runtimeFrom: "1h", .schedule: "nightly"]) == [])
            // One attempt at least: every run.
            #expect(try await keys([.attemptsFrom: "1"]) == [.all])
            #expect(try await keys([.principal: StoreBench.someone.id, .notType: "rare"]).first?.ordered == .marks)
            let rare = try await keys([.principal: StoreBench.someone.id, .type: "rare"])
            #expect(rare.count == 1 && rare[0].ordered == .runs)
            // Runs of this service that go on are filed under nothing.
            #expect(try await keys([.principal: StoreBench.someone.id, .state: "started"]) == [])
            _ = try await bench.start()
            #expect(try await keys([.principal: StoreBench.someone.id, .state: "scheduled"]) == [.open(.scheduled)])
        }
    }

    /// Each value of each state is a walk.
    @Test func walksOfManyValuesAreAsManyAsOneStatementMerges() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let states: [RunState] = [.succeeded, .failed, .canceled]
            let runs = (0..<20).flatMap { number in
                states.map { state in
                    var run = bench.endedRun("wf-\(state)-\(number)", state, at: Double(number))
                    run.principal = Principal(id: "u-\(number)", name: "Ada")
                    return run
                }
            }
            try await bench.importAll(runs)
            try await store.fileAll()
            func walks(_ count: Int, _ states: Set<RunState>) async throws -> (count: Int, areFiled: Bool) {
                var filter = RunFilter(states: states)
                filter.principals.included = Set((0..<count).map { ExactText("u-\($0)") })
                let query = RunQuery(tenant: StoreBench.acme, filter: filter)
                let keys = try await store.read { try $0.walks(query).keys }
                return (keys.count, keys.first?.ordered == .marks)
            }
            #expect(try await walks(20, [.failed]) == (20, true))
            #expect(try await walks(20, [.failed, .succeeded]) == (40, true))
            #expect(try await walks(15, Set(states)) == (45, true))
            #expect(try await walks(16, Set(states)) == (3, false))
        }
    }

    @Test func countsReadTheirTables() async throws {
        try await Self.withRuns { store in
            let subjects = "SEARCH run_subjects USING COVERING INDEX sqlite_autoindex_run_subjects_1 (tenant=? AND dimension=?"
            let durations = "SEARCH f USING PRIMARY KEY (tenant=? AND runtime_ms>? AND runtime_ms<?)"
            for (statement, plan) in [
                (SubjectStatement.number, [subjects + " AND value=?)"]), (SubjectStatement.values, [subjects + ")"]),
                (ListedStatement.unfiled(by: .created), ["SCAN u", Self.row]),
                (ListedStatement.runtimes, [durations, Self.row]), (ListedStatement.moreRuntimes, [durations]),
                (SubjectStatement.hasMarks, ["SEARCH run_marks USING PRIMARY KEY (subject=?)"]),
                (
                    WordRunStatement.marked,
                    ["SEARCH run_marks USING PRIMARY KEY (subject=? AND state=? AND created_at>? AND created_at<?)"]
                ),
                (WordStatement.text, ["SEARCH f USING PRIMARY KEY (subject=?)", Self.row]),
                (WordStatement.textAndID, [Self.row]),
            ] {
                let found = try await store.plan(statement)
                #expect(found == plan)
            }
        }
    }
}
