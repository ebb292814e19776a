import Testing
import WorkflowModel
import WorkflowTestKit

/// The comparison of pages with runs in memory, by which the stores are checked, notices every kind of mistake.
@Suite struct RunsInMemoryTests {
    private let random = SeededRandom(seed: 3)
    private let history: VariedHistory
    private let runs: RunsInMemory

    init() {
        history = VariedHistory(400, random: random)
        runs = RunsInMemory(history.runs)
    }

    /// The page that a store without mistakes answers.
    private func page(_ query: RunQuery) throws -> RunPage {
        let key = query.sort.key
        let all = runs.list(query.filter, RunSort(by: key, query.readingDirection))
        let place = query.before ?? query.after
        let isBehind: (WorkflowRun) -> Bool = { run in
            guard let place, let own = run.sortValue(key) else { return true }
            let isGreater = (own, run.id) > (place.value, place.id)
            return query.readingDirection == .ascending ? isGreater : (own, run.id) < (place.value, place.id)
        }
        let total = RunTotal.exactly(history.runs.count(where: query.listedFilter.matches))
        return RunPage(
            fetched: Array(all.filter(isBehind).prefix(query.limit + 1)), for: query, total: query.withTotal ? total : nil)
    }

    private func problem(_ page: RunPage, _ query: RunQuery) -> String? {
        runs.problem(with: page, for: query) ?? runs.problem(with: page.total, for: query)
    }

    @Test func pagesWithoutMistakesHaveNoProblem() throws {
        var pages = 0
        for _ in 0..<25 {
            let filter = try VariedHistory.filter(over: .crowded, random)
            for key in RunSortKey.allCases {
                for direction in RunSort.Direction.allCases {
                    var query = RunQuery(
                        tenant: history.tenant, filter: filter, sort: RunSort(by: key, direction), limit: 9, withTotal: true)
                    var last: RunPage?
                    repeat {
                        let page = try page(query)
                        #expect(problem(page, query) == nil)
                        (last, query.after) = (page, page.next)
                        pages += 1
                    } while query.after != nil && pages % 7 != 0
                    query.before = last?.previous
                    guard query.before != nil else { continue }
                    query.after = nil
                    #expect(problem(try page(query), query) == nil)
                }
            }
        }
        #expect(pages > 200)
    }

    @Test func everyMistakeIsAProblem() throws {
        var query = RunQuery(tenant: history.tenant, filter: RunFilter(states: [.failed, .canceled]), limit: 10, withTotal: true)
        query.after = try page(query).next
        let right = try page(query)
        try #require(query.after != nil && right.runs.count == 10 && right.next != nil && problem(right, query) == nil)
        let other = try #require(history.runs.first { $0.state == .succeeded })
        let mistakes: [(String, (inout RunPage) -> Void)] = [
            ("a run is missing", { $0.runs.remove(at: 4) }), ("a run is shown twice", { $0.runs[5] = $0.runs[4] }),
            ("two runs are exchanged", { $0.runs.swapAt(2, 3) }), ("another run is among them", { $0.runs[3] = other }),
            ("a run has changed", { $0.runs[0].attempts += 1 }), ("a label is lost", { $0.runs[0].origin.labels = RunLabels() }),
            ("the list seems to end", { $0.next = nil }),
            ("the list continues too early", { $0.next = RunCursor(of: $0.runs[3], by: .created) }),
            ("the list goes round", { $0.next = query.after }), ("the list has no way back", { $0.previous = nil }),
            ("the way back leaves a run out", { $0.previous = RunCursor(of: $0.runs[1], by: .created) }),
            (
                "the page is short",
                {
                    $0.runs.removeLast()
                    $0.next = RunCursor(of: $0.runs[8], by: .created)
                }
            ),
            ("it ended early", { $0.endedEarly = true }), ("a run too many", { $0.runs.append(other) }),
            ("the total is too great", { $0.total = .exactly(($0.total?.exact ?? 0) + 1) }),
            ("there is no total", { $0.total = nil }),
            ("the total is not exact", { $0.total = .moreThan(1) }),
        ]
        for (name, make) in mistakes {
            var wrong = right
            make(&wrong)
            // A run without labels loses none.
            guard wrong != right else { continue }
            #expect(problem(wrong, query) != nil, "\(name)")
        }
    }

    @Test func facetsOfTheNewestRunsAreAcceptedAndOthersAreNot() {
        let query = FacetQuery(tenant: history.tenant, filter: RunFilter(state: .failed), facets: [.errorType, .state])
        var counter = FacetCounter(query.facets)
        for run in runs.list(query.filter, RunSort(by: .created)) {
            counter.add(run)
            let part = counter.facets(limit: query.limit, isComplete: false)
            #expect(runs.problem(with: part, for: query) == nil)
        }
        var whole = counter.facets(limit: query.limit, isComplete: true)
        #expect(runs.problem(with: whole, for: query) == nil)
        whole.values[.errorType]?.removeFirst()
        #expect(runs.problem(with: whole, for: query) != nil)
    }

    @Test func runsAreAddedReplacedAndRemoved() {
        var changed = runs
        for run in history.runs.prefix(50) { changed.remove(run.id) }
        #expect(changed.count == 350)
        for run in history.runs.prefix(50) { changed.put(run) }
        for key in RunSortKey.allCases {
            #expect(changed.list(RunFilter(), RunSort(by: key)) == runs.list(RunFilter(), RunSort(by: key)))
        }
    }
}
