import Testing
import WorkflowModel

extension StoreContract {
    static let counting: [Rule] = [
        Rule("Every combination of filters counts what it lists, by hour and by day") { bench in
            for spread in [RunHistory.Spread.weeks, .crowded] {
                let tenant = StoreBench.tenant("t\(spread.span)")
                let history = RunHistory(300, of: tenant, over: spread, random: bench.random)
                _ = try await bench.store.importRuns(history.imported, into: tenant)
                for filter in history.filters(bench.random) {
                    #expect(try await bench.total(filter, of: tenant) == history.list(filter).count, "\(filter)")
                    for step in CountStep.allCases {
                        let counts = try await bench.store.countedSteps(
                            matching: RunCountQuery(tenant: tenant, filter: filter, step: step))
                        #expect(counts == history.counts(filter, by: step), "\(filter) by \(step)")
                    }
                }
            }
        },
        Rule("Counts are exact in a long history with a crowded instant") { bench in
            var history = RunHistory(5_000, over: .weeks, random: bench.random)
            for index in history.runs.indices where index % 2 == 0 {
                let lasted = history.runs[index].endedAt.map { $0 - history.runs[index].createdAt }
                history.runs[index].createdAt = StoreBench.after(1_000)
                history.runs[index].endedAt = lasted.map { StoreBench.after(1_000) + $0 }
            }
            // In batches, as an import does.
            for start in stride(from: 0, to: history.runs.count, by: 1_000) {
                let batch = Array(history.imported[start..<start + 1_000])
                _ = try await bench.store.importRuns(batch, into: history.tenant)
            }
            for filter in history.filters(bench.random) {
                #expect(try await bench.total(filter) == history.list(filter).count, "\(filter)")
                let counts = try await bench.store.countedSteps(
                    matching: RunCountQuery(tenant: history.tenant, filter: filter, step: .hour))
                #expect(counts == Array(history.counts(filter, by: .hour).suffix(RunCount.mostSteps)), "\(filter)")
                let walked = try await bench.store.runs(matching: RunQuery(tenant: history.tenant, filter: filter, limit: 12))
                #expect(walked.runs == Array(history.list(filter).prefix(12)), "\(filter)")
            }
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
        },
        Rule("Counts follow the states of a run") { bench in
            let (hour, now) = (CountStep.hour.start(of: StoreBench.start), StoreBench.after(30))
            func expect(_ state: RunState, sourceLocation: SourceLocation = #_sourceLocation) async throws {
                let counts = try await bench.store.countedSteps(
                    matching: RunCountQuery(tenant: StoreBench.acme, filter: RunFilter(), step: .hour))
                #expect(counts == [RunCount(start: hour, byState: [state: 1])], sourceLocation: sourceLocation)
                let ended = try await bench.store.countedSteps(
                    matching: RunCountQuery(tenant: StoreBench.acme, filter: RunFilter(ended: TimeWindow()), step: .day))
                #expect(ended.map(\.byState) == (state.hasEnded ? [[state: 1]] : []), sourceLocation: sourceLocation)
                for other in RunState.allCases {
                    let total = try await bench.total(RunFilter(state: other.state, type: "test.daily/run"))
                    #expect(total == (other == state ? 1 : 0), sourceLocation: sourceLocation)
                }
            }
            let id = try await bench.start()
            try await expect(.scheduled)
            let lease = try await bench.claimOne(at: now)
            try await expect(.started)
            _ = try await bench.store.commit(.began, under: lease, at: now)
            try await expect(.inProgress)
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: now)
            try await expect(.stopping)
            _ = try await bench.store.commit(.stopped, under: lease, at: now)
            try await expect(.canceled)
            // Repeated, and after its end: nothing is counted twice.
            _ = try await bench.store.commit(.stopped, under: lease, at: now)
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: now)
            try await expect(.canceled)
        },
        Rule("Rejected and existing runs are not counted") { bench in
            let plan = try await bench.plan()
            _ = try await bench.store.createRun(plan, once: nil)
            await bench.expect(.duplicate) { try await bench.store.createRun(plan, once: nil) }
            #expect(try await bench.total() == 1)
            let history = RunHistory(30, random: bench.random)
            for _ in 0..<2 { _ = try await bench.store.importRuns(history.imported, into: history.tenant) }
            #expect(try await bench.total() == 31)
            let key = IdempotencyKey(owner: "wk", text: "once", fingerprint: [1])
            for _ in 0..<2 { _ = try await bench.store.createRun(try await bench.plan(), once: key) }
            #expect(try await bench.total() == 32)
        },
        Rule("Concurrent writes are all counted") { bench in
            var plans: [RunPlan] = []
            for number in 0..<60 { plans.append(try await bench.plan(at: StoreBench.after(Double(number) * 600))) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for plan in plans + plans.prefix(20) {
                    // The same run twice: the second one is rejected and not counted.
                    group.addTask { _ = try? await bench.store.createRun(plan, once: nil) }
                }
                try await group.waitForAll()
            }
            let counts = try await bench.store.countedSteps(
                matching: RunCountQuery(tenant: StoreBench.acme, filter: RunFilter(), step: .hour))
            #expect(counts.map(\.total).reduce(0, +) == 60)
            #expect(Set(counts.map(\.start)) == Set(plans.map { CountStep.hour.start(of: $0.createdAt) }))
            #expect(try await bench.total(RunFilter(state: .scheduled)) == 60)
        },
        Rule("The newest of very many steps are counted") { bench in
            let first = CountStep.hour.start(of: StoreBench.start)
            var history = RunHistory(RunCount.mostSteps + 5, random: bench.random)
            for index in history.runs.indices {
                history.runs[index].createdAt = first + .seconds(3_600 * index)
                history.runs[index].state = .scheduled
                history.runs[index].endedAt = nil
            }
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            let counts = try await bench.store.countedSteps(
                matching: RunCountQuery(tenant: history.tenant, filter: RunFilter(), step: .hour))
            #expect(counts.map(\.start) == history.runs.dropFirst(5).map(\.createdAt))
            #expect(counts.allSatisfy { $0.byState == [.scheduled: 1] })
        },
        Rule("Hours and days are aligned before 1970 too, and a window cuts them") { bench in
            var run = RunHistory(1, random: bench.random).runs[0]
            run.state = .scheduled
            run.endedAt = nil
            let midnight = Timestamp(milliseconds: -2 * 86_400_000)
            let runs = [-1, 0, 1].map { offset in
                var run = run
                run.id = RunID(rawValue: "wf-\(offset)")
                run.createdAt = midnight + .milliseconds(offset)
                return ImportedRun(run: run)
            }
            _ = try await bench.store.importRuns(runs, into: StoreBench.acme)
            func days(_ window: TimeWindow?) async throws -> [Timestamp: Int] {
                let counts = try await bench.store.countedSteps(
                    matching: RunCountQuery(tenant: StoreBench.acme, filter: RunFilter(created: window), step: .day))
                return Dictionary(uniqueKeysWithValues: counts.map { ($0.start, $0.total) })
            }
            let dayBefore = midnight + .seconds(-86_400)
            #expect(try await days(nil) == [dayBefore: 1, midnight: 2])
            #expect(try await days(TimeWindow(from: midnight + .milliseconds(1))) == [midnight: 1])
            #expect(try await days(TimeWindow(to: midnight + .milliseconds(1))) == [dayBefore: 1, midnight: 1])
            #expect(try await days(TimeWindow(from: midnight, to: midnight)) == [:])
        },
        Rule("Tenants are counted separately; unknown tenants, unknown types and task states count nothing") { bench in
            try await bench.start()
            try await bench.start(of: StoreBench.globex)
            let history = RunHistory(40, of: StoreBench.globex, over: .weeks, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            #expect(try await bench.total() == 1)
            #expect(try await bench.total(of: StoreBench.globex) == 41)
            for filter in [RunFilter(state: .skipped), RunFilter(type: RunHistory.types[0])] {
                #expect(
                    try await bench.store.countedSteps(
                        matching: RunCountQuery(tenant: StoreBench.acme, filter: filter, step: .day)) == [])
            }
            let unknown = StoreBench.tenant("unknown")
            #expect(
                try await bench.store.countedSteps(
                    matching: RunCountQuery(tenant: unknown, filter: RunFilter(), step: .day)) == [])
        },
    ]
}
