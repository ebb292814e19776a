import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite("A search keeps its budget") struct SearchBudgetTests {
    @Test func stepsGrowWhileTheyAreQuick() {
        let clock = TestClock()
        var steps = SearchSteps(SearchBudget(time: .seconds(60)), time: clock)
        var sizes: [Int] = []
        for _ in 0..<6 {
            sizes.append(steps.next())
            steps.end(reading: sizes[sizes.count - 1])
        }
        #expect(sizes == [256, 512, 1_024, 2_048, 4_096, 4_096])
        #expect(SearchSteps.most == 4_096)
        for size in [4_096, 2_048, 1_024, 512, 256, 256] {
            #expect(steps.next() == size)
            clock.advance(by: SearchSteps.usualTime)
            steps.end(reading: size)
        }
    }

    @Test func theLastStepEndsWithTheRunsOfTheBudget() {
        var steps = SearchSteps(SearchBudget(time: .seconds(60), runs: 1_024), time: TestClock())
        for size in [256, 512, 256] {
            #expect(!steps.isUsedUp)
            #expect(steps.next() == size)
            steps.end(reading: size)
        }
        #expect(steps.isUsedUp)
    }

    @Test func aStepThatEndedEarlyIsCompleted() {
        var steps = SearchSteps(SearchBudget(time: .zero, runs: 256), time: TestClock())
        #expect(steps.next() == 256)
        steps.end(reading: 64)
        #expect(!steps.isUsedUp && steps.next() == 192)
        steps.end(reading: 192)
        #expect(steps.isUsedUp)
    }

    @Test func timeEndsASearchButNotBeforeItsFirstStep() {
        let clock = TestClock()
        var steps = SearchSteps(SearchBudget(time: .milliseconds(50)), time: clock)
        clock.advance(by: .milliseconds(51))
        #expect(!steps.isUsedUp)
        steps.end(reading: steps.next())
        #expect(steps.isUsedUp)
        var others = SearchSteps(SearchBudget(time: .milliseconds(50)), time: clock)
        others.end(reading: others.next())
        clock.advance(by: .milliseconds(49))
        #expect(!others.isUsedUp)
        clock.advance(by: .milliseconds(1))
        #expect(others.isUsedUp)
    }

    @Test func longTextsAreReadAFewAtATime() {
        var candidates = CandidateCount()
        var counts: [Int] = []
        for _ in 0..<6 {
            counts.append(candidates.most)
            candidates.change(after: CandidateCount.bytes - 1)
        }
        #expect(counts == [64, 128, 256, 512, 1_024, 1_024])
        for count in [1_024, 256, 64, 16, 4, 4] {
            #expect(candidates.most == count)
            candidates.change(after: CandidateCount.bytes)
        }
    }

    /// The last of so many runs is the only one with two attempts.
    private func history(_ count: Int) -> [WorkflowRun] {
        (0..<count).map { number in
            WorkflowRun(
                id: RunID(rawValue: "wf-20231114-\(100_000 - number)"), tenant: StoreBench.acme, name: "Daily", type: "a.b",
                state: .succeeded, createdAt: StoreBench.after(Double(-number)), endedAt: StoreBench.start,
                principal: StoreBench.someone, attempts: number == count - 1 ? 2 : 1)
        }
    }

    private func page(_ store: PostgresStore, runs: Int?, word: String? = nil) async throws -> RunPage {
        var filter = RunFilter()
        filter.attemptsFrom = 2
        if let word { filter.words.include(try #require(SearchWord(word))) }
        var query = RunQuery(tenant: StoreBench.acme, filter: filter, limit: 10, withTotal: true)
        query.budget = runs.map { SearchBudget(time: StoreBench.patience.time, runs: $0) } ?? SearchBudget(time: .zero)
        return try await store.runs(matching: query)
    }

    @Test(arguments: [nil, "daily"])
    func aRunAtTheEndOfTheBudgetIsFoundAndTheOneAfterItIsNot(word: String?) async throws {
        try await TestDatabase.withStore { store in
            let runs = history(513)
            _ = try await store.importRuns(runs.map { ImportedRun(run: $0) }, into: StoreBench.acme)
            // 512 runs are read: all but the one.
            let short = try await page(store, runs: 512, word: word)
            #expect(short.runs.isEmpty && short.endedEarly && short.total == .moreThan(0))
            #expect(short.next == RunCursor(of: runs[511], by: .created))
            let whole = try await page(store, runs: 768, word: word)
            #expect(whole.runs == [runs[512]] && !whole.endedEarly && whole.next == nil && whole.total == .exactly(1))
            // Without any time a page reads one step.
            #expect(try await page(store, runs: nil, word: word).next == RunCursor(of: runs[255], by: .created))
        }
    }

    @Test func aSearchThatEndsWithItsBudgetGoesOnToAnEmptyPage() async throws {
        try await TestDatabase.withStore { store in
            let runs = history(512)
            _ = try await store.importRuns(runs.map { ImportedRun(run: $0) }, into: StoreBench.acme)
            let page = try await page(store, runs: 512)
            #expect(page.runs == [runs[511]] && page.endedEarly && page.next != nil && page.total == .moreThan(1))
            var next = RunQuery(tenant: StoreBench.acme)
            next.after = page.next
            next.filter.attemptsFrom = 2
            let last = try await store.runs(matching: next)
            #expect(last.runs.isEmpty && last.next == nil && !last.endedEarly)
        }
    }

    /// More matching runs than one statement returns before their words are checked.
    @Test func aWordThatAlmostAllRunsHaveIsSearchedAndCountedToTheEnd() async throws {
        try await TestDatabase.withStore { store in
            var runs = history(1_500)
            for index in runs.indices where index.isMultiple(of: 3) { runs[index].name = "Dailÿ" }
            _ = try await store.importRuns(runs.map { ImportedRun(run: $0) }, into: StoreBench.acme)
            var query = RunQuery(tenant: StoreBench.acme, limit: 1_000, withTotal: true)
            query.filter.words.include(try #require(SearchWord("daily")))
            query.budget = StoreBench.patience
            let page = try await store.runs(matching: query)
            #expect(page.runs == runs.filter { $0.name == "Daily" } && page.total == .exactly(1_000))
        }
    }

    @Test func searchesOfASessionSharePlans() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore(settings: PostgresSettings(connections: 1, foldInterval: nil))
            _ = try await store.importRuns(history(10).map { ImportedRun(run: $0) }, into: StoreBench.acme)
            var counts: [Int] = []
            let filters: [[RunFilterField: String]] = [
                [.attemptsFrom: "2"], [.label: "a:b", .notType: "x"], [.text: "daily"], [.principal: StoreBench.someone.id],
                [.runMode: "full", .errorType: "a/b", .attribution: "platform", .notConfiguration: "cg-1"],
            ]
            for texts in filters {
                let filter = try RunFilter { field in texts[field].map { [$0] } ?? [] }
                _ = try await store.runs(matching: RunQuery(tenant: StoreBench.acme, filter: filter, withTotal: true))
                counts.append(
                    try await store.pool.run { connection in
                        try connection.row(
                            """
                            SELECT count(*) FROM pg_prepared_statements
                            WHERE statement LIKE '%row_number%' AND statement NOT LIKE '%pg_prepared_statements%'
                            """
                        ) { try $0.next() } ?? 0
                    })
            }
            // A page and a total of a single dimension, with types or without; a total of words, and one of several dimensions. All have
            // the same pages: no run is filed.
            #expect(counts == [2, 2, 3, 3, 4])
            try await store.close()
        }
    }
}
