import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite struct QueryPlanTests {
    /// Every combination of the filters, on the first page, on a later one and on the way back, in both directions.
    static let queries: [RunQuery] = (0..<16).flatMap { combination -> [RunQuery] in
        [TimeWindow(from: StoreBench.start, to: StoreBench.after(9)), TimeWindow(from: StoreBench.start), TimeWindow()].flatMap {
            window -> [RunQuery] in
            let filter = RunFilter(
                created: combination & 1 != 0 ? window : nil, ended: combination & 2 != 0 ? window : nil,
                state: combination & 4 != 0 ? .failed : nil, type: combination & 8 != 0 ? "a.b" : nil)
            return RunSort.Direction.allCases.flatMap { pages(of: filter, RunSort(by: filter.sortKey, $0)) }
        }
    }

    static func pages(of filter: RunFilter, _ sort: RunSort) -> [RunQuery] {
        let value = sort.key == .runtime ? 5_000 : StoreBench.after(3).milliseconds
        let cursor = RunCursor(key: sort.key, value: value, id: RunID(rawValue: "wf-5"))
        return [
            RunQuery(tenant: StoreBench.acme, filter: filter, sort: sort),
            RunQuery(tenant: StoreBench.acme, filter: filter, sort: sort, after: cursor),
            RunQuery(tenant: StoreBench.acme, filter: filter, sort: sort, before: cursor),
        ]
    }

    @Test func everyListWalksItsIndexInTheOrderOfTheAnswer() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                for query in Self.queries {
                    let filter = query.filter
                    let statement = RunListStatement(query, RunSelection(tenant: 1, types: filter.someTypes))
                    let plan = QueryPlan(
                        try connection.rows("EXPLAIN " + statement.page, values: statement.pageValues) { try $0.next(String.self) })
                    let columns =
                        (filter.types.isEmpty ? "" : "_type") + (filter.states == nil ? "" : "_state")
                        + (filter.sortKey == .created ? "_created_at_id_idx" : "_ended_at_id_idx")
                    // The primary key is the index of no filter by creation.
                    plan.expectWalks(of: [columns == "_created_at_id_idx" ? "_pkey" : "_tenant" + columns])
                    guard filter.sortKey == .created else { continue }
                    // In lists by creation, months follow each other, and those outside are not opened.
                    #expect(!plan.contains("Merge Append"), "\(plan)")
                    let isCut = query.readingDirection == .descending ? query.after ?? query.before : nil
                    if isCut != nil || filter.created?.to != nil { #expect(plan.scans.count == 1, "\(plan)") }
                }
            }
        }
    }

    @Test(arguments: [RunSortKey.created, .ended], RunSort.Direction.allCases)
    func aListOfSeveralStatesOrTypesMergesAWalkForEach(_ key: RunSortKey, _ direction: RunSort.Direction) async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                let types = NumberChoice.of([1, 2, 3])
                for (states, types) in [(3, .any), (1, types), (2, types), (0, types)] as [(Int, NumberChoice)] {
                    let some = RunState.allCases.filter(\.hasEnded).prefix(states)
                    var filter = RunFilter(ended: key == .ended ? TimeWindow() : nil, states: states == 0 ? nil : Set(some))
                    if types != .any { filter.types = TextChoice(included: ["a", "b", "c"]) }
                    for query in Self.pages(of: filter, RunSort(by: key, direction)) {
                        let statement = RunListStatement(query, RunSelection(tenant: 1, types: types))
                        let plan = QueryPlan(
                            try connection.rows("EXPLAIN " + statement.page, values: statement.pageValues) {
                                try $0.next(String.self)
                            })
                        let columns = (types == .any ? "" : "_type") + (states == 0 ? "" : "_state")
                        plan.expectWalks(of: ["_tenant\(columns)_\(key.rawValue)_at_id_idx"])
                        // Each walk ends with the page, and nothing is sorted.
                        #expect(plan.contains("Merge Append"), "\(plan)")
                        let walks = max(states, 1) * (types == .any ? 1 : 3)
                        #expect(plan.lines.filter { $0.contains("Limit") }.count == walks + 1, "\(plan)")
                    }
                }
            }
        }
    }

    @Test(arguments: RunSort.Direction.allCases)
    func listsOfRerunsAndByRuntimeHaveIndexes(_ direction: RunSort.Direction) async throws {
        var reruns = RunFilter()
        reruns.rerunOf = RunID(rawValue: "wf-1")
        var runtime = RunFilter(ended: TimeWindow())
        runtime.runtime = DurationWindow(from: .seconds(1), to: .seconds(9))
        let lists: [(RunFilter, RunSortKey, Set<String>)] = [
            (reruns, .created, ["_tenant_rerun_of_created_at_id_idx"]), (runtime, .runtime, ["_tenant_expr_id_idx"]),
            (RunFilter(ended: TimeWindow()), .runtime, ["_tenant_expr_id_idx"]),
        ]
        try await TestDatabase.with { database in
            try await database.session { connection in
                for (filter, key, indexes) in lists {
                    #expect(RunWalks(filter, by: key, RunSelection(tenant: 1)).areComplete)
                    for query in Self.pages(of: filter, RunSort(by: key, direction)) {
                        let statement = RunListStatement(query, RunSelection(tenant: 1))
                        let plan = QueryPlan(
                            try connection.rows("EXPLAIN " + statement.page, values: statement.pageValues) {
                                try $0.next(String.self)
                            })
                        plan.expectWalks(of: indexes)
                    }
                }
            }
        }
    }

    @Test func thePagesOfAWorkflowReadTheirRowsByKey() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                let run = RunID(rawValue: "wf-20231114-00001-abcdef")
                let tasks = try connection.reusedPlan(
                    TaskResultStatement.ofRun, [1, run, StoreBench.start, 24, TaskState.failed, 48])
                #expect(!tasks.contains("Seq Scan"), "\(tasks)")
                let versions = try connection.reusedPlan(VersionStatement.ofConfiguration, [1, "cg-daily", 3, 50])
                #expect(versions.contains("configuration_versions_tenant_configuration_version_key"), "\(versions)")
                #expect(!versions.contains("->  Sort"), "\(versions)")
                let code = try connection.reusedPlan(VersionStatement.code, [1, "etv-1"])
                #expect(!code.contains("Seq Scan"), "\(code)")
                let current = try connection.reusedPlan(VersionStatement.currentCode, [1, "cg-daily"])
                #expect(!current.contains("Seq Scan"), "\(current)")
            }
        }
    }

    @Test func theEndOfARunReadsItsSubscribersByTheirKey() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                let run = RunID(rawValue: "wf-20231114-00001-abcdef")
                let plan = try connection.reusedPlan(SubscriptionStatement.alertedRun, [1, StoreBench.start, run])
                #expect(plan.contains("run_subscriptions_pkey"), "\(plan)")
                let list = try connection.reusedPlan(SubscriptionStatement.list, [1, Column([run])])
                #expect(list.contains("run_subscriptions_pkey"), "\(list)")
                let ofReceiver = try connection.reusedPlan(SubscriptionStatement.deleteOfReceiver, [1, "ops"])
                #expect(ofReceiver.contains("run_subscriptions_receiver"), "\(ofReceiver)")
            }
        }
    }

    @Test func firingsAndTriggersAreReadByTheirIndexes() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                let now = StoreBench.start
                let plans: [(sql: String, values: [any SQLValue], index: String)] = [
                    (FiringStatement.triggersAfter, [1, "cg-daily"], "after_triggers_pkey"),
                    (FiringStatement.deleteTriggers, [1, "cg-daily"], "after_triggers_configuration"),
                    // Two indexes have tenant and id. In an empty table they cost the same.
                    (FiringStatement.one, [1, "after_1"], "firings_"),
                    (FiringStatement.afterRun, [1, "after_1_", "after_1`", 100], "firings_pkey"),
                    (FiringStatement.page, [1, "cg-daily", now, now, now, "a", 101], "firings_configuration"),
                    (FiringStatement.waiting, [now, 50], "firings_due"),
                    (FiringStatement.deleteOld, [1, now, 100], "firings_age"),
                ]
                for (sql, values, index) in plans {
                    let plan = try connection.reusedPlan(sql, values)
                    #expect(plan.contains(index) && !plan.contains("Seq Scan on"), "\(plan)")
                    #expect(!plan.contains("->  Sort"), "\(plan)")
                }
            }
        }
    }

    @Test func secretsAreReadByTheirKeyAndMasterKeysByTheirIndex() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                let (now, bytes) = (StoreBench.start, [UInt8]([1]))
                let plans: [(sql: String, values: [any SQLValue], index: String)] = [
                    (SecretStatement.facts, [1], "tenant_secrets_pkey"), (SecretStatement.all, [1], "tenant_secrets_pkey"),
                    (SecretStatement.one, [1, "warehouse"], "tenant_secrets_pkey"),
                    // The number of the tenant's other secrets.
                    (SecretStatement.set, [1, "warehouse", "k", bytes, 1, now, 100], "tenant_secrets_pkey"),
                    (SecretStatement.reseal, ["k", bytes, 1, "warehouse", bytes], "tenant_secrets_pkey"),
                    (SecretStatement.delete, [1, "warehouse"], "tenant_secrets_pkey"),
                    (SecretStatement.keys, [], "tenant_secrets_key"),
                ]
                for (sql, values, index) in plans {
                    let plan = try connection.reusedPlan(sql, values)
                    #expect(plan.contains(index) && !plan.contains("Seq Scan"), "\(plan)")
                    #expect(!plan.contains("Sort"), "\(plan)")
                }
            }
        }
    }

    @Test func aPageCostsTheSameWhereverItIs() async throws {
        try await TestDatabase.withStore { store in
            try await RunHistory.measurePages(of: store) { query in
                try await store.buffers(query)
            } check: { filter, costs in
                // In pages of the server: one per run at most, and the inner pages of the index.
                #expect(costs.allSatisfy { $0 < 51 + 40 }, "\(costs) for \(filter)")
            }
        }
    }
}

extension PostgresStore {
    /// The number of the server's pages that a page of a list reads.
    fileprivate func buffers(_ query: RunQuery) async throws -> Int {
        try await read { database in
            let tenant = try #require(try database.number(of: query.tenant))
            let selection = try #require(try RunSelection(query.filter, tenant: tenant, in: database))
            let list = RunListStatement(query, selection)
            let plan = try database.rows(
                "EXPLAIN (ANALYZE, BUFFERS, TIMING off, SUMMARY off) " + list.page, values: list.pageValues
            ) { try $0.next(String.self) }
            let line = try #require(plan.first { $0.contains("Buffers: shared") })
            return line.split(separator: " ").compactMap { word in
                word.hasPrefix("hit=") || word.hasPrefix("read=") ? Int(word.split(separator: "=")[1]) : nil
            }.reduce(0, +)
        }
    }
}

extension RunFilter {
    /// A number for the filter's type, if it has one.
    var someTypes: NumberChoice { types.isEmpty ? .any : .of([1]) }
}
