import Testing
import WorkflowModel

extension StoreContract {
    private static let error = RunError(attribution: .customer, type: "test/bad", message: "Bad")
    /// `a`, `b` that needs `a`, `close` that always runs after both, and `tell` that runs after a failure of one of them.
    private static let tasks = [
        StoreBench.task("a"), StoreBench.task("b", needs: ["a"]), StoreBench.task("close", .always, needs: ["a", "b"]),
        StoreBench.task("tell", .failure, needs: ["a", "b"]),
    ]

    static let closing: [Rule] = [
        Rule("Closing tasks run when what they need has ended, and are told what happened") { bench in
            let id = try await bench.start(tasks)
            let lease = try await bench.claimOne()
            #expect(try await bench.details(id).tasks.map(\.when) == [.success, .success, .always, .failure])
            _ = try await bench.store.commit(.failed(error), under: lease, at: StoreBench.after(1))
            #expect(try await bench.states(id) == [.failed, .skipped, .scheduled, .scheduled])
            #expect(try await bench.details(id).run.state == .runningWithFailures)
            let claimed = try await bench.claim(at: StoreBench.after(2))
            #expect(claimed.map(\.definitionID) == ["close", "tell"])
            #expect(claimed.map(\.soFar) == [RunSoFar(.failed, failedTasks: ["a"]), RunSoFar(.failed, failedTasks: ["a"])])
            for task in claimed { try await bench.succeed(task.lease, at: StoreBench.after(3)) }
            let details = try await bench.details(id)
            #expect(details.run.state == .failed)
            #expect(details.run.error?.message == "Task a: Bad")
            #expect(details.tasks.map(\.skipReason) == [nil, .failedNeed, nil, nil])
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(4)).isEmpty)
        },
        Rule("A closing task for failures is skipped when nothing failed, and gets the outputs of what succeeded") { bench in
            let id = try await bench.start(tasks)
            let output = JSONText(.object(JSONMembers(["n": 1])))
            try await bench.succeed(bench.claimOne(), output: output)
            try await bench.succeed(bench.claimOne())
            let last = try #require(try await bench.claim().first)
            #expect(last.definitionID == "close")
            #expect(last.soFar == RunSoFar(.succeeded))
            #expect(last.inputs == ["a": output])
            #expect(try await bench.details(id).tasks.map(\.skipReason) == [nil, nil, nil, .noFailure])
            try await bench.succeed(last.lease)
            #expect(try await bench.details(id).run.state == .succeeded)
        },
        Rule("A closing task that fails fails the run with its error") { bench in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("close", .always, needs: ["a"])])
            try await bench.succeed(bench.claimOne())
            let lease = try await bench.claimOne()
            _ = try await bench.store.commit(.failed(error), under: lease, at: StoreBench.after(1))
            let details = try await bench.details(id)
            #expect(details.run.state == .failed)
            #expect(details.run.error?.message == "Task close: Bad")
        },
        Rule("After a stop, closing tasks run, and the run ends when they have") { bench in
            let id = try await bench.start(tasks, afterStop: .seconds(60))
            let lease = try await bench.claimOne()
            let asked = try #require(try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1)))
            #expect(asked.run.state == .stopping)
            #expect(asked.tasks.map(\.state) == [.stopping, .canceled, .scheduled, .scheduled])
            #expect(asked.closingUntil == StoreBench.after(61))
            #expect(try await bench.claim(at: StoreBench.after(2)).isEmpty)
            _ = try await bench.store.commit(.stopped, under: lease, at: StoreBench.after(3))
            #expect(try await bench.details(id).run.state == .stopping)
            let claimed = try await bench.claim(at: StoreBench.after(4))
            #expect(claimed.map(\.definitionID) == ["close", "tell"])
            #expect(claimed.allSatisfy { $0.soFar == RunSoFar(.stopped) })
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(5)).isEmpty)
            // A further request is harmless.
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(5))
            #expect(
                try await bench.store.renewLeases(claimed.map(\.lease), until: StoreBench.after(90)).values.allSatisfy {
                    $0 == .held
                })
            try await bench.succeed(claimed[0].lease, at: StoreBench.after(6))
            _ = try await bench.store.commit(.failed(error), under: claimed[1].lease, at: StoreBench.after(7))
            let details = try await bench.details(id)
            #expect(details.run.state == .canceled)
            #expect(details.run.endedAt == StoreBench.after(7))
            #expect(details.run.error == .manuallyStopped)
            #expect(details.tasks.map(\.state) == [.canceled, .canceled, .succeeded, .failed])
            #expect(details.closingUntil == nil)
            #expect(try await bench.store.endClosingOfAllTenants(at: StoreBench.after(100), limit: 10).isEmpty)
            #expect(try await bench.details(id) == details)
        },
        Rule("A closing task that runs when the stop comes goes on") { bench in
            let id = try await bench.start([
                StoreBench.task("a"), StoreBench.task("b"), StoreBench.task("close", .always, needs: ["a"]),
            ])
            let first = try await bench.claim(1)
            try await bench.succeed(first[0].lease)
            let claimed = try await bench.claim()
            let closing = try #require(claimed.first { $0.definitionID == "close" }).lease
            let other = try #require(claimed.first { $0.definitionID == "b" }).lease
            #expect(try await bench.store.commit(.began, under: closing, at: StoreBench.start) == .accepted(.running))
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            let statuses = try await bench.store.renewLeases([closing, other], until: StoreBench.after(90))
            #expect(statuses == [closing: .held, other: .stopRequested])
            _ = try await bench.store.commit(.stopped, under: other, at: StoreBench.after(2))
            let receipt = try await bench.store.commit(.succeeded(TaskOutput()), under: closing, at: StoreBench.after(3))
            #expect(receipt == .accepted(.succeeded))
            #expect(try await bench.details(id).run.state == .canceled)
        },
        Rule("A task that has not ended by the deadline after a stop is stopped, once") { bench in
            let hanging = [
                StoreBench.task("a"), StoreBench.task("hangs", .always, needs: ["a"]),
                StoreBench.task("waits", .always, needs: ["hangs"]),
            ]
            let id = try await bench.start(hanging, afterStop: .seconds(60))
            let other = try await bench.start(hanging, of: StoreBench.globex, afterStop: .seconds(90))
            for lease in try await bench.claim().map(\.lease) {
                _ = try await bench.store.stopRun(lease.run, of: lease.tenant, at: StoreBench.after(1))
                _ = try await bench.store.commit(.stopped, under: lease, at: StoreBench.after(2))
            }
            let claimed = try await bench.claim(at: StoreBench.after(3))
            #expect(claimed.map(\.definitionID) == ["hangs", "hangs"])
            for task in claimed { _ = try await bench.store.commit(.began, under: task.lease, at: StoreBench.after(4)) }
            let lease = try #require(claimed.first { $0.lease.run == id }).lease
            #expect(try await bench.store.endClosingOfAllTenants(at: StoreBench.after(60.999), limit: 10).isEmpty)
            #expect(try await bench.store.endClosingOfAllTenants(at: StoreBench.after(61), limit: 10) == [id])
            #expect(try await bench.store.endClosingOfAllTenants(at: StoreBench.after(61), limit: 10).isEmpty)
            let details = try await bench.details(id)
            #expect(details.run.state == .stopping)
            #expect(details.tasks.map(\.state) == [.canceled, .stopping, .canceled])
            #expect(details.tasks[2].error == .closingTimeIsOver)
            #expect(try await bench.store.renewLeases([lease], until: StoreBench.after(120)) == [lease: .stopRequested])
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(62)).isEmpty)
            let end = try await bench.store.commit(.succeeded(TaskOutput()), under: lease, at: StoreBench.after(63))
            #expect(end == .accepted(.canceled))
            let ended = try await bench.details(id)
            #expect(ended.run.state == .canceled)
            #expect(ended.tasks.map(\.state) == [.canceled, .canceled, .canceled])
            #expect(ended.tasks[1].error == .closingTimeIsOver)
            #expect(try await bench.claim(at: StoreBench.after(64)).isEmpty)
            // The other run has more time.
            #expect(try await bench.states(other, of: StoreBench.globex) == [.canceled, .running, .scheduled])
            #expect(try await bench.store.endClosingOfAllTenants(at: StoreBench.after(500), limit: 10) == [other])
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(501)).isEmpty)
        },
        Rule("A closing task whose worker is lost after a stop runs again, and is stopped at the deadline") { bench in
            let id = try await bench.start(
                [StoreBench.task("a"), StoreBench.task("close", .always, needs: ["a"])], afterStop: .seconds(60))
            let lease = try await bench.claimOne()
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            _ = try await bench.store.commit(.stopped, under: lease, at: StoreBench.after(2))
            let lost = try await bench.claimOne(at: StoreBench.after(3))
            let retry = TaskEvent.retrying(.workerLost("Gone"), at: StoreBench.after(30))
            let rescued = try await bench.store.endLostAttempt(
                LostAttempt(lost, with: retry, ifExpiredBy: nil), at: StoreBench.after(20))
            #expect(rescued == .accepted(.inProgress))
            #expect(try await bench.store.nextReadyTimeOfAllTenants(after: StoreBench.after(20)) == StoreBench.after(30))
            let again = try await bench.claimOne(by: "worker-2", at: StoreBench.after(30))
            #expect(again.attempt == 2)
            #expect(try await bench.store.commit(.succeeded(TaskOutput()), under: lost, at: StoreBench.after(31)) == .stale)
            #expect(try await bench.store.endClosingOfAllTenants(at: StoreBench.after(61), limit: 10) == [id])
            // The second worker is lost as well.
            _ = try await bench.store.endLostAttempt(
                LostAttempt(again, with: retry, ifExpiredBy: nil), at: StoreBench.after(70))
            let details = try await bench.details(id)
            #expect(details.run.state == .canceled)
            #expect(details.tasks.map(\.state) == [.canceled, .canceled])
            #expect(
                try await bench.store.attempts(of: id, tenant: StoreBench.acme).map(\.outcome) == [.canceled, .failed, .canceled])
            #expect(try await bench.claim(at: StoreBench.after(100)).isEmpty)
        },
        Rule("A stop of a run that has not begun cancels its closing tasks, and so does one without time after it") { bench in
            let waiting = try await bench.start(tasks)
            let stopped = try await bench.store.stopRun(waiting, of: StoreBench.acme, at: StoreBench.after(1))
            #expect(stopped?.run.state == .canceled)
            let hurried = try await bench.start(tasks, configuration: "cg-hurried", afterStop: .zero, at: StoreBench.after(2))
            let lease = try await bench.claimOne(at: StoreBench.after(2))
            let asked = try await bench.store.stopRun(hurried, of: StoreBench.acme, at: StoreBench.after(3))
            #expect(asked?.tasks.map(\.state) == [.stopping, .canceled, .canceled, .canceled])
            _ = try await bench.store.commit(.stopped, under: lease, at: StoreBench.after(4))
            #expect(try await bench.details(hurried).run.state == .canceled)
            #expect(try await bench.store.endClosingOfAllTenants(at: StoreBench.after(500), limit: 10).isEmpty)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(501)).isEmpty)
        },
        Rule("Several stopped runs are ended in the order of their deadlines, a limited number at a time") { bench in
            var ids: [RunID] = []
            for seconds in [30, 10, 20] {
                let id = try await bench.start(
                    [StoreBench.task("a"), StoreBench.task("close", .always, needs: ["a"])], configuration: "cg-\(seconds)",
                    afterStop: .seconds(seconds))
                let lease = try await bench.claimOne()
                _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.start)
                _ = try await bench.store.commit(.stopped, under: lease, at: StoreBench.start)
                ids.append(id)
            }
            #expect(try await bench.store.endClosingOfAllTenants(at: StoreBench.after(100), limit: 2) == [ids[1], ids[2]])
            #expect(try await bench.store.endClosingOfAllTenants(at: StoreBench.after(100), limit: 2) == [ids[0]])
            for id in ids { #expect(try await bench.details(id).run.state == .canceled) }
        },
        Rule("A rerun from the failure keeps what succeeded, and runs closing tasks again") { bench in
            let configuration = WorkflowConfiguration(
                id: "cg-daily", name: "Daily", type: "test.daily/run", stages: [Stage(name: "Everything", tasks: tasks)])
            let id = try await bench.start(tasks)
            try await bench.succeed(bench.claimOne())
            let failing = try await bench.claimOne()
            _ = try await bench.store.commit(.failed(error), under: failing, at: StoreBench.after(1))
            for task in try await bench.claim(at: StoreBench.after(2)) {
                try await bench.succeed(task.lease, at: StoreBench.after(3))
            }
            let old = try await bench.details(id)
            let launched = try #require(old.launchedVersion)
            let version = try #require(try await bench.store.configurationVersion(launched, of: StoreBench.acme))
            let plan = try RunPlan(
                configuration, version: version, doingOver: Rerun(of: old, from: .failure, by: StoreBench.someone),
                at: StoreBench.after(4), random: bench.random)
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await bench.states(plan.id) == [.succeeded, .scheduled, .scheduled, .scheduled])
            try await bench.succeed(bench.claimOne(at: StoreBench.after(5)), at: StoreBench.after(6))
            let claimed = try await bench.claim(at: StoreBench.after(7))
            #expect(claimed.map(\.definitionID) == ["close"])
            try await bench.succeed(claimed[0].lease, at: StoreBench.after(8))
            #expect(try await bench.details(plan.id).run.state == .succeeded)
            #expect(try await bench.states(plan.id) == [.succeeded, .succeeded, .succeeded, .skipped])
        },
        Rule("A closing task waits for the tasks that have not ended") { bench in
            let id = try await bench.start(tasks)
            try await bench.succeed(bench.claimOne())
            let reasons = try #require(try await bench.store.waitReasons(of: id, tenant: StoreBench.acme, at: StoreBench.after(1)))
            guard case .needs(let needed)? = reasons.tasks.first(where: { $0.definitionID == "close" })?.reason else {
                Issue.record("it does not wait for tasks")
                return
            }
            #expect(needed.map(\.label) == ["Task b"])
        },
        Rule("Closing tasks hold resources and wait for them like other tasks, also after a stop") { bench in
            try await bench.own(1, of: "license")
            let closing = [
                StoreBench.task("a"), StoreBench.task("c1", .always, needs: ["a"], uses: ["license": 1]),
                StoreBench.task("c2", .always, needs: ["a"], uses: ["license": 1]),
            ]
            let id = try await bench.start(closing)
            let lease = try await bench.claimOne()
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            _ = try await bench.store.commit(.stopped, under: lease, at: StoreBench.after(2))
            let first = try await bench.claim(at: StoreBench.after(3))
            #expect(first.count == 1)
            try await bench.succeed(first[0].lease, at: StoreBench.after(4))
            let second = try await bench.claim(at: StoreBench.after(5))
            #expect(second.count == 1)
            try await bench.succeed(second[0].lease, at: StoreBench.after(6))
            #expect(try await bench.details(id).run.state == .canceled)
        },
    ]
}
