import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

/// Lists, totals and facets of filed runs, and of those that are not filed yet.
@Suite struct FiledListTests {
    private static let step = SearchBudget.step
    /// Of a history of two weeks.
    private static let window = TimeWindow(from: StoreBench.after(3 * 86_400), to: StoreBench.after(10 * 86_400))

    /// A filter for each dimension, with a value that many runs have, and one with several values.
    private static let filters: [RunFilter] = {
        let texts: [KeyValuePairs<RunFilterField, String>] = [
            [.configuration: "cg-daily"], [.configuration: "cg-daily", .configuration: "größe", .configuration: "cg-none"],
            [.principal: "u-1"], [.principal: "u-none"], [.attribution: "customer"],
            [.attribution: "customer", .attribution: "platform"],
            [.errorType: "weir.task.command/exit"], [.label: "team:crm"], [.schedule: "default"], [.runMode: "full"],
            [.attemptsFrom: "2"], [.hasWarnings: "true"],
        ]
        return texts.compactMap { texts in
            var filter = RunFilter()
            for (field, text) in texts { try? filter.add(text, to: field) }
            return filter
        }
    }()

    /// The filter alone, with states, and with windows.
    private static func variants(_ filter: RunFilter) -> [RunFilter] {
        let states: [Set<RunState>?] = [nil, [.failed], [.failed, .canceled, .inProgress], [.scheduled]]
        let windows: [(created: TimeWindow?, ended: TimeWindow?)] = [
            (nil, nil), (window, nil), (nil, window), (window, TimeWindow(from: window.from)),
        ]
        var variants: [RunFilter] = []
        for states in states {
            for (created, ended) in windows {
                var variant = filter
                (variant.states, variant.created, variant.ended) = (states, created, ended)
                variants.append(variant)
            }
        }
        return variants
    }

    /// Runs `body` with filed runs, ended ones that are not filed, and some that go on.
    private static func withMixedRuns(_ body: (SQLiteStore, StoreBench, RunsInMemory) async throws -> Void) async throws {
        try await withEmbeddedStore(time: TestClock()) { store in
            let bench = StoreBench(store, seed: 5)
            let history = VariedHistory(6_000, over: .weeks, random: bench.random)
            let ended = history.runs.filter { $0.endedAt != nil }
            try await bench.importAll(ended)
            try await store.fileAll()
            let others = VariedHistory(150, over: .weeks, random: bench.random).runs
            try await bench.importAll(others)
            try await body(store, bench, RunsInMemory(ended + others))
        }
    }

    private static func expectPages(
        _ query: RunQuery, _ runs: RunsInMemory, _ store: SQLiteStore, upTo pages: Int
    ) async throws {
        var query = query
        for _ in 0..<pages {
            let page = try await store.runs(matching: query)
            let problem = runs.problem(with: page, for: query) ?? runs.problem(with: page.total, for: query)
            #expect(problem == nil, "\(query.filter)")
            guard let next = page.next else { return }
            (query.after, query.withTotal) = (next, false)
        }
    }

    @Test func facetsOfStatesAndWindowsAreExactWhateverTheHistory() async throws {
        try await Self.withMixedRuns { store, _, runs in
            for filter in Self.variants(RunFilter()) {
                let facets: Set<RunFacet> = [.state, .configuration, .attribution, .errorType, .principal]
                for facets in [facets, facets.union([.type]), [.configuration]] {
                    var query = FacetQuery(tenant: StoreBench.acme, filter: filter, facets: facets, limit: 3)
                    query.budget = SearchBudget(time: .zero)
                    let found = try await store.facets(matching: query)
                    #expect(found.total.exact != nil, "\(filter)")
                    #expect(runs.problem(with: found, for: query) == nil, "\(filter)")
                }
            }
        }
    }

    @Test func aDeletedRunIsOnNoPageAndInNoCount() async throws {
        try await Self.withMixedRuns { store, bench, runs in
            var runs = runs
            let cutoff = StoreBench.after(4 * 86_400)
            try await bench.deleteEnded(createdBefore: cutoff)
            for run in runs.list(RunFilter(), RunSort(by: .created)) where run.endedAt != nil && run.createdAt < cutoff {
                runs.remove(run.id)
            }
            for filter in Self.filters {
                var query = RunQuery(
                    tenant: StoreBench.acme, filter: filter, sort: RunSort(by: .created, .ascending), limit: 50, withTotal: true)
                query.budget = SearchBudget(time: .zero)
                #expect(try await store.runs(matching: query).total?.exact != nil)
                try await Self.expectPages(query, runs, store, upTo: 2)
            }
            let longest = RunQuery(tenant: StoreBench.acme, sort: RunSort(by: .runtime), limit: 500, withTotal: true)
            try await Self.expectPages(longest, runs, store, upTo: 4)
        }
    }

    @Test func otherFiltersAreSearchedAmongTheFewestRuns() async throws {
        try await Self.withMixedRuns { store, _, runs in
            // Few runs have the error, and many the label.
            let filter = try RunFilter.reading([.label: "team:crm", .errorType: "a.b/%_", .notPrincipal: "u-1"])
            for sort in [RunSort(by: .created), RunSort(by: .created, .ascending)] {
                var query = RunQuery(tenant: StoreBench.acme, filter: filter, sort: sort, limit: 400, withTotal: true)
                query.budget = SearchBudget(time: .seconds(600), runs: 2 * Self.step)
                let page = try await store.runs(matching: query)
                #expect(runs.list(filter, sort) == page.runs && !page.endedEarly)
                #expect(page.total == .exactly(page.runs.count))
            }
        }
    }

    /// With more, all runs are searched until they are filed.
    @Test func filedRunsAreUsedWhileFewOthersAreAtRest() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let runs = (0..<FilingState.mostUnfiled).map { bench.endedRun("wf-\($0)", at: Double($0)) }
            try await bench.importAll(runs)
            let filter = try RunFilter.reading([.principal: StoreBench.someone.id])
            func keys() async throws -> [WalkKey] {
                try await store.read { try $0.walks(RunQuery(tenant: StoreBench.acme, filter: filter)).keys }
            }
            // Nothing is filed under the principal yet.
            #expect(try await keys() == [])
            #expect(try await bench.ids(filter).count == runs.count)
            try await bench.importAll([bench.endedRun("wf-more", at: 1_000)])
            #expect(try await keys() == [.all])
            #expect(try await bench.ids(filter).count == runs.count + 1)
            try await store.fileAll()
            let filed = try await keys()
            #expect(filed.count == 1 && filed[0].ordered == .marks)
            #expect(try await bench.ids(filter).count == runs.count + 1)
        }
    }

    /// Their marks would have to be sorted by id.
    @Test func marksOfACrowdedMillisecondAreNotWalked() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let filter = try RunFilter.reading([.principal: StoreBench.someone.id])
            func keys() async throws -> [WalkKey] {
                try await store.read { try $0.walks(RunQuery(tenant: StoreBench.acme, filter: filter)).keys }
            }
            let most = Int(CountNode.splitAbove)
            try await bench.importAll((0..<most).map { bench.endedRun("wf-\($0)") })
            try await store.fileAll()
            let filed = try await keys()
            #expect(filed.count == 1 && filed[0].ordered == .marks)
            try await bench.importAll([bench.endedRun("wf-more")])
            try await store.fileAll()
            #expect(try await keys() == [.all])
            // A total needs no order.
            var query = RunQuery(tenant: StoreBench.acme, filter: filter, limit: 20, withTotal: true)
            query.budget = SearchBudget(time: .zero)
            #expect(try await store.runs(matching: query).total == .exactly(most + 1))
            #expect(try await bench.ids(filter).count == 1_000)
        }
    }

    @Test func aListByRuntimeWaitsUntilAnEarlierHistoryIsFiled() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            try await bench.importAll([bench.endedRun("wf-1", took: .seconds(5)), bench.endedRun("wf-2", took: .seconds(9))])
            try await store.forgetFiling()
            let query = RunQuery(tenant: StoreBench.acme, sort: RunSort(by: .runtime), withTotal: true)
            let error = await #expect(throws: StoreError.self) { try await store.runs(matching: query) }
            #expect(error?.code == .notReady)
            // A total needs no order.
            var counted = RunQuery(tenant: StoreBench.acme, withTotal: true)
            counted.filter.runtime = DurationWindow(from: .seconds(6))
            #expect(try await store.runs(matching: counted).total == .exactly(1))
            try await store.fileAll()
            #expect(try await store.runs(matching: query).runs.map(\.id.rawValue) == ["wf-2", "wf-1"])
            #expect(try await store.runs(matching: counted).total == .exactly(1))
        }
    }
}
