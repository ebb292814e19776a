import WorkflowModel

extension ListOracle {
    /// Simplifies a question for as long as its page still differs from the runs in memory.
    /// - Returns: the smallest question and its difference, for the report.
    func smallest(_ query: RunQuery) async throws -> String {
        var (smallest, problem): (RunQuery, String) = (query, "the same page was right when it was asked for again")
        var tries = 0
        var isSimpler = true
        while isSimpler {
            isSimpler = false
            for candidate in [smallest] + Self.simpler(smallest) where tries < 500 {
                tries += 1
                let page = try await bench.store.runs(matching: candidate)
                guard let difference = self.problem(with: page, for: candidate) else { continue }
                problem = difference
                guard candidate != smallest else { continue }
                (smallest, isSimpler) = (candidate, true)
                break
            }
        }
        return "smallest question: \(smallest.text)\n\(problem)"
    }

    /// Questions that are simpler by one step.
    private static func simpler(_ query: RunQuery) -> [RunQuery] {
        func changed(_ change: (inout RunQuery) -> Void) -> RunQuery {
            var other = query
            change(&other)
            return other
        }
        let texts = query.filter.texts
        let filters = texts.indices.compactMap { left -> RunFilter? in
            var filter = RunFilter()
            for (place, text) in texts.enumerated() where place != left {
                guard (try? filter.add(text.text, to: text.field)) != nil else { return nil }
            }
            return filter
        }
        let simpler =
            filters.map { filter in changed { $0.filter = filter } } + [
                changed { $0.withTotal = false }, changed { $0.budget = StoreBench.patience }, changed { $0.after = nil },
                changed { ($0.after, $0.before) = (nil, nil) },
                changed { ($0.sort, $0.after, $0.before) = (RunSort(by: .created), nil, nil) },
                changed { $0.limit = max(1, $0.limit / 2) },
            ]
        return simpler.filter { $0 != query }
    }
}
