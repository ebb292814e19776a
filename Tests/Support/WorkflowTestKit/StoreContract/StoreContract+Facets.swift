import Testing
import WorkflowModel

extension StoreContract {
    static let facets: [Rule] = [
        Rule("Facets count what a list contains, in every dimension") { bench in
            let runs = try await bench.importVaried(250)
            for _ in 0..<60 {
                let facets = Set(RunFacet.allCases.filter { _ in bench.random.chance(0.6) })
                let query = FacetQuery(
                    tenant: StoreBench.acme, filter: try VariedHistory.filter(over: .crowded, bench.random), facets: facets,
                    limit: bench.random.pick([1, 2, 20, 100]))
                let found = try await bench.store.facets(matching: query)
                #expect(runs.problem(with: found, for: query) == nil, "\(query.filter.text)")
                #expect(Set(found.values.keys) == facets)
                #expect(found.total.exact == runs.list(query.filter, RunSort(by: .created)).count)
            }
        },
        Rule("Equal numbers of runs are ordered by the bytes of their values, and values that differ in form are two") { bench in
            let names = ["b", "a", "caf\u{E9}", "cafe\u{301}", "B", "a b"]
            let runs = names.enumerated().map { number, name in
                var run = bench.endedRun("wf-\(number)")
                run.principal = Principal(id: name, name: "Ada")
                run.type = name
                return run
            }
            try await bench.importAll(runs + [bench.endedRun("wf-none", .started)])
            let query = FacetQuery(
                tenant: StoreBench.acme, filter: RunFilter(states: [.succeeded]), facets: [.principal, .type, .configuration])
            let found = try await bench.store.facets(matching: query)
            let sorted = names.map { ExactText($0) }.sorted().map { RunFacets.Value(text: $0.text, runs: 1) }
            #expect(found == RunFacets(total: .exactly(6), values: [.principal: sorted, .type: sorted, .configuration: []]))
        },
        Rule("A count of facets whose budget is used up is one of the newest runs") { bench in
            let runs = try await bench.importVaried(1_300, over: .weeks)
            for filter in try [RunFilter.reading([.notText: "zq"]), .reading([.text: "wf", .attemptsFrom: "2"]), RunFilter()] {
                var query = FacetQuery(tenant: StoreBench.acme, filter: filter, facets: Set(RunFacet.allCases))
                query.budget = SearchBudget(time: .seconds(60), runs: SearchBudget.step)
                let counted = try await bench.store.facets(matching: query)
                #expect(runs.problem(with: counted, for: query) == nil, "\(filter.text)")
                query.budget = StoreBench.patience
                let whole = try await bench.store.facets(matching: query)
                #expect(whole.total.exact != nil && runs.problem(with: whole, for: query) == nil, "\(filter.text)")
            }
        },
        Rule("Facets follow the states of runs, and belong to their tenant") { bench in
            let id = try await bench.start()
            try await bench.start(of: StoreBench.globex)
            func states() async throws -> [RunFacets.Value] {
                let query = FacetQuery(tenant: StoreBench.acme, filter: RunFilter(), facets: [.state, .configuration])
                let facets = try await bench.store.facets(matching: query)
                #expect(facets.total == .exactly(1))
                #expect(facets.values[.configuration] == [RunFacets.Value(text: "cg-daily", runs: 1)])
                return facets.values[.state] ?? []
            }
            #expect(try await states() == [RunFacets.Value(text: "scheduled", runs: 1)])
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            #expect(try await states() == [RunFacets.Value(text: "canceled", runs: 1)])
            let nothing = FacetQuery(
                tenant: StoreBench.tenant("unknown"), filter: RunFilter(), facets: [.state, .type, .attribution])
            #expect(
                try await bench.store.facets(matching: nothing)
                    == RunFacets(total: .exactly(0), values: [.state: [], .type: [], .attribution: []]))
        },
        Rule("Charts count the runs of added filters, by the time of their end where only that is in a window") { bench in
            let runs = try await bench.importVaried(250, over: .weeks)
            for _ in 0..<40 {
                let filter = try VariedHistory.filter(over: .weeks, bench.random)
                for step in CountStep.allCases {
                    let counts = try await bench.store.countedSteps(
                        matching: RunCountQuery(tenant: StoreBench.acme, filter: filter, step: step))
                    #expect(counts == runs.counts(filter, by: step), "\(filter.text)")
                }
            }
        },
    ]
}
