import Testing
import WorkflowModel

extension StoreContract {
    static let statistics: [Rule] = [
        Rule("Statistics are what a count of the deleted runs says, over several steps, months and tenants") { bench in
            let histories = try await bench.addPast(of: [StoreBench.acme, StoreBench.globex])
            let cutoffs = [-75, -40, -30.5].map { StoreBench.after($0 * 86_400) }
            #expect(try await bench.expectStatistics(of: [:]) == 0)
            for cutoff in cutoffs {
                try await bench.retain(createdBefore: cutoff)
                let deleted = histories.mapValues { $0.filter { $0.endedAt != nil && $0.createdAt < cutoff } }
                #expect(try await bench.expectStatistics(of: deleted) > 0)
            }
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
        },
        Rule("Statistics are selected by their values and by days that begin in a window") { bench in
            let runs = try await bench.addPast(of: [StoreBench.acme])[StoreBench.acme] ?? []
            try await bench.retain(createdBefore: StoreBench.start)
            let deleted = runs.filter { $0.endedAt != nil }
            let day = CountStep.day.start(of: StoreBench.after(-50 * 86_400))
            let windows = [
                TimeWindow(from: day, to: day + .seconds(86_400)), TimeWindow(from: day + .milliseconds(1)),
                TimeWindow(to: day), TimeWindow(to: day + .milliseconds(1)), TimeWindow(from: day, to: day),
            ]
            let types = Set(deleted.map { ExactText($0.type) })
            let workflows = Set(deleted.compactMap { $0.origin.configuration.map { ExactText($0) } })
            var filters = windows.map { StatisticsFilter(window: $0) }
            filters += [[.failed], [.succeeded, .canceled], [], [.started]].map { StatisticsFilter(states: $0) }
            for texts in [types, ["no such type"]] {
                let some = Set(texts.sorted().prefix(1))
                filters.append(StatisticsFilter(types: TextChoice(included: some)))
                filters.append(StatisticsFilter(types: TextChoice(included: nil, excluded: some)))
                filters.append(StatisticsFilter(types: TextChoice(included: texts, excluded: some)))
            }
            let some = Set(workflows.sorted().prefix(2))
            filters.append(StatisticsFilter(configurations: TextChoice(included: some)))
            filters.append(StatisticsFilter(configurations: TextChoice(included: nil, excluded: some)))
            filters += [[.customer], [.platform, .customer], []].map { StatisticsFilter(attributions: $0) }
            filters.append(
                StatisticsFilter(window: windows[1], states: [.failed], types: TextChoice(types.sorted()[0].text)))
            for filter in filters {
                try await bench.expectStatistics(of: deleted, filter, by: Set(StatisticDimension.allCases))
                try await bench.expectStatistics(of: deleted, filter, by: [])
            }
        },
        Rule("Of many statistics, the newest days or the largest groups are returned, and the answer says so") { bench in
            let runs = try await bench.addPast(of: [StoreBench.acme])[StoreBench.acme] ?? []
            try await bench.retain(createdBefore: StoreBench.start)
            let deleted = runs.filter { $0.endedAt != nil }
            var query = StatisticsQuery(tenant: StoreBench.acme)
            let all = RunStatistics(counting: deleted, query)
            let days = all.groups.count
            for limit in [1, days - 1, days] {
                query.limit = limit
                let found = try await bench.store.statistics(matching: query)
                #expect(found.groups == Array(all.groups.prefix(limit)))
                #expect(found.total == all.total && found.isComplete == (limit == days))
            }
            // Of the statistics of the third day from the end, one is not read: only two days are counted.
            query.limit = StatisticsQuery.defaultLimit
            let everything = Set(StatisticDimension.allCases)
            let statistics = RunStatistics(
                counting: deleted, StatisticsQuery(tenant: StoreBench.acme, dimensions: everything, limit: 10_000)
            ).groups
            let newest = statistics.count { group in all.groups.prefix(3).contains { $0.values[.day] == group.values[.day] } }
            query.mostRead = newest - 1
            let found = try await bench.store.statistics(matching: query)
            #expect(found.groups == Array(all.groups.prefix(2)) && !found.isComplete)
            #expect(found.total.runs == found.groups.reduce(0) { $0 + $1.figures.runs })
            query.mostRead = statistics.count
            #expect(try await bench.store.statistics(matching: query) == all)
            query.mostRead = statistics.count - 1
            #expect(try await bench.store.statistics(matching: query).groups == all.groups.dropLast())
        },
        Rule("Without statistics, retention adds none") { bench in
            let histories = try await bench.addPast(of: [StoreBench.acme])
            let cutoff = StoreBench.after(-40 * 86_400)
            #expect(try await bench.retain(createdBefore: cutoff, addingToStatistics: false) > 0)
            #expect(try await bench.expectStatistics(of: [:]) == 0)
            try await bench.retain(createdBefore: StoreBench.start)
            let rest = histories.mapValues { $0.filter { $0.endedAt != nil && $0.createdAt >= cutoff } }
            try await bench.expectStatistics(of: rest)
        },
        Rule("Retention that is interrupted and begins again counts each run once") { bench in
            let histories = try await bench.addPast(of: [StoreBench.acme, StoreBench.globex])
            for steps in 1...4 {
                var place: RetentionPlace?
                for _ in 0..<steps {
                    place =
                        try await bench.store.deleteEndedRunsOfAllTenants(
                            createdBefore: StoreBench.start, from: place, addingToStatistics: true
                        ).next
                    if place == nil { break }
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await bench.retain(createdBefore: StoreBench.start) } }
                try await group.waitForAll()
            }
            try await bench.expectStatistics(of: histories.mapValues { $0.filter { $0.endedAt != nil } })
        },
        Rule("Runs count by their UTC day, with a runtime of a hundred years at most") { bench in
            let day = CountStep.day.start(of: StoreBench.after(-100 * 86_400))
            let instants = [
                Timestamp(milliseconds: -1), Timestamp(milliseconds: 0), day, day + .milliseconds(86_399_999),
                day + .milliseconds(86_400_000), .earliest,
            ]
            var runs = RunHistory(instants.count, random: bench.random).runs
            for (number, instant) in instants.enumerated() {
                (runs[number].createdAt, runs[number].state, runs[number].error) = (instant, .succeeded, nil)
                runs[number].endedAt = number.isMultiple(of: 2) ? instant : Timestamp.latest
            }
            try await bench.importAll(runs)
            #expect(try await bench.retain(createdBefore: StoreBench.start) == runs.count)
            try await bench.expectStatistics(of: [StoreBench.acme: runs])
            let found = try await bench.store.statistics(matching: StatisticsQuery(tenant: StoreBench.acme))
            #expect(found.total.longestRuntime == RunFigures.longestRuntime)
            #expect(found.groups.map { $0.values[.day]?.text }.suffix(3) == ["1970-01-01", "1969-12-31", "0000-01-01"])
        },
        Rule("Statistics of days that begin before a time are deleted, and no others") { bench in
            let histories = try await bench.addPast(of: [StoreBench.acme, StoreBench.globex])
            try await bench.retain(createdBefore: StoreBench.start)
            let day = CountStep.day.start(of: StoreBench.after(-60 * 86_400))
            let all = Set(StatisticDimension.allCases)
            let found = try await bench.store.statisticsOfAllTenants(before: day)
            let expected = histories.values.reduce(0) { count, runs in
                count
                    + RunStatistics(
                        counting: runs.filter { $0.endedAt != nil && $0.createdAt < day },
                        StatisticsQuery(tenant: StoreBench.acme, dimensions: all)
                    ).groups.count
            }
            #expect(found == expected && found > 0)
            var deleted = 0
            while case let step = try await bench.store.deleteStatisticsOfAllTenants(before: day), step > 0 { deleted += step }
            #expect(deleted == found)
            #expect(try await bench.store.statisticsOfAllTenants(before: day) == 0)
            try await bench.expectStatistics(of: histories.mapValues { $0.filter { $0.endedAt != nil && $0.createdAt >= day } })
            #expect(try await bench.store.statisticsOfAllTenants(before: day + .milliseconds(1)) > 0)
        },
        Rule("A run that does not exist any more is in no list, and one that exists is in no statistic") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            let error = RunError(attribution: .platform, type: "test/failed", message: "No")
            _ = try await bench.store.commit(.began, under: lease, at: StoreBench.after(1))
            _ = try await bench.store.commit(.failed(error), under: lease, at: StoreBench.after(90))
            let query = StatisticsQuery(tenant: StoreBench.acme, dimensions: Set(StatisticDimension.allCases))
            #expect(try await bench.store.statistics(matching: query) == RunStatistics())
            try await bench.retain(createdBefore: StoreBench.after(100))
            #expect(try await bench.store.run(id, of: StoreBench.acme) == nil)
            let values: [StatisticDimension: ExactText] = [
                .day: "2023-11-14", .state: "failed", .type: "test.daily/run", .configuration: "cg-daily", .attribution: "platform",
            ]
            let figures = RunFigures(runs: 1, totalRuntime: .seconds(90), longestRuntime: .seconds(90))
            #expect(
                try await bench.store.statistics(matching: query)
                    == RunStatistics(total: figures, groups: [.init(values: values, figures: figures)], isComplete: true))
            let unknown = StatisticsQuery(tenant: StoreBench.tenant("unknown"))
            #expect(try await bench.store.statistics(matching: unknown) == RunStatistics())
        },
    ]
}

extension StoreBench {
    /// Imports runs of the hundred days before ``start``, in months that end in between.
    fileprivate func addPast(of tenants: [Tenant]) async throws -> [Tenant: [WorkflowRun]] {
        var histories: [Tenant: [WorkflowRun]] = [:]
        for tenant in tenants {
            var runs = VariedHistory(700, of: tenant, over: .weeks, random: random).runs
            for index in runs.indices {
                // 21 days become a hundred.
                let (created, spread) = (runs[index].createdAt - Self.start, Int64(100 * 86_400_000))
                let shifted = Self.start + .milliseconds(created.milliseconds * 100 / 21 - spread)
                runs[index].endedAt = runs[index].endedAt.map { shifted + ($0 - runs[index].createdAt) }
                runs[index].createdAt = shifted
                // One of these months has only runs that have ended.
                if !runs[index].state.hasEnded, index.isMultiple(of: 3) || shifted < Self.after(-70 * 86_400) {
                    runs[index].state = .succeeded
                    runs[index].endedAt = shifted + .milliseconds(Int64(index) * 1_000)
                }
            }
            var ids: Set<RunID> = []
            runs.removeAll { !ids.insert($0.id).inserted }
            try await importAll(runs)
            histories[tenant] = runs
        }
        return histories
    }

    /// Compares the statistics of both tenants with those of runs in memory.
    /// - Returns: the runs in the statistics.
    @discardableResult
    fileprivate func expectStatistics(
        of runs: [Tenant: [WorkflowRun]], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Int {
        var count = 0
        for tenant in [Self.acme, Self.globex] {
            for dimensions in [Set(StatisticDimension.allCases), [.day], [.configuration, .attribution], [.type, .state], []] {
                let query = StatisticsQuery(tenant: tenant, dimensions: dimensions, limit: 10_000)
                let expected = RunStatistics(counting: runs[tenant] ?? [], query)
                #expect(try await store.statistics(matching: query) == expected, sourceLocation: sourceLocation)
            }
            count += runs[tenant]?.count ?? 0
        }
        return count
    }

    fileprivate func expectStatistics(
        of runs: [WorkflowRun], _ filter: StatisticsFilter, by dimensions: Set<StatisticDimension>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let query = StatisticsQuery(tenant: Self.acme, filter: filter, dimensions: dimensions, limit: 10_000)
        let expected = RunStatistics(counting: runs, query)
        #expect(
            try await store.statistics(matching: query) == expected, "\(filter)", sourceLocation: sourceLocation)
    }
}

extension RunStatistics {
    /// The statistics of runs that have ended, computed the slow way.
    fileprivate init(counting runs: [WorkflowRun], _ query: StatisticsQuery) {
        var groups: [[StatisticDimension: ExactText]: RunFigures] = [:]
        var total = RunFigures.none
        for run in runs {
            guard let endedAt = run.endedAt else { continue }
            let figures = RunFigures(ofRunThatTook: endedAt - run.createdAt)
            let statistic = RunStatistic(
                day: CountStep.day.start(of: run.createdAt), configuration: run.origin.configuration, type: run.type,
                state: run.state, attribution: run.error?.attribution, figures: figures)
            guard query.filter.matches(statistic) else { continue }
            var values: [StatisticDimension: ExactText] = [:]
            for dimension in query.dimensions { values[dimension] = dimension.value(of: statistic).map { ExactText($0) } }
            groups[values, default: .none].add(figures)
            total.add(figures)
        }
        self.init(total: total, groups: groups.map { Group(values: $0.key, figures: $0.value) }, isComplete: true)
    }
}
