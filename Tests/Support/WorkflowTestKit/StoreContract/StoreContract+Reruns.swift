import Testing
import WorkflowModel

extension StoreContract {
    static let reruns: [Rule] = [
        Rule("Kept tasks of a rerun begin as succeeded, with their outputs, and do not run again") { bench in
            let old = try await bench.failedRun()
            let again = try await bench.doOver(old, at: StoreBench.after(10))

            var details = try await bench.details(again)
            #expect(details.run.state == .scheduled)
            #expect(details.origin.rerunOf == old)
            #expect(details.tasks.map(\.state) == [.succeeded, .succeeded, .scheduled, .scheduled])
            #expect(details.tasks.map(\.keptFrom) == [old, old, nil, nil])
            #expect(details.tasks.map(\.engineRunID) == ["e-a", nil, nil, nil])
            #expect(details.tasks.map(\.endedAt) == [StoreBench.after(10), StoreBench.after(10), nil, nil])
            #expect(details.tasks.allSatisfy { $0.attempts == 0 })
            #expect(try await bench.store.attempts(of: again, tenant: StoreBench.acme).isEmpty)
            let values = try await bench.store.values(of: details.tasks[2].id, in: again, tenant: StoreBench.acme)
            #expect(values?.inputs == ["a": JSONText(validated: #"{"rows":3}"#)])

            let claimed = try await bench.claim(at: StoreBench.after(11))
            #expect(claimed.map(\.definitionID) == ["c"])
            #expect(claimed.first?.inputs == ["a": JSONText(validated: #"{"rows":3}"#)])
            try await bench.succeed(try #require(claimed.first).lease, at: StoreBench.after(12))
            try await bench.succeed(bench.claimOne(at: StoreBench.after(12)), at: StoreBench.after(13))
            details = try await bench.details(again)
            #expect(details.run.state == .succeeded)
            #expect(details.tasks.map(\.keptFrom) == [old, old, nil, nil])
            #expect(try await bench.total(RunFilter(state: .succeeded)) == 1)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(14)).isEmpty)
        },
        Rule("Kept tasks stay when the original run is deleted, and can be kept once more") { bench in
            let old = try await bench.failedRun()
            let again = try await bench.doOver(old, at: StoreBench.after(200))
            try await bench.fail(bench.claimOne(at: StoreBench.after(200)), at: StoreBench.after(201))
            try await bench.deleteRuns(createdBefore: StoreBench.after(100))
            #expect(try await bench.store.run(old, of: StoreBench.acme) == nil)
            #expect(try await bench.details(again).origin.rerunOf == old)

            let third = try await bench.doOver(again, at: StoreBench.after(300))
            let details = try await bench.details(third)
            #expect(details.origin.rerunOf == again)
            #expect(details.tasks.map(\.keptFrom) == [old, old, nil, nil])
            let claimed = try await bench.claim(at: StoreBench.after(300))
            #expect(claimed.map(\.inputs) == [["a": JSONText(validated: #"{"rows":3}"#)]])
        },
        Rule("Nothing is written when the tasks to keep have been deleted") { bench in
            let old = try await bench.failedRun()
            let plan = try await bench.planToDoOver(old, at: StoreBench.after(10))
            try await bench.deleteRuns(createdBefore: StoreBench.after(5))
            #expect(try await bench.store.run(old, of: StoreBench.acme) == nil)
            await bench.expect(.baseIsDeleted) { try await bench.store.createRun(plan, once: nil) }
            #expect(try await bench.store.run(plan.id, of: StoreBench.acme) == nil)
            #expect(try await bench.claim(at: StoreBench.after(11)).isEmpty)
        },
        Rule("A rerun names its original run, also when its key is repeated") { bench in
            let old = try await bench.failedRun()
            let key = IdempotencyKey(owner: "key-1", text: "again", fingerprint: [4])
            let first = try await bench.store.createRun(try await bench.planToDoOver(old, at: StoreBench.after(10)), once: key)
            #expect(first.details.origin.rerunOf == old)
            #expect(first.details.tasks.isEmpty)
            let second = try await bench.store.createRun(try await bench.planToDoOver(old, at: StoreBench.after(11)), once: key)
            #expect(second.isReplay)
            #expect(second.details == first.details)
            let accepted = try await bench.store.acceptedRun(once: key, of: StoreBench.acme, at: StoreBench.after(12))
            #expect(accepted == first.details)
        },
        Rule("The reruns of a run are listed, newest first") { bench in
            let old = try await bench.failedRun()
            let other = try await bench.failedRun()
            var reruns: [RunID] = []
            for second in 1...3 { reruns.append(try await bench.doOver(old, at: StoreBench.after(Double(second)))) }
            func found(_ run: RunID, of tenant: Tenant = StoreBench.acme, limit: Int = 10) async throws -> [RunID] {
                try await bench.store.reruns(of: run, tenant: tenant, limit: limit).map(\.id)
            }
            #expect(try await found(old) == reruns.reversed())
            #expect(try await found(old, limit: 2) == Array(reruns.reversed().prefix(2)))
            #expect(try await found(other).isEmpty)
            #expect(try await found(old, of: StoreBench.globex).isEmpty)
            #expect(try await found(RunID(rawValue: "wf-nowhere")).isEmpty)
        },
        Rule("The last successful run before another one is found, whatever has failed since") { bench in
            let first = try await bench.start(at: StoreBench.start)
            try await bench.succeed(bench.claimOne())
            let second = try await bench.start(at: StoreBench.after(10))
            try await bench.succeed(bench.claimOne(at: StoreBench.after(10)), at: StoreBench.after(11))
            let failed = try await bench.start(at: StoreBench.after(20))
            try await bench.fail(bench.claimOne(at: StoreBench.after(20)), at: StoreBench.after(21))
            try await bench.start(configuration: "cg-other", at: StoreBench.after(15))
            try await bench.succeed(bench.claimOne(at: StoreBench.after(22)), at: StoreBench.after(22))

            #expect(try await bench.lastGood(before: failed) == second)
            #expect(try await bench.lastGood(before: second) == first)
            #expect(try await bench.lastGood(before: first) == nil)
            #expect(try await bench.lastGood(before: failed, "cg-nowhere") == nil)
            #expect(try await bench.lastGood(before: failed, of: StoreBench.globex) == nil)
        },
        Rule("The outputs of a run's tasks are read together; those that are too long only by size") { bench in
            let old = try await bench.failedRun()
            let short = TaskOutputs(definitionID: "a", text: JSONText(validated: #"{"rows":3}"#), length: 10)
            #expect(try await bench.store.outputs(of: old, tenant: StoreBench.acme, upTo: 10) == [short])
            let long = TaskOutputs(definitionID: "a", text: nil, length: 10)
            #expect(try await bench.store.outputs(of: old, tenant: StoreBench.acme, upTo: 9) == [long])
            #expect(try await bench.store.outputs(of: old, tenant: StoreBench.globex, upTo: 10).isEmpty)
        },
    ]
}

extension StoreBench {
    /// `a` and `b` succeed, `c` needs `a` and fails, so that `d`, which needs all of them, is skipped.
    static let failingTasks = [task("a"), task("b"), task("c", needs: ["a"]), task("d", needs: ["a", "b", "c"])]

    func failedRun(
        labels: RunLabels = RunLabels(), warnings: TaskWarnings = TaskWarnings(), at now: Timestamp = start
    ) async throws -> RunID {
        let id = try await store.createRun(plan(Self.failingTasks, labels: labels, at: now), once: nil).details.run.id
        let output = TaskOutput(values: JSONText(validated: #"{"rows":3}"#), runID: "e-a", warnings: warnings)
        for _ in 0..<2 {
            let claimed = try #require(try await claim(1, at: now).first)
            let left = claimed.definitionID == "a" ? output : TaskOutput(values: nil)
            #expect(try await store.commit(.began, under: claimed.lease, at: now) == .accepted(.running))
            #expect(try await store.commit(.succeeded(left), under: claimed.lease, at: now) == .accepted(.succeeded))
        }
        try await fail(claimOne(at: now), at: now)
        #expect(try await states(id) == [.succeeded, .succeeded, .failed, .skipped])
        return id
    }

    fileprivate func fail(_ lease: Lease, at now: Timestamp) async throws {
        let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
        #expect(try await store.commit(.began, under: lease, at: now) == .accepted(.running))
        #expect(try await store.commit(.failed(fault), under: lease, at: now) == .accepted(.failed))
    }

    func deleteRuns(createdBefore cutoff: Timestamp) async throws {
        var place: RetentionPlace?
        repeat {
            place = try await store.deleteEndedRunsOfAllTenants(createdBefore: cutoff, from: place, addingToStatistics: true).next
        } while place != nil
    }

    /// Plans a rerun from the failure of such a run.
    func planToDoOver(_ id: RunID, _ tasks: [TaskDefinition]? = nil, at now: Timestamp) async throws -> RunPlan {
        let old = try await details(id)
        let configuration = WorkflowConfiguration(
            id: "cg-daily", name: "Daily", type: "test.daily/run",
            stages: [Stage(name: "Everything", tasks: tasks ?? Self.failingTasks)])
        let version = try #require(try await store.configuration("cg-daily", of: Self.acme))
        return try RunPlan(
            configuration, version: version, doingOver: Rerun(of: old, from: .failure, by: Self.someone), at: now, random: random)
    }

    fileprivate func lastGood(
        before run: RunID, of tenant: Tenant = acme, _ configuration: String = "cg-daily"
    ) async throws -> RunID? {
        let details = try await details(run)
        let place = try #require(RunCursor(of: details.run, by: .created))
        return try await store.lastSuccessfulRun(of: configuration, tenant: tenant, after: place)?.id
    }

    func doOver(_ id: RunID, at now: Timestamp) async throws -> RunID {
        try await store.createRun(planToDoOver(id, at: now), once: nil).details.run.id
    }
}
