import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite("A search walks indexes in the order of the list") struct SearchPlanTests {
    /// A filter, the order of its list, and the indexes of its walks.
    struct Search: Sendable, CustomTestStringConvertible {
        var filter: RunFilter
        var types = NumberChoice.any
        var key: RunSortKey
        var indexes: Set<String>

        var testDescription: String { "\(filter.texts) by \(key)" }

        init(_ filter: RunFilter, types: NumberChoice = .any, by key: RunSortKey, _ indexes: String...) {
            self.filter = filter
            self.types = types
            self.key = key
            self.indexes = Set(indexes)
        }
    }

    private static func filter(_ change: (inout RunFilter) -> Void) -> RunFilter {
        var filter = RunFilter()
        filter.attemptsFrom = 2
        change(&filter)
        return filter
    }

    static let searches = [
        Search(filter { _ in }, by: .created, "_pkey"),
        Search(filter { $0.states = [.failed] }, by: .created, "_tenant_state_created_at_id_idx"),
        Search(filter { $0.states = [.failed, .canceled] }, by: .created, "_tenant_state_created_at_id_idx"),
        Search(filter { $0.types = TextChoice("a") }, types: .of([1]), by: .created, "_tenant_type_created_at_id_idx"),
        Search(
            filter { ($0.states, $0.types) = ([.failed], TextChoice("a")) }, types: .of([1, 2]), by: .created,
            "_tenant_type_state_created_at_id_idx"),
        // Three types in three states are more walks than a statement has.
        Search(
            filter { ($0.states, $0.types) = ([.failed, .canceled, .succeeded], TextChoice("a")) }, types: .of([1, 2, 3]),
            by: .created, "_tenant_type_created_at_id_idx"),
        Search(
            filter { ($0.states, $0.types) = ([.failed, .canceled], TextChoice("a")) }, types: .of(Set(1...20)), by: .created,
            "_tenant_state_created_at_id_idx"),
        Search(filter { $0.types = TextChoice("a") }, types: .of(Set(1...20)), by: .created, "_pkey"),
        Search(filter { $0.types.excluded = ["a"] }, types: .except([1]), by: .created, "_pkey"),
        // Without marks.
        Search(filter { $0.configurations = TextChoice("cg") }, by: .created, "_pkey"),
        Search(filter { $0.configurations.excluded = ["cg"] }, by: .created, "_pkey"),
        Search(
            filter { ($0.rerunOf, $0.states) = (RunID(rawValue: "wf"), [.failed]) }, by: .created,
            "_tenant_rerun_of_created_at_id_idx"),
        Search(filter { $0.ended = TimeWindow() }, by: .ended, "_tenant_ended_at_id_idx"),
        Search(
            filter { ($0.ended, $0.states) = (TimeWindow(to: StoreBench.start), [.failed, .canceled]) }, by: .ended,
            "_tenant_state_ended_at_id_idx"),
        Search(
            filter { ($0.ended, $0.created) = (TimeWindow(), TimeWindow(from: StoreBench.start)) }, by: .ended,
            "_tenant_ended_at_id_idx"),
        Search(filter { $0.ended = TimeWindow() }, by: .runtime, "_tenant_expr_id_idx"),
        Search(
            filter { ($0.ended, $0.runtime, $0.states) = (TimeWindow(), DurationWindow(from: .seconds(5)), [.failed]) },
            types: .of([1, 2]), by: .runtime, "_tenant_expr_id_idx"),
    ]

    private func statements(
        of search: Search, _ direction: RunSort.Direction, after cursor: RunCursor?
    ) -> [SearchStatement] {
        let selection = RunSelection(tenant: 1, types: search.types)
        let walks = RunWalks(search.filter, by: search.key, selection)
        #expect(!walks.areComplete)
        let search = StoreSearch(search.filter, selection, walks, direction, after: cursor)
        return [
            SearchStatement(search, reading: 256, returning: 101, RunColumns.list),
            SearchStatement(search, reading: 256, by: []), SearchStatement(search, reading: 256, by: ["state", "principal"]),
        ]
    }

    @Test(arguments: searches, RunSort.Direction.allCases)
    func everyWalkHasItsIndexAndNothingIsSorted(_ search: Search, _ direction: RunSort.Direction) async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                let cursor = RunCursor(key: search.key, value: 5, id: RunID(rawValue: "wf-5"))
                for cursor in [nil, cursor] {
                    for statement in statements(of: search, direction, after: cursor) {
                        for plan in [
                            QueryPlan(
                                try connection.rows("EXPLAIN " + statement.sql, values: statement.values) {
                                    try $0.next(String.self)
                                }),
                            try connection.reusedPlan(statement.sql, statement.values),
                        ] where !plan.scans.isEmpty {
                            plan.expectWalks(of: search.indexes)
                        }
                    }
                }
            }
        }
    }

    @Test func aSearchByEndOpensOnlyTheMonthsOfItsWindowOnCreation() async throws {
        try await TestDatabase.with { database in
            try await database.session { connection in
                let window = TimeWindow(from: StoreBench.start, to: StoreBench.after(1))
                let filter = Self.filter { ($0.ended, $0.created) = (TimeWindow(), window) }
                for statement in statements(of: Search(filter, by: .ended), .descending, after: nil) {
                    let plan = try connection.reusedPlan(statement.sql, statement.values)
                    #expect(plan.scans.count == 1, "\(plan)")
                }
            }
        }
    }

    /// Planning takes longer than a step where there are many months.
    @Test func searchesForDifferentThingsHaveOneStatement() {
        let selection = RunSelection(tenant: 1)
        let texts = Set(
            Self.searches.filter { $0.indexes == ["_pkey"] }.map { search in
                let walks = RunWalks(search.filter, by: .created, selection)
                let search = StoreSearch(search.filter, selection, walks, .descending)
                return ExactText(SearchStatement(search, reading: 256, returning: 101, RunColumns.list).sql)
            })
        #expect(texts.count == 1)
    }
}
