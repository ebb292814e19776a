import Testing
import WorkflowModel

extension StoreContract {
    /// Words in filed runs, which a store looks up in an index, however long the history is.
    static let filedWords: [Rule] = [
        // The budget is that of the runs that are not filed: a search would not come far enough.
        Rule("A page of a word is complete whatever the history, when runs are filed") { bench in
            let runs = try await bench.importFiledTexts()
            for word in FiledTexts.words {
                for variant in [
                    [(RunFilterField.text, word)], [(.text, word), (.state, "failed")], [(.text, word), (.notText, "answer")],
                    [(.text, word), (.text, "daily")], [(.text, word), (.createdTo, StoreBench.after(10).iso8601)],
                ] {
                    var filter = RunFilter()
                    for (field, text) in variant { try filter.add(text, to: field) }
                    for sort in [RunSort(by: .created), RunSort(by: .created, .ascending)] {
                        var query = RunQuery(tenant: StoreBench.acme, filter: filter, sort: sort, limit: 10, withTotal: true)
                        query.budget = SearchBudget(time: .seconds(600), runs: 2 * SearchBudget.step)
                        let page = try await bench.store.runs(matching: query)
                        let problem = runs.problem(with: page, for: query) ?? runs.problem(with: page.total, for: query)
                        #expect(problem == nil, "\(word): \(filter)")
                        guard bench.store is any RunFiling else { continue }
                        #expect(!page.endedEarly && page.total?.exact != nil, "\(word): \(filter)")
                    }
                }
            }
        },
        Rule("Runs with a word are walked to the end and back, when some are filed and some are not") { bench in
            var runs = try await bench.importFiledTexts()
            let more = FiledTexts.runs(bench, 1_500..<1_700)
            try await bench.importAll(more)
            for run in more { runs.put(run) }
            for word in FiledTexts.words + ["daily"] {
                let query = RunQuery(tenant: StoreBench.acme, filter: try .reading([.text: word]), limit: 170)
                try await bench.expectList(query, of: runs)
            }
        },
        Rule("A word with states and windows is counted without reading its runs, when they are filed") { bench in
            let runs = try await bench.importFiledTexts()
            for word in FiledTexts.words + ["no answer", "Daily"] {
                var filter = try RunFilter.reading([.text: word])
                let window = TimeWindow(from: StoreBench.after(5), to: StoreBench.after(1_200))
                for (created, ended) in [(nil, nil), (window, nil), (nil, window)] {
                    for states in [nil, [RunState.failed]] as [Set<RunState>?] {
                        (filter.created, filter.ended, filter.states) = (created, ended, states)
                        var query = RunQuery(tenant: StoreBench.acme, filter: filter, withTotal: true)
                        query.budget = SearchBudget(time: .zero)
                        let total = try await bench.store.runs(matching: query).total
                        let expected = RunTotal.exactly(runs.list(filter, RunSort(by: .created)).count)
                        #expect(total == expected || !(bench.store is any RunFiling), "\(word): \(filter)")
                        var facets = FacetQuery(tenant: StoreBench.acme, filter: filter, facets: [.state])
                        facets.budget = SearchBudget(time: .zero)
                        let problem = runs.problem(with: try await bench.store.facets(matching: facets), for: facets)
                        #expect(problem == nil, "\(word): \(filter)")
                    }
                }
            }
        },
        Rule("A word is looked up in the texts of one tenant") { bench in
            _ = try await bench.importFiledTexts()
            var run = bench.endedRun("wf-20231114-00009-QZy9kw")
            (run.tenant, run.name) = (StoreBench.globex, "qzy9k")
            try await bench.importAll([run])
            while try await bench.fileRuns() {}
            for (tenant, count) in [(StoreBench.acme, 4), (StoreBench.globex, 1)] {
                let query = RunQuery(tenant: tenant, filter: try .reading([.text: "qzy9k"]), limit: 10, withTotal: true)
                #expect(try await bench.store.runs(matching: query).total == .exactly(count))
            }
        },
    ]
}

/// A history in which some runs have rare texts. Ids end with a number, which no word has.
public enum FiledTexts {
    public static let words = [
        "größe", "\"X\"", "日本語", "qzy9k", "QZY9KX", "wf-20231114-00009-qzy9kw", "other/q", "reset by", "is lost", "order 1399",
        "no such", "qzy zy9", "100%_", "\\n, ", "\u{1F680}\u{1F680}\u{1F680}", "a.b",
    ]

    static func runs(_ bench: StoreBench, _ numbers: Range<Int>) -> [WorkflowRun] {
        numbers.map { number in
            let tail = String(number + 1_000_000).dropFirst()
            var run = bench.endedRun("wf-20231114-00000-\(tail)", number % 3 == 0 ? .failed : .succeeded, at: Double(number))
            run.origin.configuration = "cg-daily"
            if number % 3 == 0 { run.error = RunError(attribution: .platform, type: "a.b/c", message: "No answer") }
            switch number {
            case 7: run.name = "Größe \"x\" 日本語"
            case 8: run.id = RunID(rawValue: "wf-20231114-00008-qZy9kx")
            case 9: (run.id, run.name) = (RunID(rawValue: "wf-20231114-00009-QZy9kw"), "has qzy9k as well")
            case 12: run.error?.message = "Connection reset by peer qzy9k"
            case 13: run.id = RunID(rawValue: "other/QZy9k-13")
            // All trigrams of a word, but not the word.
            case 14: run.name = "qzy zy9 y9k"
            case 15: run.name = "100%_done\\n, \u{1F680}\u{1F680}\u{1F680} a\u{0}b"
            case 16: run.name = "100 done, a b, axb"
            case 1_000..<1_400: run.error = RunError(attribution: .customer, type: "a.b/c", message: "order \(number) is lost")
            default: break
            }
            return run
        }
    }
}

extension StoreBench {
    /// Imports a history of rare texts, and files it in a store that does so.
    public func importFiledTexts() async throws -> RunsInMemory {
        let runs = FiledTexts.runs(self, 0..<1_500)
        try await importAll(runs)
        while try await fileRuns() {}
        return RunsInMemory(runs)
    }
}
