import Testing
import WorkflowModel

extension StoreContract {
    /// Decisions of persons about tasks of runs that go on.
    static let resolving: [Rule] = [
        Rule("A failed task that is retried runs again, and its dependents after it") { bench in
            let (id, held) = try await bench.failingRun()
            let before = try await bench.details(id)
            #expect(before.run.state == .runningWithFailures && before.run.error?.message == "Task a: No such table")
            let outcome = try await bench.resolve(.retry, "a", of: id, reason: "the table is 'back'", at: 5)
            let after = try await bench.details(id)
            #expect(outcome == .resolved(after))
            #expect(after.tasks.map(\.state) == [.inProgress, .running, .scheduled, .scheduled])
            #expect(after.run.state == .inProgress && after.run.error == nil && after.run.endedAt == nil)
            #expect(after.tasks[2].endedAt == nil && after.tasks[2].skipReason == nil)
            #expect(
                after.resolutions == [
                    RunResolution(
                        task: after.tasks[0].id, resolution: .retry, by: StoreBench.decider, at: StoreBench.after(5),
                        reason: "the table is 'back'")
                ])
            let second = try await bench.claimOne(at: StoreBench.after(5))
            #expect(second.task == after.tasks[0].id && second.attempt == 2)
            try await bench.succeed(second, output: JSONText(validated: #"{"rows":1}"#), at: StoreBench.after(6))
            #expect(
                try await bench.store.commit(.succeeded(TaskOutput()), under: held, at: StoreBench.after(6))
                    == .accepted(.succeeded))
            for place in 7...8 {
                try await bench.succeed(bench.claimOne(at: StoreBench.after(Double(place))), at: StoreBench.after(Double(place)))
            }
            #expect(try await bench.details(id).run.state == .succeeded)
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.filter { $0.task == second.task }.map(\.outcome) == [.failed, .succeeded])
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(9)).isEmpty)
        },
        Rule("A task that is skipped by a person lets its dependents run, with its outputs or without") { bench in
            for outputs in [nil, #"{"rows":7}"#] {
                let (id, held) = try await bench.failingRun()
                _ = try await bench.resolve(.skip, "a", of: id, outputs: outputs, at: 5)
                let details = try await bench.details(id)
                #expect(details.tasks.map(\.state) == [.skipped, .running, .scheduled, .scheduled])
                #expect(details.tasks.map(\.skipReason) == [.resolved, nil, nil, nil])
                #expect(details.tasks[0].resolution == .skip && details.tasks[0].error == nil)
                #expect(details.tasks[0].endedAt == StoreBench.after(5))
                let claimed = try #require(try await bench.claim(at: StoreBench.after(5)).first)
                #expect(claimed.definitionID == "c" && claimed.inputs == ["a": JSONText(validated: outputs ?? "{}")])
                try await bench.succeed(claimed.lease, at: StoreBench.after(6))
                _ = try await bench.store.commit(.succeeded(TaskOutput()), under: held, at: StoreBench.after(6))
                try await bench.succeed(bench.claimOne(at: StoreBench.after(7)), at: StoreBench.after(8))
                #expect(try await bench.details(id).run.state == .succeeded)
            }
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(9)).isEmpty)
        },
        Rule("A task that is marked as succeeded has the outputs that were given") { bench in
            let (id, _) = try await bench.failingRun()
            _ = try await bench.resolve(.succeed, "a", of: id, outputs: #"{"rows":3,"größer":"x"}"#, at: 5)
            let details = try await bench.details(id)
            #expect(details.tasks.map(\.state) == [.succeeded, .running, .scheduled, .scheduled])
            #expect(details.tasks[0].resolution == .succeed && details.tasks[0].error == nil)
            let values = try await bench.store.values(of: details.tasks[0].id, in: id, tenant: StoreBench.acme)
            #expect(values?.outputs == JSONText(validated: #"{"rows":3,"größer":"x"}"#))
        },
        Rule("A task between two attempts is retried now, skipped or marked as succeeded") { bench in
            for resolution in [Resolution.retry, .skip, .succeed] {
                let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
                let lease = try await bench.claimOne()
                let down = RunError(attribution: .platform, type: "test/down", message: "Down")
                _ = try await bench.store.commit(.retrying(down, at: StoreBench.after(900)), under: lease, at: StoreBench.after(1))
                #expect(try await bench.claim(at: StoreBench.after(2)).isEmpty)
                _ = try await bench.resolve(resolution, "a", of: id, at: 2)
                let next = try #require(try await bench.claim(at: StoreBench.after(2)).first)
                #expect(next.definitionID == (resolution == .retry ? "a" : "b"))
                #expect(next.lease.attempt == (resolution == .retry ? 2 : 1))
                #expect(try await bench.store.commit(.failed(down), under: lease, at: StoreBench.after(2)) == .stale)
                _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(3))
                _ = try await bench.store.commit(.stopped, under: next.lease, at: StoreBench.after(4))
            }
            #expect(try await bench.store.nextReadyTimeOfAllTenants(after: StoreBench.start) == nil)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(5)).isEmpty)
        },
        Rule("A decision about the last open task ends its run, as if it had succeeded") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            let down = RunError(attribution: .platform, type: "test/down", message: "Down")
            _ = try await bench.store.commit(.retrying(down, at: StoreBench.after(900)), under: lease, at: StoreBench.after(1))
            _ = try await bench.resolve(.skip, "only", of: id, at: 2)
            let details = try await bench.details(id)
            #expect(details.run.state == .succeeded && details.run.endedAt == StoreBench.after(2))
            #expect(try await bench.total(RunFilter(state: .succeeded)) == 1)
        },
        Rule("All failed tasks of a run are resolved at once") { bench in
            let id = try await bench.start([
                StoreBench.task("a"), StoreBench.task("b"), StoreBench.task("c", needs: ["a", "b"]), StoreBench.task("d"),
            ])
            for claimed in try await bench.claim() where claimed.definitionID != "d" { try await bench.failForGood(claimed.lease) }
            let order = ResolutionOrder(.skip, of: .allFailed, by: StoreBench.decider, at: StoreBench.after(2), reason: "known")
            guard case .resolved(let details) = try await bench.store.resolve(order, in: id, of: StoreBench.acme) else {
                Issue.record("refused")
                return
            }
            #expect(details.tasks.map(\.state) == [.skipped, .skipped, .scheduled, .started])
            #expect(details.resolutions.map(\.task) == details.tasks.prefix(2).map(\.id))
            #expect(try await bench.store.resolve(order, in: id, of: StoreBench.acme) == .refused(.nothingFailed))
        },
        Rule("The second of two decisions about a task finds it settled, and changes nothing") { bench in
            let (id, _) = try await bench.failingRun()
            async let one = bench.resolve(.skip, "a", of: id, at: 5)
            async let other = bench.resolve(.succeed, "a", of: id, at: 5)
            let outcomes = try await [one, other]
            let accepted = outcomes.filter { if case .resolved = $0 { true } else { false } }
            #expect(accepted.count == 1, "\(outcomes)")
            let details = try await bench.details(id)
            #expect(details.resolutions.count == 1)
            let state = details.tasks[0].state
            #expect(outcomes.contains(.refused(.doesNotApply(label: "Task a", state: state))))
        },
        Rule("Of a decision and a new claim of a waiting task, one comes first") { bench in
            let id = try await bench.start()
            let down = RunError(attribution: .platform, type: "test/down", message: "Down")
            _ = try await bench.store.commit(
                .retrying(down, at: StoreBench.after(2)), under: bench.claimOne(), at: StoreBench.after(1))
            async let outcome = bench.resolve(.skip, "only", of: id, at: 3)
            async let claims = bench.claim(at: StoreBench.after(3))
            let (settled, claimed) = try await (outcome, claims)
            let details = try await bench.details(id)
            if claimed.isEmpty {
                #expect(details.tasks[0].state == .skipped && settled == .resolved(details))
            } else {
                #expect(details.tasks[0].state == .started)
                #expect(settled == .refused(.doesNotApply(label: "Task only", state: .started)))
            }
        },
        Rule("A task that has succeeded, a run that is stopping, ended or unknown: nothing changes") { bench in
            let (id, held) = try await bench.failingRun()
            func refusal(_ resolution: Resolution, _ task: String, of tenant: Tenant = StoreBench.acme) async throws
                -> ResolutionOutcome
            {
                try await bench.resolve(resolution, task, of: id, tenant: tenant, at: 5)
            }
            #expect(try await refusal(.skip, "b") == .refused(.doesNotApply(label: "Task b", state: .running)))
            #expect(try await refusal(.skip, "c") == .refused(.doesNotApply(label: "Task c", state: .skipped)))
            #expect(try await refusal(.fromHere, "a") == .refused(.needsEnd(.fromHere)))
            #expect(try await refusal(.skip, "a", of: StoreBench.globex) == .noSuchRun)
            _ = try await bench.store.commit(.succeeded(TaskOutput()), under: held, at: StoreBench.after(5))
            let ended = try await bench.details(id)
            #expect(ended.run.state == .failed)
            for resolution in Resolution.allCases { #expect(try await refusal(resolution, "a") == .refused(.hasEnded)) }
            #expect(try await bench.details(id) == ended)

            let (other, _) = try await bench.failingRun()
            _ = try await bench.store.stopRun(other, of: StoreBench.acme, at: StoreBench.after(6))
            #expect(try await bench.resolve(.retry, "a", of: other, at: 7) == .refused(.isStopping))
            #expect(try await bench.details(other).resolutions.isEmpty)
        },
        Rule("A run has so many decisions and no more") { bench in
            let (id, _) = try await bench.failingRun()
            let task = try await bench.details(id).tasks[0].id
            let order = ResolutionOrder(.retry, of: .one(task), by: StoreBench.decider, at: StoreBench.after(5))
            for _ in 0..<RunResolution.most {
                guard case .resolved = try await bench.store.resolve(order, in: id, of: StoreBench.acme) else {
                    Issue.record("refused too early")
                    return
                }
            }
            let before = try await bench.details(id)
            #expect(before.resolutions.count == RunResolution.most)
            #expect(try await bench.store.resolve(order, in: id, of: StoreBench.acme) == .refused(.tooMany))
            #expect(try await bench.details(id) == before)
        },
        Rule("The needs of a run's tasks are read in the order of the tasks") { bench in
            let (id, _) = try await bench.failingRun()
            #expect(try await bench.store.needs(in: id, of: StoreBench.acme) == [[], [], ["a"], ["b", "c"]])
            #expect(try await bench.store.needs(in: id, of: StoreBench.globex) == nil)
            #expect(try await bench.store.needs(in: RunID(rawValue: "wf-none"), of: StoreBench.acme) == nil)
        },
    ]
}

extension StoreBench {
    static let decider = Principal(id: "wk_ada", name: "Ada", email: "ada@example.com")

    /// `a` has failed, so that `c` and `d` were skipped, while `b` runs.
    /// - Returns: the run, and the lease of `b`.
    fileprivate func failingRun() async throws -> (id: RunID, held: Lease) {
        let id = try await start([
            Self.task("a"), Self.task("b"), Self.task("c", needs: ["a"]), Self.task("d", needs: ["b", "c"]),
        ])
        let leases = try await claim().map(\.lease)
        try #require(leases.count == 2)
        #expect(try await store.commit(.began, under: leases[1], at: Self.start) == .accepted(.running))
        try await failForGood(leases[0])
        return (id, leases[1])
    }

    fileprivate func failForGood(_ lease: Lease) async throws {
        let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
        _ = try await store.commit(.began, under: lease, at: Self.after(1))
        _ = try await store.commit(.failed(fault), under: lease, at: Self.after(1))
    }

    fileprivate func resolve(
        _ resolution: Resolution, _ definition: String, of run: RunID, tenant: Tenant = acme, outputs: String? = nil,
        reason: String? = nil, at second: Double
    ) async throws -> ResolutionOutcome {
        let task = try #require(try await details(run).tasks.first { $0.definitionID == definition })
        return try await store.resolve(
            ResolutionOrder(
                resolution, of: .one(task.id), outputs: outputs.map { JSONText(validated: $0) }, by: Self.decider,
                at: Self.after(second), reason: reason), in: run, of: tenant)
    }
}
