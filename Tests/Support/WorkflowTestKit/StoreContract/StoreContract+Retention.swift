import Testing
public import WorkflowModel

extension StoreContract {
    static let retention: [Rule] = [
        Rule("Retention deletes ended runs created before the cutoff, with all their data") { bench in
            let key = IdempotencyKey(owner: "wk_1", text: "once", fingerprint: [1])
            let plan = try await bench.plan([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
            _ = try await bench.store.createRun(plan, once: key)
            let first = try await bench.claimOne()
            try await bench.store.appendOutput(OutputChunk(offset: 0, bytes: Array("hello".utf8)), under: first, keepingLast: 100)
            try await bench.succeed(first, at: StoreBench.after(1))
            try await bench.succeed(try await bench.claimOne(at: StoreBench.after(1)), at: StoreBench.after(2))
            let running = try await bench.start(at: StoreBench.after(3))
            let others = try await bench.start(of: StoreBench.globex, at: StoreBench.after(3))
            _ = try await bench.store.stopRun(others, of: StoreBench.globex, at: StoreBench.after(4))
            let young = try await bench.start(at: StoreBench.after(5))
            _ = try await bench.store.stopRun(young, of: StoreBench.acme, at: StoreBench.after(6))

            let cutoff = StoreBench.after(5)
            let counts = try await bench.store.endedRunsOfAllTenants(createdBefore: cutoff)
            #expect(
                counts == [TenantRunCount(tenant: StoreBench.acme, runs: 1), TenantRunCount(tenant: StoreBench.globex, runs: 1)])
            #expect(try await bench.retain(createdBefore: cutoff) == 2)
            #expect(try await bench.store.run(plan.id, of: StoreBench.acme) == nil)
            #expect(try await bench.store.run(others, of: StoreBench.globex) == nil)
            #expect(try await bench.store.attempts(of: plan.id, tenant: StoreBench.acme).isEmpty)
            let output = try await bench.store.output(
                TaskOutputQuery(of: plan.tasks[0].id, in: plan.id, tenant: StoreBench.acme, attempt: nil, from: 0, limit: 10))
            #expect(output == nil)
            #expect(try await bench.store.acceptedRun(once: key, of: StoreBench.acme, at: StoreBench.after(6)) == nil)
            #expect(try await bench.walk(by: 10).map(\.id) == [young, running])
            #expect(try await bench.walk(of: StoreBench.globex, by: 10).isEmpty)
            #expect(try await bench.store.endedRunsOfAllTenants(createdBefore: cutoff).isEmpty)
            #expect(try await bench.retain(createdBefore: cutoff) == 0)
        },
        Rule("Runs that retention keeps are not affected") { bench in
            let old = try await bench.start()
            _ = try await bench.store.stopRun(old, of: StoreBench.acme, at: StoreBench.start)
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])], at: StoreBench.after(1))
            let lease = try await bench.claimOne(at: StoreBench.after(1))
            #expect(try await bench.retain(createdBefore: StoreBench.after(100)) == 1)
            try await bench.succeed(lease, at: StoreBench.after(2))
            try await bench.succeed(try await bench.claimOne(at: StoreBench.after(2)), at: StoreBench.after(3))
            #expect(try await bench.details(id).run.state == .succeeded)
            let configuration = try await bench.store.configuration("cg-daily", of: StoreBench.acme)
            #expect(configuration?.createdBy == StoreBench.someone)
            try await bench.start(at: StoreBench.after(4))
            #expect(try await bench.claim(at: StoreBench.after(4)).count == 1)
        },
        Rule("Retention deletes exactly the right runs of a long history, in steps") { bench in
            let history = RunHistory(1_500, random: bench.random)
            let others = RunHistory(700, of: StoreBench.globex, random: bench.random)
            for part in [history, others] { _ = try await bench.store.importRuns(part.imported, into: part.tenant) }
            let cutoff = StoreBench.start + .milliseconds(RunHistory.Spread.crowded.span * 3 / 4)
            func goes(_ run: WorkflowRun) -> Bool { run.endedAt != nil && run.createdAt < cutoff }
            let expected = [history, others].map { TenantRunCount(tenant: $0.tenant, runs: $0.runs.filter(goes).count) }
            #expect(try await bench.store.endedRunsOfAllTenants(createdBefore: cutoff) == expected)
            var steps = 0
            #expect(try await bench.retain(createdBefore: cutoff) { _ in steps += 1 } == expected.map(\.runs).reduce(0, +))
            #expect(steps > 1)
            for part in [history, others] {
                var left = part
                left.runs.removeAll(where: goes)
                #expect(try await bench.walk(of: part.tenant, by: 400) == left.list(RunFilter()))
                for filter in [RunFilter(state: .failed), RunFilter(ended: TimeWindow()), RunFilter(type: RunHistory.types[0])] {
                    let page = try await bench.store.runs(
                        matching: RunQuery(tenant: part.tenant, filter: filter, limit: 1, withTotal: true))
                    #expect(page.total == .exactly(left.list(filter).count))
                }
            }
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: cutoff) == [])
        },
        Rule("Of past months only active runs remain") { bench in
            var history = RunHistory(300, over: .weeks, random: bench.random)
            // Months in which all runs have ended, with ids of their own time and of another.
            for index in 0..<200 {
                let created = history.runs[index].createdAt + .milliseconds(-90 * 86_400_000)
                history.runs[index].createdAt = created
                history.runs[index].state = .succeeded
                history.runs[index].endedAt = created + .milliseconds(1)
                history.runs[index].error = nil
                if index.isMultiple(of: 2) { history.runs[index].id = RunID(at: created, using: bench.random) }
            }
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            let cutoff = StoreBench.start + .milliseconds(19 * 86_400_000)
            let gone = history.runs.filter { $0.endedAt != nil && $0.createdAt < cutoff }
            #expect(try await bench.retain(createdBefore: cutoff) == gone.count)
            var left = history
            left.runs.removeAll { $0.endedAt != nil && $0.createdAt < cutoff }
            #expect(try await bench.walk(by: 100) == left.list(RunFilter()))
            #expect(try await bench.store.runs(withIDs: gone.map(\.id), of: history.tenant).isEmpty)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: cutoff) == [])
            // Their ids are free again, and their months accept runs.
            let again = try await bench.store.importRuns(history.imported, into: history.tenant)
            #expect(again == ImportOutcome(added: gone.count, alreadyThere: left.runs.count))
            #expect(try await bench.walk(by: 100) == history.list(RunFilter()))
        },
        Rule("Concurrent retention deletes each run once") { bench in
            let history = RunHistory(800, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            let ended = history.runs.filter { $0.endedAt != nil }.count
            let deleted = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<3 { group.addTask { try await bench.retain(createdBefore: StoreBench.after(60)) } }
                return try await group.reduce(0, +)
            }
            #expect(deleted == ended)
            #expect(try await bench.store.endedRunsOfAllTenants(createdBefore: StoreBench.after(60)).isEmpty)
        },
    ]
}

extension StoreBench {
    /// Runs retention to its end.
    /// - Returns: the number of deleted runs.
    @discardableResult
    public func retain(
        createdBefore cutoff: Timestamp, addingToStatistics isCounting: Bool = true, step: (RetentionStep) -> Void = { _ in }
    ) async throws -> Int {
        var deleted = 0
        var place: RetentionPlace?
        repeat {
            let done = try await store.deleteEndedRunsOfAllTenants(
                createdBefore: cutoff, from: place, addingToStatistics: isCounting)
            deleted += done.deletedRuns
            place = done.next
            step(done)
        } while place != nil
        return deleted
    }
}
