import Testing
import WorkflowModel

extension StoreContract {
    /// The filters that Weir adds to those of the documented API.
    static let asking: [Rule] = [
        Rule("Every added filter lists what matches, alone and with state, type and windows") { bench in
            let runs = try await bench.importVaried(240)
            for field in RunFilterField.all.dropFirst(6) {
                for _ in 0..<3 {
                    var filter = try RunFilter.reading([field: VariedHistory.text(for: field, over: .crowded, bench.random)])
                    try await bench.expectList(
                        RunQuery(tenant: StoreBench.acme, filter: filter, limit: 50, withTotal: true), of: runs)
                    filter.states = [.failed, .canceled]
                    filter.types = TextChoice(RunHistory.types[0])
                    try await bench.expectList(
                        RunQuery(tenant: StoreBench.acme, filter: filter, limit: 7, withTotal: true), of: runs)
                    filter.states = nil
                    for window in [\RunFilter.created, \RunFilter.ended] {
                        filter[keyPath: window] = TimeWindow(
                            from: StoreBench.start + .milliseconds(5), to: StoreBench.start + .milliseconds(35))
                        try await bench.expectList(RunQuery(tenant: StoreBench.acme, filter: filter, limit: 30), of: runs)
                    }
                }
            }
        },
        Rule("Any combination of filters lists what matches, with its total, and can be paged back") { bench in
            let runs = try await bench.importVaried(250)
            for _ in 0..<250 {
                let filter = try VariedHistory.filter(over: .crowded, bench.random)
                let limit = bench.random.pick([5, 23, 1_000])
                try await bench.expectList(
                    RunQuery(tenant: StoreBench.acme, filter: filter, limit: limit, withTotal: true), of: runs)
            }
        },
        Rule("The longest request is answered: every field, each with as many values as it may have") { bench in
            let runs = try await bench.importVaried(250)
            for key in RunSortKey.allCases {
                let query = RunQuery(
                    tenant: StoreBench.acme, filter: try VariedHistory.fullestFilter(over: .crowded, bench.random),
                    sort: RunSort(by: key), limit: 10, withTotal: true)
                try await bench.expectList(query, of: runs)
            }
            // All states and as many types, which match nearly all runs.
            let known = Vocabulary.types.map { ExactText($0) }
            let others = (known.count..<RunFilterField.repeatedValues).map { ExactText("type \($0)") }
            var filter = RunFilter(states: Set(RunState.allCases.dropFirst()), types: TextChoice(included: Set(known + others)))
            try await bench.expectList(RunQuery(tenant: StoreBench.acme, filter: filter, limit: 40, withTotal: true), of: runs)
            filter.ended = TimeWindow(from: StoreBench.start)
            try await bench.expectList(RunQuery(tenant: StoreBench.acme, filter: filter, limit: 40, withTotal: true), of: runs)
        },
        Rule("Texts of filters are compared by bytes, and a run without a value has none of them") { bench in
            let history = VariedHistory(200, random: bench.random)
            try await bench.importAll(history.runs)
            func count(_ texts: KeyValuePairs<RunFilterField, String>) async throws -> Int {
                try await bench.total(.reading(texts))
            }
            for (field, value) in [
                (RunFilterField.configuration, \WorkflowRun.origin.configuration), (.errorType, \.error?.type),
                (.principal, \.principal.id.optional), (.schedule, \.origin.schedule),
            ] as [(RunFilterField, KeyPath<WorkflowRun, String?>)] {
                for (text, runs) in Dictionary(grouping: history.runs, by: { $0[keyPath: value].map { ExactText($0) } }) {
                    guard let text = text?.text else { continue }
                    #expect(try await count([field: text]) == runs.count, "\(field) \(text)")
                }
            }
            let withoutWorkflow = history.runs.count { $0.origin.configuration == nil }
            let others = history.runs.count { !($0.origin.configuration?.isIdentical(to: "cg-daily") ?? false) }
            #expect(withoutWorkflow > 0 && others > withoutWorkflow)
            #expect(try await count([.notConfiguration: "cg-daily"]) == others)
            #expect(try await count([.configuration: "cg-daily", .notConfiguration: "cg-daily"]) == 0)
        },
        Rule("Labels match when all included and no excluded ones are there, key and value") { bench in
            func run(_ id: String, _ labels: [String]) -> WorkflowRun {
                var run = bench.endedRun(id)
                run.origin.labels = RunLabels(labels.compactMap { RunLabel($0) })
                return run
            }
            try await bench.importAll([
                run("a", ["team:crm", "tier:gold"]), run("b", ["team:crm-2", "tier:gold"]), run("c", ["team:", "x:1"]),
                run("d", ["Team:crm"]), run("e", ["my-team:crm"]), run("f", ["example.com/team:crm"]), run("g", []),
                run("h", (0..<RunLabels.most).map { "key-\($0):value-\($0)" }),
            ])
            func ids(_ texts: KeyValuePairs<RunFilterField, String>) async throws -> String {
                try await bench.ids(.reading(texts)).joined()
            }
            #expect(try await ids([.label: "team:crm"]) == "a")
            #expect(try await ids([.label: "team:"]) == "c")
            #expect(try await ids([.label: "x:1"]) == "c")
            #expect(try await ids([.label: "Team:crm"]) == "d")
            #expect(try await ids([.label: "example.com/team:crm"]) == "f")
            #expect(try await ids([.label: "tier:gold", .label: "team:crm"]) == "a")
            #expect(try await ids([.label: "tier:gold", .notLabel: "team:crm"]) == "b")
            #expect(try await ids([.notLabel: "tier:gold", .notLabel: "x:1"]) == "defgh")
            #expect(try await ids([.label: "key-1:value-1", .label: "key-19:value-19"]) == "h")
            #expect(try await ids([.label: "key-1:value-19"]) == "")
        },
        Rule("A window of runtimes begins with its first duration and ends before its last; unended runs are in none") { bench in
            let runs = [0, 999, 1_000, 1_001, 90_000].map { bench.endedRun("wf-\($0)", took: .milliseconds($0)) }
            try await bench.importAll(runs + [bench.endedRun("going", .inProgress)])
            for (from, to, found) in [
                (0, nil, [0, 999, 1_000, 1_001, 90_000]), (1_000, 1_001, [1_000]), (1_000, 1_000, []), (nil, 1_000, [0, 999]),
                (nil, 0, []), (1_001, nil, [1_001, 90_000]), (90_001, nil, []), (nil, nil, [0, 999, 1_000, 1_001, 90_000]),
            ] as [(Int?, Int?, [Int])] {
                var filter = RunFilter()
                filter.runtime = DurationWindow(from: from.map { .milliseconds($0) }, to: to.map { .milliseconds($0) })
                #expect(try await bench.ids(filter) == found.map { "wf-\($0)" }.sorted(), "\(from ?? -1) to \(to ?? -1)")
                #expect(try await bench.total(filter) == found.count)
            }
        },
    ]
}

extension String {
    fileprivate var optional: String? { self }
}
