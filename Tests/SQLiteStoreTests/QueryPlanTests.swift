import GRDB
import GRDBSQLite
import Synchronization
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct QueryPlanTests {
    /// Every combination of the filters, on the first page, on a later one and on the way back.
    static let queries: [RunQuery] = (0..<48).flatMap { combination -> [RunQuery] in
        [TimeWindow(from: StoreBench.start, to: StoreBench.after(9)), TimeWindow(from: StoreBench.start), TimeWindow()].map {
            window in
            let filter = RunFilter(
                created: combination & 1 != 0 ? window : nil, ended: combination & 2 != 0 ? window : nil,
                state: combination & 4 != 0 ? .failed : nil, type: combination & 8 != 0 ? "a.b" : nil)
            let cursor = RunCursor(order: filter.order, time: StoreBench.after(3), id: RunID(rawValue: "wf-5"))
            return RunQuery(
                tenant: StoreBench.acme, filter: filter, after: combination & 16 != 0 ? cursor : nil,
                before: combination & 32 != 0 ? cursor : nil, withTotal: true)
        }
    }

    @Test(arguments: queries)
    func aListWalksItsIndex(_ query: RunQuery) async throws {
        try await withStore { store in
            let filter = query.filter
            let timeline = RunTimeline(tenant: 1, type: filter.type == nil ? nil : 1, clock: filter.order)
            let page = try await store.plan(RunListStatement(query, timeline).text)
            let index =
                "runs" + (filter.type == nil ? "" : "_type") + (filter.state == nil ? "" : "_state")
                + (filter.order == .created ? "_created" : "_ended")
            #expect(page.count == 1, "\(page)")
            #expect(page[0].hasPrefix("SEARCH r USING INDEX \(index) (tenant=?"), "\(page)")
            if query.after != nil {
                // A later page begins at its cursor: the time and the id bound the search, not only what is returned.
                let column = filter.order == .created ? "created_at" : "ended_at"
                #expect(page[0].contains("(\(column),id)<(?,?)") || page[0].contains("\(column)<?"), "\(page)")
            }
            if query.before != nil {
                let column = filter.order == .created ? "created_at" : "ended_at"
                #expect(page[0].contains("(\(column),id)>(?,?)") || page[0].contains("\(column)>?"), "\(page)")
            }
        }
    }

    @Test func countingRunByRunReadsOneIndex() async throws {
        try await withStore { store in
            for (type, clock) in [nil, 1].flatMap({ type in RunOrder.allCases.map { (type, $0) } }) as [(Int64?, RunOrder)] {
                for hasEnd in clock == .created ? [false, true] : [false] {
                    let timeline = RunTimeline(tenant: 1, type: type, clock: clock)
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

    @Test func nothingThatTheContractDoesScansOrSorts() async throws {
        let statements = Mutex<Set<String>>([])
        for rule in StoreContract.rules {
            try await withDirectory { directory in
                let store = try SQLiteStore.open(directory: directory) { database in
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
                // SQLite's own schema, and the look at every table that opening takes.
                && !sql.contains("sqlite_schema") && !sql.contains("sqlite_master") && !sql.hasPrefix("SELECT * FROM \"")
        }
        #expect(queries.count > 40)
        // A check reads everything, whatever the plan.
        let checks = Set(
            ColumnRule.all.map(\.count) + [RunFindingStatement.goingOn, RunFindingStatement.endedEarly, CountAudit.trees]
                + [LimitStatement.parkedTenants, CountAudit.uncounted, CountTrees.types, CountTrees.tenants])
        // All keys, and all tenants, in their order, and what a transaction has changed: small tables, read whole because all of it
        // is asked for. And whether there is anything at all.
        let allowed = [
            "SCAN k", "SCAN t USING INDEX sqlite_autoindex_tenants_1", "SCAN t USING COVERING INDEX sqlite_autoindex_tenants_1",
            "SCAN run_changes", "SCAN run_counts", "SCAN r",
            // Every tick that waits, for a repair.
            "SCAN ticks USING INDEX ticks_waiting",
        ]
        let whetherThereIsAny = "SELECT 1 FROM runs LIMIT 1"
        // Looking for rows that wait for what is inserted, which SQLite would do if the transaction had any.
        let neverReached = ["SCAN start_keys", "SCAN tasks", "SCAN runs", "SCAN runs USING COVERING INDEX runs_type_created"]
        let awaited = ["INSERT OR FAIL INTO runs ", "INSERT INTO principals ", "INSERT INTO run_types "]
        var rowsOfRuns = 0
        try await withStore { store in
            for sql in queries.subtracting(checks).sorted() {
                // Runs are deleted without a look at what refers to them, and imported without one at what they refer to.
                let isImport = sql.hasPrefix("INSERT OR FAIL INTO runs ") && sql.contains("ON CONFLICT")
                let looksAtReferences = !isImport && !sql.hasPrefix("DELETE FROM runs ")
                for line in try await store.plan(sql, lookingAtReferences: looksAtReferences)
                where line.hasPrefix("SCAN") || line.contains("TEMP B-TREE") {
                    if sql == whetherThereIsAny, line.hasPrefix("SCAN runs USING COVERING INDEX runs_") { continue }
                    if awaited.contains(where: { sql.hasPrefix($0) }), neverReached.contains(line) { continue }
                    #expect(allowed.contains(line), "\(sql)")
                }
                // SQLite builds a tree for rows that are returned, and for each row whose rules list three values or more.
                let writesOneRowOfARun = ["runs", "tasks", "attempts", "run_counts"].contains { table in
                    ["INSERT INTO", "INSERT OR FAIL INTO", "INSERT OR REPLACE INTO"].contains { sql.hasPrefix("\($0) \(table) ") }
                        || ["UPDATE", "UPDATE OR FAIL"].contains { sql.hasPrefix("\($0) \(table) ") }
                            && ["position = ", "number = "].contains { sql.contains($0) } && !sql.contains(" FROM ")
                }
                if writesOneRowOfARun { #expect(try await !store.opcodes(sql).contains("OpenEphemeral"), "\(sql)") }
                rowsOfRuns += writesOneRowOfARun ? 1 : 0
            }
        }
        #expect(rowsOfRuns > 8)
    }

    /// In steps of SQLite's machine, which do not depend on the speed of this one.
    @Test func aPageCostsTheSameWhereverItIs() async throws {
        try await withStore { store in
            let random = SeededRandom(seed: 5)
            var history = RunHistory(4_000, random: random)
            // Many of one instant: the worst case for a list that would sort by id.
            for index in history.runs.indices where index % 2 == 0 { history.runs[index].createdAt = StoreBench.start }
            _ = try await store.importRuns(history.imported, into: history.tenant)
            for filter in [
                RunFilter(), RunFilter(type: RunHistory.types[0]), RunFilter(state: .failed), RunFilter(ended: TimeWindow()),
            ] {
                let sorted = history.list(filter)
                var costs: [Int] = []
                for place in [0, sorted.count / 2, sorted.count - 60] {
                    let cursor = place == 0 ? nil : RunCursor(of: sorted[place], in: filter.order)
                    let query = RunQuery(tenant: history.tenant, filter: filter, limit: 50, after: cursor)
                    costs.append(try await store.steps(query))
                }
                let cheapest = try #require(costs.min())
                #expect(costs.allSatisfy { $0 < cheapest * 3 / 2 && $0 < 51 * 100 }, "\(costs) for \(filter)")
            }
        }
    }
}

extension SQLiteStore {
    /// The lines of a statement's plan.
    fileprivate func plan(_ sql: String, lookingAtReferences: Bool = true) async throws -> [String] {
        try await pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA foreign_keys = \(lookingAtReferences ? "ON" : "OFF")")
            // GRDB's own call: it does not mind that nothing is bound.
            let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
            statement.setUncheckedArguments(StatementArguments())
            return try Row.fetchAll(statement).map { $0["detail"] }
        }
    }

    /// What SQLite's machine does for a statement.
    fileprivate func opcodes(_ sql: String) async throws -> Set<String> {
        try await pool.writeWithoutTransaction { database in
            let statement = try database.makeStatement(sql: "EXPLAIN " + sql)
            statement.setUncheckedArguments(StatementArguments())
            return Set(try Row.fetchAll(statement).map { $0["opcode"] })
        }
    }

    /// What a page costs.
    fileprivate func steps(_ query: RunQuery) async throws -> Int {
        try await read { database in
            let tenant = try #require(try database.number(of: query.tenant))
            let type = try query.filter.type.flatMap { try database.number(ofType: $0, in: tenant) }
            let list = RunListStatement(query, RunTimeline(tenant: tenant, type: type, clock: query.filter.order))
            let statement = try database.cachedStatement(sql: list.text).sqliteStatement
            _ = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1)
            let ids = try database.prepared(list.text).rows(list: list.values) { try $0.next(String.self) }
            #expect(ids.count == 51)
            return Int(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1))
        }
    }
}
