import GRDB
import GRDBSQLite
import SQLiteTestKit
import StoreCore
import Synchronization
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct QueryPlanTests {
    /// Every combination of the documented filters, in both directions, on the first page, on a later one and on the way back.
    static let queries: [RunQuery] = (0..<96).flatMap { combination -> [RunQuery] in
        [TimeWindow(from: StoreBench.start, to: StoreBench.after(9)), TimeWindow(from: StoreBench.start), TimeWindow()].map {
            window in
            let filter = RunFilter(
                created: combination & 1 != 0 ? window : nil, ended: combination & 2 != 0 ? window : nil,
                state: combination & 4 != 0 ? .failed : nil, type: combination & 8 != 0 ? "a.b" : nil)
            let cursor = RunCursor(key: filter.sortKey, value: StoreBench.after(3).milliseconds, id: RunID(rawValue: "wf-5"))
            return RunQuery(
                tenant: StoreBench.acme, filter: filter,
                sort: RunSort(by: filter.sortKey, combination & 64 == 0 ? .descending : .ascending),
                after: combination & 16 != 0 ? cursor : nil, before: combination & 32 != 0 ? cursor : nil, withTotal: true)
        }
    }

    @Test(arguments: queries)
    func aListWalksItsIndex(_ query: RunQuery) async throws {
        try await withStoreOfOneType { store in
            let filter = query.filter
            let page = try await store.plan(store.list(query))
            let index =
                "runs" + (filter.types.isEmpty ? filter.states == nil ? "" : "_state" : "_type_state")
                + (filter.sortKey == .created ? "_created" : "_ended")
            #expect(page.count == 1, "\(page)")
            #expect(page[0].hasPrefix("SEARCH r USING INDEX \(index) (tenant=?"), "\(page)")
            // A later page begins at its cursor: the time and the id bound the index search, not only the result.
            let column = filter.sortKey == .created ? "created_at" : "ended_at"
            if query.after != nil || query.before != nil {
                let sign = query.readingDirection == .descending ? "<" : ">"
                #expect(page[0].contains("(\(column),id)\(sign)(?,?)") || page[0].contains("\(column)\(sign)?"), "\(page)")
            }
        }
    }

    @Test func thePagesOfAWorkflowReadTheirRowsByKey() async throws {
        try await withEmbeddedStore { store in
            for statement in [
                TaskResultStatement.ofRun, VersionStatement.ofConfiguration, VersionStatement.listed, VersionStatement.code,
                VersionStatement.currentCode,
            ] {
                let plan = try await store.plan(statement)
                #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
            }
        }
    }

    @Test(arguments: [RunSortKey.created, .ended], [nil, "a.b"])
    func aListOfSeveralStatesMergesAWalkForEach(order: RunSortKey, type: String?) async throws {
        let states: Set<RunState> = [.failed, .succeeded, .canceled]
        try await withStoreOfOneType(in: Array(states)) { store in
            let filter = RunFilter(ended: order == .ended ? TimeWindow() : nil, states: states, type: type)
            let cursor = RunCursor(key: order, value: StoreBench.after(3).milliseconds, id: RunID(rawValue: "wf-5"))
            for query in [
                RunQuery(tenant: StoreBench.acme, filter: filter), RunQuery(tenant: StoreBench.acme, filter: filter, after: cursor),
                RunQuery(tenant: StoreBench.acme, filter: filter, before: cursor),
                RunQuery(tenant: StoreBench.acme, filter: filter, sort: RunSort(by: order, .ascending)),
            ] {
                let plan = try await store.plan(store.list(query))
                expectMerge(plan, of: states.count, "runs\(type == nil ? "" : "_type")_state_\(order.rawValue)")
            }
        }
    }

    @Test(arguments: [RunSortKey.created, .ended])
    func aListOfTypesMergesAWalkForEachStateThatTheirRunsAreIn(order: RunSortKey) async throws {
        try await withEmbeddedStore { store in
            let names = (0..<6).map { "type-\($0)" }
            try await store.add(types: names, in: [.failed, .succeeded, .canceled])
            let types = TextChoice(included: Set(names.prefix(4).map { ExactText($0) }))
            let others = TextChoice(included: nil, excluded: Set(names.prefix(4).map { ExactText($0) }))
            for direction in RunSort.Direction.allCases {
                func plan(_ types: TextChoice, _ states: Set<RunState>? = nil) async throws -> [String] {
                    let filter = RunFilter(states: states, types: types)
                    let query = RunQuery(tenant: StoreBench.acme, filter: filter, sort: RunSort(by: order, direction))
                    return try await store.plan(store.list(query))
                }
                let index = "runs_type_state_\(order.rawValue)"
                expectMerge(try await plan(TextChoice("type-0")), of: 3, index)
                expectMerge(try await plan(types), of: 12, index)
                expectMerge(try await plan(types, [.failed, .canceled, .inProgress]), of: 8, index)
                // All types but some are the other ones.
                expectMerge(try await plan(others), of: 6, index)
            }
        }
    }

    @Test func countingRunByRunReadsOneIndex() async throws {
        try await withEmbeddedStore { store in
            for (type, clock) in [nil, 1].flatMap({ type in RunClock.allCases.map { (type, $0) } }) as [(Int?, RunClock)] {
                for hasEnd in clock == .created ? [false, true] : [false] {
                    let timeline = RunTimeline(tenant: 1, group: RunGroup(type: type), clock: clock)
                    let index = "runs\(type == nil ? "" : "_type")_state_\(clock.rawValue)"
                    let time = clock == .created ? "created_at" : "ended_at"
                    for statement in [TimelineStatement.times, TimelineStatement.count] {
                        let plan = try await store.plan(statement(timeline, hasEnd))
                        #expect(plan.count == 1 && plan[0].hasPrefix("SEARCH r USING COVERING INDEX \(index) (tenant=?"), "\(plan)")
                        #expect(plan[0].hasSuffix("state=? AND \(time)>? AND \(time)<?)"), "\(plan)")
                    }
                }
            }
            for statement in [
                CountStatement.node, CountStatement.nodesAscending, CountStatement.nodesDescending, CountStatement.sum,
            ] {
                let plan = try await store.plan(statement)
                #expect(
                    plan.count == 1
                        && plan[0].hasPrefix("SEARCH run_counts USING PRIMARY KEY (tenant=? AND type=? AND clock=? AND level=?"),
                    "\(plan)")
            }
        }
    }

    @Test func filingReadsAndWritesByKeys() async throws {
        try await withEmbeddedStore { store in
            let plans = [
                FiledRunStatement.byNumber: [
                    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH p USING INTEGER PRIMARY KEY (rowid=?)",
                ],
                FilingStatement.older: ["SEARCH runs USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
                FilingStatement.removeUnfiled: ["SEARCH unfiled_runs USING INTEGER PRIMARY KEY (rowid<?)"],
                TypedDayStatement.days("type IN (1, 2)"): [
                    "SEARCH typed_days USING PRIMARY KEY (subject=? AND state=? AND day>? AND day<?)"
                ],
                TypedDayStatement.part("r.type IN (1, 2)"): [
                    "SEARCH f USING PRIMARY KEY (subject=? AND state=? AND created_at>? AND created_at<?)",
                    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
                ],
                TypedDayStatement.removeEmpty: ["SEARCH typed_days USING PRIMARY KEY (subject=? AND state=? AND day=? AND type=?)"],
                UnfilingStatement.duration: ["SEARCH run_durations USING PRIMARY KEY (tenant=? AND runtime_ms=? AND id=?)"],
                UnfilingStatement.mark: ["SEARCH run_marks USING PRIMARY KEY (subject=? AND state=? AND created_at=? AND run=?)"],
            ]
            for (statement, plan) in plans {
                let found = try await store.plan(statement)
                #expect(found == plan, "\(statement)")
            }
            let timeline = RunTimeline(tenant: 1, group: .subject(1), clock: .created)
            let marks = "SEARCH f USING PRIMARY KEY (subject=? AND state=? AND created_at>? AND created_at<?)"
            let row = "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"
            for (statement, plan) in [
                (TimelineStatement.times(timeline, hasEnd: true), [marks, row]),
                (TimelineStatement.count(timeline, hasEnd: true), [marks, row]),
                (TimelineStatement.count(timeline, hasEnd: false), [marks]),
                (
                    OpenStatement.count,
                    [
                        "CO-ROUTINE (subquery-1)", "SEARCH r USING INDEX runs_open (tenant=? AND state=?)",
                        "SCAN (subquery-1)",
                    ]
                ),
            ] {
                let found = try await store.plan(statement)
                #expect(found == plan)
            }
        }
    }

    @Test func nothingThatTheContractDoesScansOrSorts() async throws {
        let statements = Mutex<Set<String>>([])
        for rule in StoreContract.rules {
            try await withDirectory { directory in
                let store = try SQLiteStore.open(directory: directory, time: SystemTime()) { database in
                    database.trace { event in
                        if case .statement(let statement) = event { statements.withLock { _ = $0.insert(statement.sql) } }
                    }
                }
                try await rule.check(store)
                try await store.close()
            }
        }
        let queries = statements.withLock { $0 }.filter { sql in
            ["SELECT", "INSERT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) }
                // Statements about SQLite's schema, and those of opening, which read one row of every table.
                && !sql.contains("sqlite_schema") && !sql.contains("sqlite_master") && !sql.hasPrefix("SELECT * FROM \"")
        }
        #expect(queries.count > 40)
        // A consistency check reads everything.
        let checks = Set(
            ColumnRule.all.map(\.count) + [RunFindingStatement.goingOn, RunFindingStatement.endedEarly, CountAudit.trees]
                + [LimitStatement.parkedTenants, CountAudit.uncounted, CountTrees.types, CountTrees.tenants]
                + [CountTrees.subjects, FilingAudit.runs, FilingAudit.durations, FilingAudit.marks, FilingAudit.strays]
                + [FilingAudit.typedDays]
                + [AuditStatement.all, AuditStatement.chains, AuditStatement.tenants])
        // Small tables that are read as a whole: all keys, all tenants, and the changes of a transaction. Also whether a
        // table has any row.
        let allowed = [
            "SCAN k", "SCAN t USING INDEX sqlite_autoindex_tenants_1", "SCAN t USING COVERING INDEX sqlite_autoindex_tenants_1",
            "SCAN t USING COVERING INDEX tenants_turn", "SCAN run_changes", "SCAN run_counts", "SCAN r",
            // The ended runs that are not filed, which are few where they are read.
            "SCAN u", "SCAN unfiled_runs", "SCAN older_runs",
            // The master keys of secrets, which are few, when a service starts.
            "SCAN tenant_secrets USING COVERING INDEX tenant_secrets_key",
            // All waiting ticks, for a repair.
            "SCAN ticks USING INDEX ticks_waiting",
            // The oldest events of the audit log, a limited number of them.
            "SCAN audit_events",
            // FTS5 looks up the trigrams of a word, and reads the rows of its settings.
            "SCAN subject_texts VIRTUAL TABLE INDEX 0:M1", "SCAN run_ids VIRTUAL TABLE INDEX 0:M1",
            "SCAN subject_texts VIRTUAL TABLE INDEX 0:=M1", "SCAN run_ids VIRTUAL TABLE INDEX 0:=M1",
            "SCAN main.subject_texts_config", "SCAN main.run_ids_config",
        ]
        let whetherThereIsAny = "SELECT 1 FROM runs LIMIT 1"
        // SQLite's check for rows with a deferred reference to the inserted one, if there were any.
        let neverReached = [
            "SCAN start_keys", "SCAN tasks", "SCAN runs",
            "SCAN runs USING COVERING INDEX runs_type_state_created", "SCAN run_notes", "SCAN run_resolutions",
            "SCAN run_subscriptions USING COVERING INDEX run_subscriptions_receiver", "SCAN run_subscriptions",
            "SCAN bulk_operations", "SCAN tenant_secrets",
        ]
        let awaited = ["INSERT OR FAIL INTO runs ", "INSERT INTO principals ", "INSERT INTO run_types "]
        var rowsOfRuns = 0
        try await withEmbeddedStore { store in
            for sql in queries.subtracting(checks).sorted() {
                // Runs are deleted and imported with foreign keys off.
                let isImport = sql.hasPrefix("INSERT OR FAIL INTO runs ") && sql.contains("ON CONFLICT")
                let looksAtReferences = !isImport && !sql.hasPrefix("DELETE FROM runs ")
                for line in try await store.plan(sql, lookingAtReferences: looksAtReferences)
                where line.hasPrefix("SCAN") || line.contains("TEMP B-TREE") {
                    if sql == whetherThereIsAny, line.hasPrefix("SCAN runs USING COVERING INDEX runs_") { continue }
                    // A limited number of rows.
                    if sql == FilingStatement.countUnfiled, line == "SCAN (subquery-1)" { continue }
                    if sql.contains(ListedStatement.tables), line == "USE TEMP B-TREE FOR ORDER BY" { continue }
                    // The ids of the runs of one millisecond, whose marks are in the order of their creation.
                    if sql.contains("run_marks AS f"), line == "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY" { continue }
                    // The groups of statistics are added up and sorted: a limited number of rows, read by their key (SearchPlanTests).
                    if sql.contains("FROM run_statistics"), line.hasPrefix("USE TEMP B-TREE FOR") { continue }
                    // The items of a group by state: a handful of groups.
                    if sql.contains("AS waits, count(*) FROM tasks"), line == "USE TEMP B-TREE FOR GROUP BY" { continue }
                    if awaited.contains(where: { sql.hasPrefix($0) }), neverReached.contains(line) { continue }
                    #expect(allowed.contains(line), "\(sql)")
                }
                // SQLite builds a tree for returned rows, and for each row with a constraint that lists three values or more.
                let writesOneRowOfARun = ["runs", "tasks", "attempts", "run_counts"].contains { table in
                    ["INSERT INTO", "INSERT OR FAIL INTO", "INSERT OR REPLACE INTO"].contains { sql.hasPrefix("\($0) \(table) ") }
                        || ["UPDATE", "UPDATE OR FAIL"].contains { sql.hasPrefix("\($0) \(table) ") }
                            && ["position = ", "number = "].contains { sql.contains($0) } && !sql.contains(" FROM ")
                }
                // Values that are copied from other rows of the table go through a tree, too.
                if writesOneRowOfARun, !sql.contains("FROM tasks AS") {
                    #expect(try await !store.opcodes(sql).contains("OpenEphemeral"), "\(sql)")
                }
                rowsOfRuns += writesOneRowOfARun ? 1 : 0
            }
        }
        #expect(rowsOfRuns > 8)
    }

    /// In steps of SQLite's virtual machine, which do not depend on the speed of the computer.
    @Test func aPageCostsTheSameWhereverItIs() async throws {
        try await withEmbeddedStore { store in
            try await RunHistory.measurePages(of: store) { query in
                try await store.steps(query)
            } check: { filter, costs in
                let cheapest = try #require(costs.min())
                #expect(costs.allSatisfy { $0 < cheapest * 3 / 2 && $0 < 51 * 120 }, "\(costs) for \(filter)")
            }
        }
    }
}

extension SQLiteStore {
    /// The opcodes of a statement in SQLite's virtual machine.
    fileprivate func opcodes(_ sql: String) async throws -> Set<String> {
        try await pool.writeWithoutTransaction { database in
            let statement = try database.makeStatement(sql: "EXPLAIN " + sql)
            statement.setUncheckedArguments(StatementArguments())
            return Set(try Row.fetchAll(statement).map { $0["opcode"] })
        }
    }

    /// The virtual machine steps of a page.
    fileprivate func steps(_ query: RunQuery) async throws -> Int {
        try await read { database in
            let list = RunListStatement(try database.walks(query), limit: query.limit + 1)
            let statement = try database.database.cachedStatement(sql: list.text).sqliteStatement
            _ = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1)
            let ids = try database.prepared(list.text).rows(list: list.values) { try $0.next(String.self) }
            #expect(ids.count == 51)
            return Int(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1))
        }
    }
}
