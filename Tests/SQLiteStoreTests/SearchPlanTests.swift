import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

/// The indexes that searches walk where nothing is filed under what they ask for.
@Suite struct SearchPlanTests {
    struct Walk: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var index: String
        var walks = 1
        var order = RunSortKey.created
        var filter: @Sendable (inout RunFilter) -> Void
    }

    static let walks = [
        Walk(testDescription: "reruns of a run", index: "runs_rerun_of") {
            $0.rerunOf = RunID(rawValue: "wf-1")
            $0.configurations = TextChoice("cg-daily")
            $0.states = [.failed]
        },
        Walk(testDescription: "a principal", index: "runs_created") { $0.principals = TextChoice(StoreBench.someone.id) },
        Walk(testDescription: "a workflow", index: "runs_created") { $0.configurations = TextChoice("cg-daily") },
        Walk(testDescription: "a state and an attribution", index: "runs_state_created") {
            $0.states = [.failed]
            $0.attributions = [.platform]
        },
        Walk(testDescription: "a type and labels", index: "runs_type_state_created") {
            $0.types = TextChoice("a.b")
            $0.labels.included = Set([RunLabel("team:crm")].compactMap(\.self))
        },
        Walk(testDescription: "words in runs of a type in a state", index: "runs_type_state_created") {
            $0.types = TextChoice("a.b")
            $0.states = [.failed, .canceled]
            if let word = SearchWord("reset") { $0.words.include(word) }
        },
        Walk(testDescription: "words, newest end first", index: "runs_ended", order: .ended) {
            if let word = SearchWord("reset") { $0.words.exclude(word) }
        },
        Walk(testDescription: "a workflow, newest end first", index: "runs_state_ended", order: .ended) {
            $0.configurations = TextChoice("cg-daily")
            $0.states = [.failed]
        },
        Walk(testDescription: "both windows, newest end first", index: "runs_ended", order: .ended) {
            $0.created = TimeWindow(from: StoreBench.start)
            $0.ended = TimeWindow(from: StoreBench.start, to: StoreBench.after(9))
        },
        Walk(testDescription: "runs that took some time, newest first", index: "runs_created") {
            $0.runtime = DurationWindow(from: .seconds(1))
        },
    ]

    @Test(arguments: walks, RunSort.Direction.allCases)
    func aSearchWalksAnIndexInTheOrderOfTheList(_ walk: Walk, _ direction: RunSort.Direction) async throws {
        try await withStoreOfOneType { store in
            try await store.forgetFiling()
            var filter = RunFilter()
            walk.filter(&filter)
            let cursor = RunCursor(key: walk.order, value: 2_000, id: RunID(rawValue: "wf-5"))
            for place in [nil, cursor] {
                let query = RunQuery(
                    tenant: StoreBench.acme, filter: filter, sort: RunSort(by: walk.order, direction), after: place)
                let plan = try await store.plan(store.search(query))
                expectMerge(plan, of: walk.walks, walk.index)
                let column = "\(walk.order.rawValue)_at"
                let sign = direction == .descending ? "<" : ">"
                // The search begins at its place: time and id bound the walk, not only the result.
                let isBounded = plan.contains { $0.contains("(\(column),id)\(sign)(?,?)") || $0.contains("\(column)\(sign)?") }
                #expect(place == nil || isBounded, "\(plan)")
            }
        }
    }

    /// A walk for each of too many types and states would read more than a search.
    @Test func walksAreAsManyAsOneStatementMerges() async throws {
        try await withEmbeddedStore { store in
            let names = (0..<RunWalks.most + 1).map { "type-\($0)" }
            try await store.add(types: names, in: [.failed, .canceled])
            func walks(_ count: Int, _ states: Set<RunState>?) async throws -> (walks: Int, isSearch: Bool) {
                let filter = RunFilter(states: states, types: TextChoice(included: Set(names.prefix(count).map { ExactText($0) })))
                return try await store.read { database in
                    let walks = try database.walks(RunQuery(tenant: StoreBench.acme, filter: filter))
                    return (walks.keys.count, !walks.readOnlyMatches)
                }
            }
            #expect(try await walks(RunWalks.most, [.failed, .inProgress]) == (RunWalks.most, false))
            #expect(try await walks(RunWalks.most + 1, [.failed, .inProgress]) == (2, true))
            #expect(try await walks(RunWalks.most / 2, nil) == (RunWalks.most, false))
            #expect(try await walks(RunWalks.most / 2 + 1, nil) == (1, true))
            #expect(try await walks(RunWalks.most / 2, [.failed, .canceled]) == (RunWalks.most, false))
            #expect(try await walks(RunWalks.most / 2 + 1, [.failed, .canceled]) == (2, true))
        }
    }

    @Test func aMatchIsReadByItsNumberAndItsNamesByTheirIndexes() async throws {
        try await withEmbeddedStore { store in
            for (statement, plan) in [
                (FoundRunStatement.byNumber, "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"),
                (PrincipalStatement.numbers, "SEARCH principals USING COVERING INDEX principals_id (tenant=? AND id=?)"),
                (TypeStatement.numbers, "SEARCH run_types USING COVERING INDEX sqlite_autoindex_run_types_1 (tenant=?)"),
                (ViewStatement.others, "SEARCH saved_views USING PRIMARY KEY (tenant=?)"),
                (SecretStatement.others, "SEARCH tenant_secrets USING PRIMARY KEY (tenant=?)"),
                (SecretStatement.version, "SEARCH tenant_secrets USING PRIMARY KEY (tenant=? AND name=?)"),
                (SecretStatement.reseal, "SEARCH tenant_secrets USING PRIMARY KEY (tenant=? AND name=?)"),
                (StatisticSelection.lastUnread, "SEARCH run_statistics USING PRIMARY KEY (tenant=? AND day>? AND day<?)"),
            ] {
                let found = try await store.plan(statement)
                #expect(found == [plan])
            }
        }
    }
}
