import SQLiteTestKit
import StoreCore
import Synchronization
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

/// Searches at the edges of their budgets.
@Suite struct SearchBudgetTests {
    /// A clock that goes on by 10 ms each time that it is read.
    private final class SteppingClock: TimeSource {
        private let readings = Mutex(0)

        var now: Timestamp { StoreBench.start }
        var elapsed: Duration {
            readings.withLock { readings in
                readings += 1
                return .milliseconds(10 * readings)
            }
        }
        func sleep(for duration: Duration) async throws {}
    }

    private static let step = SearchBudget.step

    /// Runs that were created a second after each other, the first of them with an attempt more.
    private static func runs(_ count: Int) -> [WorkflowRun] {
        (0..<count).map { index in
            WorkflowRun(
                id: RunID(rawValue: "wf-\(index)"), tenant: StoreBench.acme, name: "Daily", type: "a.b", state: .succeeded,
                createdAt: StoreBench.after(Double(index)), endedAt: StoreBench.after(Double(index + index % 7)),
                principal: StoreBench.someone, attempts: index == 0 ? 2 : 1)
        }
    }

    private static func query(_ budget: SearchBudget, after: RunCursor? = nil) -> RunQuery {
        var filter = RunFilter()
        filter.attemptsFrom = 2
        var query = RunQuery(tenant: StoreBench.acme, filter: filter, limit: 5, after: after, withTotal: true)
        query.budget = budget
        return query
    }

    private static func withRuns(
        _ count: Int, time: any TimeSource = TestClock(), _ body: (SQLiteStore) async throws -> Void
    ) async throws {
        try await withEmbeddedStore(time: time) { store in
            _ = try await store.importRuns(runs(count).map { ImportedRun(run: $0) }, into: StoreBench.acme)
            try await body(store)
        }
    }

    @Test func aSearchEndsAfterTheLastRunOfItsBudgetAndGoesOnBehindIt() async throws {
        try await Self.withRuns(2 * Self.step + 1) { store in
            let budget = SearchBudget(time: .seconds(60), runs: Self.step)
            let runs = Array(Self.runs(2 * Self.step + 1).reversed())
            var after: RunCursor?
            for page in 1...2 {
                let found = try await store.runs(matching: Self.query(budget, after: after))
                #expect(found.runs.isEmpty && found.endedEarly)
                #expect(found.total == .moreThan(0))
                after = RunCursor(of: runs[page * Self.step - 1], by: .created)
                #expect(found.next == after)
            }
            let last = try await store.runs(matching: Self.query(budget, after: after))
            #expect(last.runs.map(\.id.rawValue) == ["wf-0"] && !last.endedEarly && last.next == nil)
        }
    }

    @Test func aSearchThatReadsTheLastRunWithTheLastOfItsBudgetIsComplete() async throws {
        try await Self.withRuns(Self.step) { store in
            let page = try await store.runs(matching: Self.query(SearchBudget(time: .zero, runs: Self.step)))
            #expect(page.runs.map(\.id.rawValue) == ["wf-0"] && !page.endedEarly && page.next == nil)
            #expect(page.total == .exactly(1))
        }
    }

    /// The clock is read when the search begins and after each step.
    @Test func theTimeOfASearchIsMeasuredAfterEachStep() async throws {
        try await Self.withRuns(8 * Self.step, time: SteppingClock()) { store in
            var query = Self.query(SearchBudget(time: .milliseconds(50)))
            query.withTotal = false
            let page = try await store.runs(matching: query)
            #expect(page.endedEarly)
            #expect(page.next == RunCursor(of: Self.runs(8 * Self.step)[3 * Self.step], by: .created))
        }
    }

    @Test func aSearchPagesBackWithinItsBudget() async throws {
        try await Self.withRuns(2 * Self.step) { store in
            var query = Self.query(SearchBudget(time: .zero, runs: Self.step))
            query.sort = RunSort(by: .created, .ascending)
            // Before the second run there is the one that matches; on the way to it nothing.
            query.before = RunCursor(of: Self.runs(2 * Self.step)[2 * Self.step - 1], by: .created)
            let page = try await store.runs(matching: query)
            #expect(page.runs.isEmpty && page.endedEarly)
            #expect(page.previous == RunCursor(of: Self.runs(2 * Self.step)[Self.step - 1], by: .created))
            query.before = page.previous
            let found = try await store.runs(matching: query)
            #expect(found.runs.map(\.id.rawValue) == ["wf-0"] && found.previous == nil && !found.endedEarly)
        }
    }

    @Test func aFullPageIsNotOneThatEndedEarly() async throws {
        try await Self.withRuns(2 * Self.step) { store in
            var query = Self.query(SearchBudget(time: .zero, runs: Self.step))
            query.filter.attemptsFrom = 1
            query.limit = Self.step - 1
            let page = try await store.runs(matching: query)
            #expect(page.runs.count == query.limit && !page.endedEarly)
            query.limit = Self.step
            // The run behind the page was not read.
            let whole = try await store.runs(matching: query)
            #expect(
                whole.runs.count == query.limit && whole.endedEarly
                    && whole.next == RunCursor(of: whole.runs[query.limit - 1], by: .created))
        }
    }

    /// Three messages are shorter than the texts of a step, and four are longer.
    @Test func longTextsAreAStepToo() async throws {
        try await withEmbeddedStore(time: TestClock()) { store in
            let message = String(repeating: "No. ", count: SearchMeter.textBytes / 14)
            let runs = Self.runs(8).map { run in
                var run = run
                run.error = RunError(attribution: .customer, type: "test/failed", message: message)
                return run
            }
            _ = try await store.importRuns(runs.map { ImportedRun(run: $0) }, into: StoreBench.acme)
            var query = RunQuery(tenant: StoreBench.acme, limit: 5)
            query.filter.words.include(try #require(SearchWord("yes")))
            query.budget = SearchBudget(time: .zero)
            let page = try await store.runs(matching: query)
            #expect(page.endedEarly && page.next == RunCursor(of: runs[4], by: .created))
            query.after = page.next
            #expect(try await !store.runs(matching: query).endedEarly)
            // The messages of runs that do not match are not read.
            query.after = nil
            query.filter.runtime = DurationWindow(from: .seconds(100))
            #expect(try await !store.runs(matching: query).endedEarly)
        }
    }

    /// The counts tell where the runs that ended in a window were created: a search reads no others.
    @Test func aSearchWithAWindowOnEndsReadsOnlyWhereItsRunsCanBe() async throws {
        try await withEmbeddedStore(time: TestClock()) { store in
            var history = RunHistory(5_000, over: .weeks, random: SeededRandom(seed: 12))
            for index in history.runs.indices where history.runs[index].endedAt != nil {
                history.runs[index].endedAt = history.runs[index].createdAt + .seconds(index % 3_000)
            }
            _ = try await store.importRuns(history.imported, into: history.tenant)
            // The first hour of the history, in a list that begins with the last one.
            var filter = RunFilter(
                created: TimeWindow(), ended: TimeWindow(from: StoreBench.start, to: StoreBench.after(3_600)))
            filter.principals = TextChoice("u-1")
            var query = RunQuery(tenant: history.tenant, filter: filter, limit: 1_000, withTotal: true)
            query.budget = SearchBudget(time: .seconds(60), runs: 2 * Self.step)
            let page = try await store.runs(matching: query)
            let expected = history.list(filter)
            #expect(!expected.isEmpty)
            #expect(page.runs == expected && !page.endedEarly && page.total == .exactly(expected.count))
        }
    }

    @Test func facetsAndChartsCountTheNewestRunsOfTheirBudget() async throws {
        try await Self.withRuns(3 * Self.step) { store in
            var filter = RunFilter()
            filter.principals = TextChoice(StoreBench.someone.id)
            var query = FacetQuery(tenant: StoreBench.acme, filter: filter, facets: [.principal, .state])
            query.budget = SearchBudget(time: .zero, runs: Self.step)
            let some = try await store.facets(matching: query)
            #expect(some.total == .moreThan(Self.step))
            #expect(some.values[.principal] == [.init(text: StoreBench.someone.id, runs: Self.step)])
            var chart = RunCountQuery(tenant: StoreBench.acme, filter: filter, step: .day)
            let whole = try await store.runCounts(matching: chart)
            #expect(whole.isComplete && whole.steps.map(\.total).reduce(0, +) == 3 * Self.step)
            chart.budget = query.budget
            let part = try await store.runCounts(matching: chart)
            #expect(!part.isComplete && part.steps.map(\.total).reduce(0, +) == Self.step)
            query.budget.runs = 3 * Self.step
            query.budget.time = .seconds(60)
            let all = try await store.facets(matching: query)
            #expect(all.total == .exactly(3 * Self.step))
            #expect(all.values[.state] == [.init(text: "succeeded", runs: 3 * Self.step)])
        }
    }
}
