import Testing
import WorkflowModel

extension StoreContract {
    /// Stores that file runs at rest. A store that does not file has nothing to do for them.
    static let filing: [Rule] = [
        Rule("A page and a total of one added filter are exact whatever the history, when runs are filed") { bench in
            let runs = try await bench.importFiled(1_200)
            for filter in try FiledFilters.all.flatMap(FiledFilters.variants) {
                for direction in RunSort.Direction.allCases {
                    var query = RunQuery(
                        tenant: StoreBench.acme, filter: filter, sort: RunSort(by: .created, direction), limit: 10, withTotal: true)
                    // A search would not come far enough.
                    query.budget = SearchBudget(time: .zero)
                    try await bench.expectExact(query, runs)
                }
            }
        },
        Rule("Counts by state of one added filter are exact whatever the history, when runs are filed") { bench in
            let runs = try await bench.importFiled(1_200)
            let filters = try FiledFilters.all
            for filter in filters.flatMap(FiledFilters.variants) + filters.flatMap(FiledFilters.typed) {
                var query = FacetQuery(tenant: StoreBench.acme, filter: filter, facets: [.state])
                query.budget = SearchBudget(time: .zero)
                let found = try await bench.store.facets(matching: query)
                #expect(found.total.exact != nil, "\(filter.text)")
                #expect(runs.problem(with: found, for: query) == nil, "\(filter.text)")
            }
        },
        Rule("A deleted run is on no page and in no count of filed runs") { bench in
            var runs = try await bench.importFiled(1_200)
            let cutoff = StoreBench.after(4 * 86_400)
            _ = try await bench.retain(createdBefore: cutoff)
            for run in runs.list(RunFilter(), RunSort(by: .created)) where run.endedAt != nil && run.createdAt < cutoff {
                runs.remove(run.id)
            }
            for filter in try FiledFilters.all {
                var query = RunQuery(
                    tenant: StoreBench.acme, filter: filter, sort: RunSort(by: .created, .ascending), limit: 50, withTotal: true)
                query.budget = SearchBudget(time: .zero)
                try await bench.expectExact(query, runs)
            }
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
        },
        Rule("A store has no findings before its runs are filed, between the steps, and when none is left") { bench in
            _ = try await bench.importVaried(1_200, over: .weeks)
            repeat {
                #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            } while try await bench.fileRuns()
            #expect(try await !bench.fileRuns())
            #expect(try await bench.store.checkOfAllTenants(repairing: true, at: StoreBench.start) == [])
        },
        Rule("A run is found while it goes on, when it has ended, and when it is filed") { bench in
            let id = try await bench.start()
            let filter = try RunFilter.reading([.principal: StoreBench.someone.id])
            let query = RunQuery(tenant: StoreBench.acme, filter: filter, withTotal: true)
            func expectRun(_ state: RunState, sourceLocation: SourceLocation = #_sourceLocation) async throws {
                let page = try await bench.store.runs(matching: query)
                #expect(page.runs.map(\.id) == [id] && page.total == .exactly(1), sourceLocation: sourceLocation)
                #expect(page.runs.map(\.state) == [state], sourceLocation: sourceLocation)
            }
            try await expectRun(.scheduled)
            #expect(try await !bench.fileRuns())
            try await expectRun(.scheduled)
            try await bench.succeed(try await bench.claimOne(), at: StoreBench.after(2))
            try await expectRun(.succeeded)
            while try await bench.fileRuns() {}
            try await expectRun(.succeeded)
        },
        Rule("Imported runs that have not ended are filed, and filed again when they are stopped") { bench in
            let states: [RunState] = [.scheduled, .started, .inProgress, .runningWithFailures, .stopping]
            let imported = (0..<100).map { bench.endedRun("wf-\($0)", states[$0 % 5], at: Double($0)) }
            try await bench.importAll(imported)
            let own = try await bench.start()
            while try await bench.fileRuns() {}
            func expectRuns(
                _ state: String, _ ids: [String], sourceLocation: SourceLocation = #_sourceLocation
            ) async throws {
                let filter = try RunFilter.reading([.principal: StoreBench.someone.id, .state: state])
                var query = RunQuery(tenant: StoreBench.acme, filter: filter, limit: 1_000, withTotal: true)
                query.budget = SearchBudget(time: .zero)
                let page = try await bench.store.runs(matching: query)
                #expect(page.runs.map(\.id.rawValue).sorted() == ids.sorted(), sourceLocation: sourceLocation)
                #expect(page.total == .exactly(ids.count), sourceLocation: sourceLocation)
                let findings = try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.start)
                #expect(findings == [], sourceLocation: sourceLocation)
            }
            func ids(_ state: RunState) -> [String] { imported.filter { $0.state == state }.map(\.id.rawValue) }
            try await expectRuns("scheduled", ids(.scheduled) + [own.rawValue])
            try await expectRuns("started", ids(.started))
            let stopped = imported[1]
            #expect(stopped.state == .started)
            _ = try await bench.store.stopRun(stopped.id, of: StoreBench.acme, at: StoreBench.after(500))
            for _ in 0..<2 {
                try await expectRuns("started", ids(.started).filter { $0 != stopped.id.rawValue })
                try await expectRuns("canceled", [stopped.id.rawValue])
                while try await bench.fileRuns() {}
            }
        },
    ]
}

/// Filters of one dimension each.
private enum FiledFilters {
    /// Of a history of two weeks.
    private static let window = TimeWindow(from: StoreBench.after(3 * 86_400), to: StoreBench.after(10 * 86_400))

    /// A filter for each dimension, with a value that many runs have, and one with several values.
    static var all: [RunFilter] {
        get throws {
            let texts: [KeyValuePairs<RunFilterField, String>] = [
                [.configuration: "cg-daily"], [.configuration: "cg-daily", .configuration: "größe", .configuration: "cg-none"],
                [.principal: "u-1"], [.principal: "u-none"], [.attribution: "customer"],
                [.attribution: "customer", .attribution: "platform"], [.errorType: "weir.task.command/exit"],
                [.label: "team:crm"], [.schedule: "default"], [.runMode: "full"], [.attemptsFrom: "2"], [.attemptsFrom: "3"],
                [.notConfiguration: "cg-daily", .notConfiguration: "cg-none"], [.notPrincipal: "u-1"], [.notPrincipal: "u-none"],
                [.notErrorType: "weir.task.command/exit"], [.notLabel: "team:crm"],
                [.runtimeFrom: "1m"], [.runtimeFrom: "2s", .runtimeTo: "10m"], [.runtimeTo: "24h"],
            ]
            return try texts.map { try RunFilter.reading($0) }
        }
    }

    /// The filter alone, with states, and with windows.
    static func variants(_ filter: RunFilter) -> [RunFilter] {
        let states: [Set<RunState>?] = [nil, [.failed], [.failed, .canceled, .inProgress], [.scheduled]]
        let windows: [(created: TimeWindow?, ended: TimeWindow?)] = [
            (nil, nil), (window, nil), (nil, window), (window, TimeWindow(from: window.from)),
        ]
        return states.flatMap { states in
            windows.map { created, ended in
                var variant = filter
                (variant.states, variant.created, variant.ended) = (states, created, ended)
                return variant
            }
        }
    }

    /// The filter with types, alone and with windows on creation.
    static func typed(_ filter: RunFilter) -> [RunFilter] {
        let choices = [
            TextChoice(included: ["courier.group/run"]), TextChoice(included: ["courier.group/run", "none"]),
            TextChoice(included: nil, excluded: ["courier.group/run"]),
        ]
        let hours = TimeWindow(from: StoreBench.after(3 * 86_400), to: StoreBench.after(3 * 86_400 + 7_200))
        return choices.flatMap { types in
            [nil, window, hours, TimeWindow(to: window.to)].map { created in
                var variant = filter
                (variant.types, variant.created) = (types, created)
                variant.states = types.excluded.isEmpty ? nil : [.failed, .inProgress]
                return variant
            }
        }
    }
}

extension StoreBench {
    /// Files some runs, in a store that does so.
    /// - Returns: whether more are left.
    func fileRuns() async throws -> Bool {
        try await (store as? any RunFiling)?.fileRunsAtRest() ?? false
    }

    private func runsToFile(countingTo limit: Int) async throws -> Int {
        try await (store as! any RunFiling).runsToFileOfAllTenants(countingTo: limit)
    }

    /// Imports ended runs and files them, and then some that are not filed, or go on.
    fileprivate func importFiled(_ count: Int) async throws -> RunsInMemory {
        let ended = VariedHistory(count * 2, over: .weeks, random: random).runs.filter { $0.endedAt != nil }
        try await importAll(ended)
        let (all, some) = (try await runsToFile(countingTo: count * 2), try await runsToFile(countingTo: 3))
        #expect(all == ended.count && some == 3)
        while try await fileRuns() {}
        let left = try await runsToFile(countingTo: count * 2)
        #expect(left == 0)
        let others = VariedHistory(150, over: .weeks, random: random).runs
        try await importAll(others)
        return RunsInMemory(ended + others)
    }

    /// Expects two pages of a list, and its total, where the store files runs.
    fileprivate func expectExact(_ first: RunQuery, _ runs: RunsInMemory) async throws {
        var query = first
        for _ in 0..<2 {
            let page = try await store.runs(matching: query)
            if query.withTotal, store is any RunFiling { #expect(page.total?.exact != nil, "\(query.text)") }
            let problem = runs.problem(with: page, for: query) ?? runs.problem(with: page.total, for: query)
            #expect(problem == nil, "\(query.text)")
            guard let next = page.next else { return }
            (query.after, query.withTotal) = (next, false)
        }
    }
}
