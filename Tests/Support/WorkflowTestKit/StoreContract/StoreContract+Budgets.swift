import Testing
import WorkflowModel

extension StoreContract {
    /// Searches within a budget.
    static let budgets: [Rule] = [
        Rule("A search whose budget is used up continues on the next page, and its walk finds everything") { bench in
            let runs = try await bench.importVaried(1_300, over: .weeks)
            let filters = try [
                // Neither an index of whole values nor one of parts of texts finds these.
                RunFilter.reading([.text: "zq"]), .reading([.notText: "wf", .notConfiguration: "cg-daily"]),
                .reading([.text: "日本"]), .reading([.attemptsFrom: "1000", .notLabel: "team:crm"]),
                .reading([.label: "tier:gold", .label: "team:ops", .runMode: "full", .notPrincipal: "u-1"]),
                .reading([.state: "failed", .errorType: "a.b/%_", .schedule: "Default", .runtimeFrom: "2d"]),
                .reading([.text: "no such words anywhere"]),
            ]
            for filter in filters {
                for budget in [SearchBudget(time: .zero), SearchBudget(time: .seconds(60), runs: SearchBudget.step)] {
                    for sort in [
                        RunSort(by: .created), RunSort(by: .created, .ascending), RunSort(by: .runtime), RunSort(by: .ended),
                    ] {
                        var query = RunQuery(tenant: StoreBench.acme, filter: filter, sort: sort, limit: 20)
                        query.budget = budget
                        let pages = try await bench.expectList(query, of: runs)
                        #expect(pages.flatMap(\.runs) == runs.list(query.listedFilter, sort), "\(query.text)")
                        // Every page reads a step, or is full.
                        let most = runs.count / SearchBudget.step + pages.map(\.runs.count).reduce(0, +) / query.limit + 2
                        #expect(pages.count <= most, "\(query.text)")
                    }
                }
            }
        },
        Rule("A search that no index serves ends early, and says so") { bench in
            let runs = try await bench.importVaried(1_300, over: .weeks)
            for filter in try [RunFilter.reading([.text: "zq"]), .reading([.notText: "wf", .notText: "WF", .notText: "00"])] {
                var query = RunQuery(tenant: StoreBench.acme, filter: filter, limit: 50, withTotal: true)
                query.budget = SearchBudget(time: .seconds(60), runs: SearchBudget.step)
                let page = try await bench.store.runs(matching: query)
                #expect(page.endedEarly && page.next != nil)
                #expect(runs.problem(with: page, for: query) == nil)
                #expect(runs.problem(with: page.total, for: query) == nil)
                #expect(page.total?.exact == nil)
                query.budget.runs = SearchBudget.step * 8
                let whole = try await bench.store.runs(matching: query)
                #expect(!whole.endedEarly && whole.next == nil && whole.total == .exactly(whole.runs.count))
            }
        },
        Rule("Documented parameters are answered in full whatever the budget, and so are their totals") { bench in
            let runs = try await bench.importVaried(1_300, over: .weeks)
            let window = TimeWindow(from: StoreBench.after(86_400), to: StoreBench.after(12 * 86_400))
            let filters = [
                RunFilter(), RunFilter(state: .stopping), RunFilter(type: ""), RunFilter(state: .running, type: "Bridge.Sync"),
                RunFilter(created: window), RunFilter(ended: window, state: .failed), RunFilter(created: window, ended: window),
                RunFilter(created: window, ended: window, state: .canceled, type: RunHistory.types[2]),
                RunFilter(type: "no such type"),
                RunFilter(states: [.scheduled, .failed, .canceled]),
            ]
            for filter in filters {
                for direction in RunSort.Direction.allCases {
                    var query = RunQuery(
                        tenant: StoreBench.acme, filter: filter, sort: RunSort(by: filter.sortKey, direction), limit: 400,
                        withTotal: true)
                    query.budget = SearchBudget(time: .zero)
                    let pages = try await bench.expectList(query, of: runs)
                    #expect(pages.allSatisfy { !$0.endedEarly })
                }
            }
        },
        Rule("Runs that are added, changed or deleted during a search are no reason to show another one twice, or never") { bench in
            var runs = try await bench.importVaried(1_200, over: .weeks)
            var query = RunQuery(
                tenant: StoreBench.acme, filter: try .reading([.notText: "daily", .label: "team:crm"]), limit: 30)
            query.budget = SearchBudget(time: .zero)
            let expected = runs.list(query.filter, query.sort).map(\.id)
            var walked: [RunID] = []
            for _ in 0..<200 {
                let page = try await bench.store.runs(matching: query)
                #expect(runs.problem(with: page, for: query) == nil)
                walked += page.runs.map(\.id)
                guard let next = page.next else { break }
                query.after = next
                let more = VariedHistory(20, over: .weeks, random: bench.random)
                try await bench.importAll(more.runs)
                for run in more.runs { runs.put(run) }
                // Mostly one of those that are still to come.
                let oldest = runs.list(RunFilter(states: [.inProgress]), RunSort(by: .created, .ascending)).first
                if let oldest {
                    let stopped = try await bench.store.stopRun(oldest.id, of: StoreBench.acme, at: StoreBench.after(30 * 86_400))
                    runs.put(try #require(stopped?.run))
                }
            }
            #expect(Set(walked).count == walked.count)
            #expect(Set(expected).isSubset(of: walked))
        },
    ]
}
