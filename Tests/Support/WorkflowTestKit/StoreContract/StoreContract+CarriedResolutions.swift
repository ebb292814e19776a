import Testing
import WorkflowModel

extension StoreContract {
    /// Decisions of persons about tasks of ended runs, which reruns carry.
    static let carriedResolutions: [Rule] = [
        Rule("A rerun carries the decision about a task, and the old run stays as it is") { bench in
            let old = try await bench.failedRun()
            let before = try await bench.details(old)
            let plan = try await bench.plan(resolving: old, .skip, "c", outputs: #"{"rows":9}"#, at: 10)
            _ = try await bench.store.createRun(plan, once: nil)
            let details = try await bench.details(plan.id)
            #expect(details.origin.rerunOf == old)
            #expect(details.tasks.map(\.state) == [.succeeded, .succeeded, .skipped, .scheduled])
            #expect(details.tasks.map(\.resolution) == [nil, nil, .skip, nil])
            #expect(details.tasks[2].skipReason == .resolved && details.tasks[2].keptFrom == nil)
            #expect(
                details.resolutions == [
                    RunResolution(
                        task: details.tasks[2].id, resolution: .skip, by: StoreBench.decider, at: StoreBench.after(10),
                        reason: "known")
                ])
            let claimed = try #require(try await bench.claim(at: StoreBench.after(10)).first)
            #expect(claimed.definitionID == "d")
            #expect(
                claimed.inputs == ["a": JSONText(validated: #"{"rows":3}"#), "c": JSONText(validated: #"{"rows":9}"#)])
            try await bench.succeed(claimed.lease, at: StoreBench.after(11))
            #expect(try await bench.details(plan.id).run.state == .succeeded)
            #expect(try await bench.details(old) == before)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(12)).isEmpty)
        },
        Rule("A rerun of which no task has to run has succeeded when it begins") { bench in
            let tasks = [StoreBench.task("a"), StoreBench.task("b", needs: ["a"])]
            let id = try await bench.start(tasks)
            try await bench.succeed(bench.claimOne(), output: JSONText(validated: "{}"))
            let lease = try await bench.claimOne()
            _ = try await bench.store.commit(.began, under: lease, at: StoreBench.start)
            let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
            _ = try await bench.store.commit(.failed(fault), under: lease, at: StoreBench.start)
            let plan = try await bench.plan(resolving: id, .succeed, "b", tasks, at: 10)
            _ = try await bench.store.createRun(plan, once: nil)
            let details = try await bench.details(plan.id)
            #expect(details.run.state == .succeeded && details.run.endedAt == StoreBench.after(10) && details.run.error == nil)
            #expect(details.tasks.map(\.state) == [.succeeded, .succeeded])
            #expect(try await bench.claim(at: StoreBench.after(10)).isEmpty)
            #expect(try await bench.total(RunFilter(state: .succeeded)) == 1)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(12)).isEmpty)
        },
        Rule("A second decision is refused while the rerun that carries the first has not ended") { bench in
            let old = try await bench.failedRun()
            let first = try await bench.plan(resolving: old, .skip, "c", at: 10)
            let second = try await bench.plan(resolving: old, .retry, "c", at: 11)
            async let one = bench.attempt(first)
            async let other = bench.attempt(second)
            let results = await [one, other]
            let accepted = results.compactMap { try? $0.get() }
            try #require(accepted.count == 1, "\(results)")
            #expect(try await bench.store.reruns(of: old, tenant: StoreBench.acme, limit: 9).map(\.id) == accepted)
            let refusals = results.compactMap { result -> ResolutionRefusal? in
                if case .failure(let error as ResolutionRefusal) = result { error } else { nil }
            }
            #expect(refusals == [.isCarriedBy(accepted[0])])
            // A rerun without a decision is another matter, and so is one after the end.
            _ = try await bench.doOver(old, at: StoreBench.after(12))
            _ = try await bench.store.stopRun(accepted[0], of: StoreBench.acme, at: StoreBench.after(13))
            let third = try await bench.plan(resolving: old, .succeed, "c", at: 14)
            #expect(try await bench.attempt(third).get() == third.id)
        },
        Rule("A rerun keeps the result that a person gave, and is deleted with its decisions") { bench in
            let old = try await bench.failedRun()
            let first = try await bench.plan(resolving: old, .skip, "c", outputs: #"{"rows":9}"#, at: 10)
            _ = try await bench.store.createRun(first, once: nil)
            let lease = try await bench.claimOne(at: StoreBench.after(10))
            let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
            _ = try await bench.store.commit(.failed(fault), under: lease, at: StoreBench.after(11))
            let again = try await bench.plan(resolving: first.id, .retry, "d", at: 200)
            _ = try await bench.store.createRun(again, once: nil)
            let details = try await bench.details(again.id)
            #expect(details.tasks.map(\.keptFrom) == [old, old, first.id, nil])
            #expect(details.tasks.map(\.state) == [.succeeded, .succeeded, .skipped, .scheduled])
            #expect(details.tasks[2].resolution == .skip && details.tasks[2].skipReason == .resolved)
            #expect(details.resolutions.map(\.resolution) == [.retry])
            let claimed = try #require(try await bench.claim(at: StoreBench.after(200)).first)
            #expect(claimed.inputs["c"] == JSONText(validated: #"{"rows":9}"#))
            try await bench.deleteRuns(createdBefore: StoreBench.after(100))
            #expect(try await bench.store.run(first.id, of: StoreBench.acme) == nil)
            #expect(try await bench.details(again.id).resolutions == details.resolutions)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(201)).isEmpty)
        },
        Rule("A rerun carries the decision about an item, and the others that did not succeed run again") { bench in
            let old = try await bench.failedGroup()
            let before = try await bench.items(of: old)
            #expect(before.map(\.state) == [.succeeded, .failed, .failed])
            let plan = try await bench.plan(resolving: old, .skip, item: 1, outputs: #"{"n":10}"#, at: 10)
            _ = try await bench.store.createRun(plan, once: nil)
            let items = try await bench.items(of: plan.id)
            #expect(items.map(\.state) == [.succeeded, .skipped, .scheduled])
            #expect(items.map(\.keptFrom) == [old, nil, nil] && items.map(\.resolution) == [nil, .skip, nil])
            #expect(items[1].skipReason == .resolved && items[1].error == nil && items[1].endedAt == StoreBench.after(10))
            #expect(try await bench.details(plan.id).resolutions.map(\.task) == [items[1].id])
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(10)).isEmpty)
            let claimed = try await bench.claim(at: StoreBench.after(11))
            #expect(claimed.map(\.item?.index) == [2])
            _ = try await bench.store.commit(
                [.began, .failed(StoreBench.fault)], under: claimed[0].lease, at: StoreBench.after(12))
            #expect(try await bench.details(plan.id).run.state == .failed)
            #expect(try await bench.items(of: old) == before)
            // A later rerun keeps the decision. When no item is left, the task goes on at once.
            let last = try await bench.plan(resolving: plan.id, .succeed, item: 2, outputs: #"{"n":20}"#, at: 20)
            _ = try await bench.store.createRun(last, once: nil)
            #expect(try await bench.items(of: last.id).map(\.state) == [.succeeded, .skipped, .succeeded])
            #expect(try await bench.items(of: last.id).map(\.keptFrom) == [old, plan.id, nil])
            let sum = try #require(try await bench.claim(at: StoreBench.after(21)).first)
            #expect(sum.definitionID == "sum")
            #expect(sum.inputs["load"] == JSONText(validated: #"{"items":[{"n":0},{"n":10},{"n":20}]}"#))
            try await bench.succeed(sum.lease, at: StoreBench.after(22))
            #expect(try await bench.details(last.id).run.state == .succeeded)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(23)).isEmpty)
        },
        Rule("A decision about an item of an ended run is refused where it has no meaning") { bench in
            let old = try await bench.failedGroup()
            for (item, resolution) in [(0, Resolution.succeed), (0, .skip)] {
                await #expect(throws: RerunRefusal.resolution(.doesNotApply(label: "Task load [0] a", state: .succeeded))) {
                    _ = try await bench.plan(resolving: old, resolution, item: item, at: 10)
                }
            }
            await #expect(throws: RerunRefusal.resolution(.noSuchTask)) {
                _ = try await bench.plan(resolving: old, .skip, item: 3, at: 10)
            }
            // The new version makes another list.
            var changed = StoreBench.groupTasks
            changed[1].forEach = nil
            await #expect(throws: RerunRefusal.lacksItems("Task load")) {
                _ = try await bench.plan(resolving: old, .skip, item: 1, changed, at: 10)
            }
            let retried = try await bench.plan(resolving: old, .retry, item: 1, at: 10)
            _ = try await bench.store.createRun(retried, once: nil)
            #expect(try await bench.items(of: retried.id).map(\.state) == [.succeeded, .scheduled, .scheduled])
        },
    ]
}

extension StoreBench {
    fileprivate static let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")

    fileprivate static var groupTasks: [TaskDefinition] {
        var load = task("load", needs: ["list"])
        load.forEach = (try? TextTemplate("${outputs.list.files}"))?.only.map { ForEach(.value($0)) }
        return [task("list"), load, task("sum", needs: ["load"])]
    }

    /// A run in which the second and the third of three items have failed.
    fileprivate func failedGroup() async throws -> RunID {
        let id = try await start(Self.groupTasks)
        try await succeed(claimOne(), output: JSONText(validated: #"{"files":["a","b","c"]}"#), at: Self.after(1))
        let claimed = try await claim(at: Self.after(2))
        try await succeed(claimed[0].lease, output: JSONText(validated: #"{"n":0}"#), at: Self.after(3))
        for task in claimed.dropFirst() {
            _ = try await store.commit([.began, .failed(Self.fault)], under: task.lease, at: Self.after(3))
        }
        return id
    }

    fileprivate func items(of run: RunID) async throws -> [TaskInstance] {
        try await store.items(matching: TaskItemQuery(of: run, tenant: Self.acme, limit: 100))
    }

    fileprivate func plan(
        resolving old: RunID, _ resolution: Resolution, item: Int, outputs: String? = nil, _ tasks: [TaskDefinition]? = nil,
        at second: Double
    ) async throws -> RunPlan {
        var details = try await details(old)
        details.items = try await items(of: old)
        let order = ResolutionOrder(
            resolution, of: .one(details.tasks[1].id.item(item)), outputs: outputs.map { JSONText(validated: $0) },
            by: Self.decider, at: Self.after(second))
        let configuration = WorkflowConfiguration(
            id: "cg-daily", name: "Daily", type: "test.daily/run",
            stages: [Stage(name: "Everything", tasks: tasks ?? Self.groupTasks)])
        let version = try #require(try await store.configuration("cg-daily", of: Self.acme))
        return try RunPlan(
            configuration, version: version, doingOver: Rerun(of: details, carrying: order), at: Self.after(second), random: random)
    }
}

extension StoreBench {
    /// Plans the rerun of an ended run that carries a decision.
    fileprivate func plan(
        resolving old: RunID, _ resolution: Resolution, _ definition: String, outputs: String? = nil,
        _ tasks: [TaskDefinition]? = nil, at second: Double
    ) async throws -> RunPlan {
        let details = try await details(old)
        let task = try #require(details.tasks.first { $0.definitionID == definition })
        let order = ResolutionOrder(
            resolution, of: .one(task.id), outputs: outputs.map { JSONText(validated: $0) }, by: Self.decider,
            at: Self.after(second),
            reason: "known")
        let configuration = WorkflowConfiguration(
            id: "cg-daily", name: "Daily", type: "test.daily/run",
            stages: [Stage(name: "Everything", tasks: tasks ?? Self.failingTasks)])
        let version = try #require(try await store.configuration("cg-daily", of: Self.acme))
        return try RunPlan(
            configuration, version: version, doingOver: Rerun(of: details, carrying: order), at: Self.after(second), random: random)
    }

    fileprivate func attempt(_ plan: RunPlan) async -> Result<RunID, any Error> {
        do {
            return .success(try await store.createRun(plan, once: nil).details.run.id)
        } catch {
            return .failure(error)
        }
    }
}
