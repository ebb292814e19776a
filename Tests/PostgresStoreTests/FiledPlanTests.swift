import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

/// The plans of statements that read filed runs, and those that are not filed.
@Suite struct FiledPlanTests {
    private static let walks: [RunWalk] = [
        .marks(subject: 1, .failed), .marks(subject: 1, .succeeded), .runs(type: nil, state: .started), .unfiled,
    ]

    private static func statements(of walks: [RunWalk], _ direction: RunSort.Direction) -> [SearchStatement] {
        let place = RunCursor(key: .created, value: StoreBench.start.milliseconds, id: RunID(rawValue: "wf-5"))
        return [nil, place].flatMap { place in
            let search = StoreSearch(RunFilter(), RunSelection(tenant: 1), RunWalks(filed: walks), direction, after: place)
            return [
                SearchStatement(search, reading: 256, returning: 101, RunColumns.list),
                SearchStatement(search, reading: 256, by: []),
                SearchStatement(search, reading: 256, by: ["state"]),
            ]
        }
    }

    private static func plans(of statement: SearchStatement, _ connection: PostgresConnection) throws -> [QueryPlan] {
        [
            QueryPlan(try connection.rows("EXPLAIN " + statement.sql, values: statement.values) { try $0.next(String.self) }),
            try connection.reusedPlan(statement.sql, statement.values),
        ]
    }

    @Test(arguments: RunSort.Direction.allCases)
    func aPageOfOneDimensionMergesAWalkForEachState(_ direction: RunSort.Direction) async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                for statement in Self.statements(of: Self.walks, direction) {
                    for plan in try Self.plans(of: statement, connection) {
                        #expect(
                            plan.indexes == [
                                "run_marks_pkey", "runs_tenant_state_created_at_id_idx", "unfiled_runs_pkey", "runs_key",
                            ], "\(plan)")
                        #expect(!plan.contains("->  Sort") && plan.contains("Merge Append"), "\(plan)")
                        // Each walk ends with the step. Months follow each other, in the order of the list.
                        #expect(plan.lines.filter { $0.contains("Merge Append") }.count == 1, "\(plan)")
                        #expect(plan.lines.filter { $0.contains("Limit") }.count >= Self.walks.count + 1, "\(plan)")
                    }
                }
            }
        }
    }

    @Test(arguments: RunSort.Direction.allCases)
    func aWindowOfRuntimesSortsItsRunsAlone(_ direction: RunSort.Direction) async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                for statement in Self.statements(of: [.runtimes(from: 5_000, to: .max)], direction) {
                    for plan in try Self.plans(of: statement, connection) {
                        #expect(plan.indexes == ["runs_tenant_expr_id_idx", "runs_key"], "\(plan)")
                        #expect(plan.lines.filter { $0.contains("->  Sort") }.count == 1, "\(plan)")
                    }
                }
                let values: [any SQLValue] = [1, 5_000, Int.max]
                #expect(
                    try connection.reusedPlan(FiledWalkStatement.moreRuntimes, values).indexes == ["runs_tenant_expr_id_idx"])
            }
        }
    }

    /// With the indexes of each.
    private static func otherStatements() -> [(String, [any SQLValue], Set<String>)] {
        let ids = Column([RunID(rawValue: "wf-1")])
        let times = Column([StoreBench.start])
        let key: [any SQLValue] = [Column([1]), ids, times]
        let span: [any SQLValue] = [StoreBench.start, StoreBench.start]
        let marks: [any SQLValue] = [Column([1]), Column([RunState.failed]), times, ids]
        let subjects: [any SQLValue] = [Column([1]), Column([2]), Column(["u-1"])]
        return [
            (FilingStatement.unfiled, [500], ["unfiled_runs_pkey"]), (FilingStatement.anyUnfiled, [], ["unfiled_runs_pkey"]),
            (FilingStatement.older, [], ["older_runs_pkey"]), (FilingStatement.endOlder, [], ["older_runs_pkey"]),
            (FilingStatement.runsBehind, [1, StoreBench.start, "wf-1", 500], ["runs_pkey"]),
            (FilingStatement.countUnfiled, [500], ["unfiled_runs_pkey"]),
            (FilingStatement.countBehind, [1, StoreBench.start, "wf-1", 500], ["runs_pkey"]),
            (FilingStatement.takeFiled, key, ["unfiled_runs_pkey"]),
            (FiledRunStatement.byKeys, key + span, ["runs_key", "principals_pkey"]),
            (FiledRunStatement.textBytes, key + span, ["runs_key"]),
            (FilingStatement.addMarks, marks + [times, Column(["x"]), Column([1])], []),
            (SubjectStatement.insertTexts, [Column([1]), Column(["x"])], []), (SubjectStatement.touch, [Column([1])], []),
            (SubjectStatement.anyTouched, [], ["touched_subjects_pkey"]),
            (
                SubjectStatement.removeEmpty, [500],
                ["touched_subjects_pkey", "run_subjects_pkey", "run_marks_pkey", "subject_days_pkey", "subject_texts_pkey"]
            ),
            (FilingStatement.removeMarks, marks + span + [StoreBench.start], ["run_marks_pkey", "subject_days_pkey"]),
            (SubjectStatement.numbers, subjects, ["run_subjects_value"]),
            (
                FiledWalkStatement.counts, subjects + [Column([RunState.failed]), 0, Int.max],
                ["run_subjects_value", "subject_days_pkey"]
            ),
        ]
    }

    @Test func theOtherStatementsOfFilingUseIndexes() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                for (sql, values, indexes) in Self.otherStatements() {
                    let plan = QueryPlan(try connection.rows("EXPLAIN " + sql, values: values) { try $0.next(String.self) })
                    #expect(plan.indexes == indexes, "\(sql)\n\(plan)")
                    #expect(!plan.contains("Seq Scan"), "\(sql)\n\(plan)")
                }
            }
        }
    }

    @Test func totalsOfSubjectsWalkDaysAndTheMarksOfTheirEnds() async throws {
        let window = TimeWindow(from: StoreBench.start, to: StoreBench.after(10 * 86_400))
        var totals: [(RunFilter, NumberChoice, Set<String>)] = [
            (RunFilter(created: TimeWindow(from: StoreBench.start, to: StoreBench.after(9))), .any, ["run_marks_pkey"]),
            (RunFilter(ended: window), .any, ["run_marks_pkey"]),
        ]
        for types in [NumberChoice.any, .of([1, 2]), .except([3])] {
            totals.append((RunFilter(), types, ["subject_days_pkey"]))
            totals.append((RunFilter(created: window), types, ["subject_days_pkey", "run_marks_pkey"]))
        }
        try await TestDatabase.with { [totals] database in
            try await database.session { [totals] connection in
                for (filter, types, indexes) in totals {
                    let total = SubjectTotalStatement(filter, types, subjects: [1, 2])
                    let plan = try connection.reusedPlan(total.sql, total.values)
                    #expect(plan.indexes == indexes, "\(plan)")
                }
            }
        }
    }

    /// Which walks a list has.
    @Test func theSmallestDimensionIsWalked() async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            let runs = (0..<6).map { number in
                var run = bench.endedRun("wf-\(number)", at: Double(number), took: .seconds(number))
                if number < 2 { run.attempts = 2 }
                if number < 4 { run.origin.schedule = "nightly" }
                if number == 5 { run.type = "rare" }
                return run
            }
            try await bench.importAll(runs)
            try await store.fileAll()
            func walks(_ texts: KeyValuePairs<RunFilterField, String>) async throws -> [RunWalk] {
                let filter = try RunFilter.reading(texts)
                return try await store.read { database in
                    let tenant = try #require(try database.number(of: StoreBench.acme))
                    guard let selection = try RunSelection(filter, tenant: tenant, in: database) else { return [] }
                    return try database.walks(of: filter, by: .created, selection).walks
                }
            }
            func dimensions(_ walks: [RunWalk]) async throws -> [Int] {
                let subjects = walks.compactMap { if case .marks(let subject, _) = $0 { subject } else { nil } }
                return try await store.read { database in
                    try database.rows("SELECT dimension FROM run_subjects WHERE number = ANY ($1)", Column(subjects)) {
                        try $0.next()
                    }
                }
            }
            let both = try await walks([.schedule: "nightly", .attemptsFrom: "2", .state: "succeeded"])
            #expect(try await dimensions(both) == [RunDimension.retried.rawValue])
            #expect(both.count == 2 && both.last == .unfiled)
            let open = try await walks([.schedule: "nightly", .state: "succeeded", .state: "scheduled"])
            #expect(try await dimensions(open) == [RunDimension.schedule.rawValue])
            #expect(open.contains(.open([.scheduled])) && open.contains(.unfiled) && open.count == 3)
            // The index of a rarer type, the classes of a window of runtimes, and nothing to file.
            let rare = try await walks([.principal: StoreBench.someone.id, .type: "rare", .state: "succeeded"])
            #expect(rare.count == 1 && rare.allSatisfy { !$0.hasPlacesOnly })
            let long = try await walks([.runtimeFrom: "4s"])
            #expect(try await dimensions(long) == [RunDimension.runtime.rawValue, RunDimension.runtime.rawValue])
            #expect(long.count == 3 && long.last == .unfiled)
            #expect(try await walks([.schedule: "none", .state: "failed"]) == [.unfiled])
            #expect(try await walks([.principal: StoreBench.someone.id, .state: "started"]) == [.open([.started]), .unfiled])
            // A word, without runs that go on in that state; two characters are searched for.
            let word = try await walks([.text: "daily", .state: "succeeded"])
            #expect(try await dimensions(word) == [RunDimension.text.rawValue] && word.count == 2)
            #expect(try await walks([.text: "da"]) == [.runs(type: nil, state: nil)])
        }
    }

    /// One run more in the window, and the list reads all runs of the class.
    @Test(arguments: [0, 1])
    func aWindowOfRuntimesIsSortedUpToALimit(_ more: Int) async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            let runs = (0..<FiledWalkLimits.runtimes + more).map { number in
                bench.endedRun("wf-\(number)", at: Double(number), took: .milliseconds(1_500))
            }
            try await bench.importAll(runs + [bench.endedRun("wf-shorter", at: -1, took: .milliseconds(1_200))])
            try await store.fileAll()
            var filter = RunFilter()
            filter.runtime = DurationWindow(from: .milliseconds(1_400))
            let walks = try await store.read { [filter] database in
                let tenant = try #require(try database.number(of: StoreBench.acme))
                return try database.walks(of: filter, by: .created, RunSelection(tenant: tenant)).walks
            }
            #expect(walks.count == 1 + more && walks.contains(.runtimes(from: 1_400, to: .max)) == (more == 0))
            let page = try await store.runs(matching: RunQuery(tenant: StoreBench.acme, filter: filter, limit: 5))
            #expect(page.runs.map(\.id.rawValue) == (0..<5).map { "wf-\(FiledWalkLimits.runtimes + more - 1 - $0)" })
        }
    }
}

extension QueryPlan {
    /// The indexes of all scans, without months. `runs_key` is either of those that have a run by its id.
    fileprivate var indexes: Set<String> {
        Set(
            scans.compactMap { scan in
                guard let index = scan.firstMatch(of: #/using (\w+) on/#)?.1 else { return nil }
                let name = String(index).replacing(#/_\d{4}_\d\d/#, with: "")
                let isKey = name == "runs_id" || (name == "runs_pkey" && contains("Nested Loop"))
                return isKey ? "runs_key" : name
            })
    }
}

@Suite("A page reads the part of time first that fills it") struct MarkStretchesTests {
    private static let width = MarkStretches.width

    /// Ten marks in each of four stretches.
    private static let stretches: MarkStretches = {
        var stretches = MarkStretches()
        for number in 0..<4 { stretches.add(10, at: Int64(number) * width) }
        return stretches
    }()

    /// Where the parts meet; nil for a single part.
    private static func bound(
        _ direction: RunSort.Direction, _ count: Int, _ window: TimeWindow? = nil, after cursor: Int64? = nil
    ) throws -> Int64? {
        let filter = RunFilter(created: window)
        let range = WalkRange(
            of: filter, by: RunSort(by: .created, direction),
            after: cursor.map { RunCursor(key: .created, value: $0, id: RunID(rawValue: "wf")) })
        let parts = stretches.parts(of: filter, range, filling: count)
        guard parts.count == 2 else {
            #expect(parts == [filter])
            return nil
        }
        let (earlier, later) = direction == .ascending ? (parts[0], parts[1]) : (parts[1], parts[0])
        #expect(earlier.created?.from == window?.from && later.created?.to == window?.to)
        #expect(earlier.created?.to == later.created?.from)
        return later.created?.from?.milliseconds
    }

    @Test func ofTheNewestOrTheOldestRuns() throws {
        #expect(try Self.bound(.descending, 10) == 3 * Self.width && Self.bound(.descending, 11) == 2 * Self.width)
        #expect(try Self.bound(.ascending, 10) == Self.width && Self.bound(.ascending, 31) == 4 * Self.width)
        #expect(try Self.bound(.descending, 41) == nil && Self.bound(.ascending, 41) == nil)
    }

    /// Of a stretch that the place or the window cuts, all marks may be on the other side.
    @Test func withoutStretchesThatAreCut() throws {
        #expect(try Self.bound(.descending, 10, after: 3 * Self.width + 5) == 2 * Self.width)
        #expect(try Self.bound(.ascending, 10, after: 5) == 2 * Self.width)
        let window = TimeWindow(from: Timestamp(milliseconds: 5), to: Timestamp(milliseconds: 3 * Self.width + 5))
        #expect(try Self.bound(.descending, 20, window) == Self.width && Self.bound(.descending, 21, window) == nil)
        #expect(try Self.bound(.ascending, 20, window) == 3 * Self.width && Self.bound(.ascending, 31, window) == nil)
    }
}
