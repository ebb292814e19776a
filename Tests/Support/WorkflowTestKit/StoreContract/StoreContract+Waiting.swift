import Testing
import WorkflowModel

/// Tasks that wait for work outside, without a worker.
extension StoreContract {
    private static func wait(
        until seconds: Double, deadline: Double? = nil, checks: Int = 0, needsCancel: Bool = true
    ) -> TaskWait {
        TaskWait(
            for: .job, until: StoreBench.after(seconds), deadline: deadline.map { StoreBench.after($0) }, checks: checks,
            needsCancel: needsCancel, memo: JSONText(validated: #"{"response":{"response.body.run_id":"cafe\#u{301}-7"}}"#))
    }

    private static let lost = RunError(attribution: .platform, type: "weir.worker/lost", message: "lost")

    static let waiting: [Rule] = [
        Rule("A task that waits for work outside has no worker, and goes on with the same attempt when it is due") { bench in
            let id = try await bench.start()
            let first = try await bench.claimOne()
            let begun = wait(until: 15, deadline: 900)
            #expect(
                try await bench.store.commit([.began, .waiting(begun, runID: "job-7")], under: first, at: StoreBench.after(1))
                    == .accepted(.running))
            // A repeated report, whose first answer was lost.
            #expect(
                try await bench.store.commit([.began, .waiting(begun, runID: "job-7")], under: first, at: StoreBench.after(2))
                    == .accepted(.running))
            let task = try await bench.details(id).tasks[0]
            #expect(task.state == .running && task.engineRunID == "job-7" && task.attempts == 1)
            #expect(try await bench.store.leasesOfAllTenants(notHeldBy: "").isEmpty)
            #expect(try await bench.store.renewLeases([first], until: StoreBench.after(90)) == [first: .lost])
            #expect(try await bench.claim(at: StoreBench.after(14.999)).isEmpty)
            #expect(try await bench.store.nextReadyTimeOfAllTenants(after: StoreBench.after(2)) == StoreBench.after(15))

            let again = try #require(try await bench.claim(at: StoreBench.after(15)).first)
            #expect(again.lease.attempt == 1 && again.lease.token > first.token)
            #expect(again.resumed == ResumedAttempt(begun))
            #expect(try await bench.store.commit(.succeeded(TaskOutput()), under: first, at: StoreBench.after(16)) == .stale)
            let polled = wait(until: 30, deadline: 900, checks: 1)
            #expect(
                try await bench.store.commit(.waiting(polled), under: again.lease, at: StoreBench.after(16)) == .accepted(.running))

            let last = try #require(try await bench.claim(at: StoreBench.after(31)).first)
            #expect(last.resumed?.wait == polled)
            let output = TaskOutput(values: JSONText(validated: #"{"rows":3}"#))
            #expect(
                try await bench.store.commit(.succeeded(output), under: last.lease, at: StoreBench.after(32))
                    == .accepted(.succeeded))
            let details = try await bench.details(id)
            #expect(details.run.state == .succeeded && details.tasks[0].engineRunID == "job-7" && details.run.attempts == 1)
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.map(\.number) == [1] && attempts[0].startedAt == StoreBench.start)
            #expect(attempts[0].endedAt == StoreBench.after(32))
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(33)).isEmpty)
        },
        Rule("A task that waits for work outside goes on after the loss of its worker") { bench in
            let id = try await bench.start()
            let first = try await bench.claimOne()
            let begun = wait(until: 15)
            _ = try await bench.store.commit([.began, .waiting(begun)], under: first, at: StoreBench.after(1))
            let second = try await bench.claimOne(by: "worker-2", at: StoreBench.after(15))
            let abandoned = try #require(try await bench.store.leasesOfAllTenants(notHeldBy: "worker-3").first)
            #expect(abandoned.lease == second)
            let end = LostAttempt(second, with: .failed(lost), ifExpiredBy: nil)
            #expect(try await bench.store.endLostAttempt(end, at: StoreBench.after(20)) == .accepted(.running))
            let third = try #require(try await bench.claim(by: "worker-3", at: StoreBench.after(20)).first)
            #expect(third.resumed?.wait == begun.resumed(at: StoreBench.after(20)) && third.lease.attempt == 1)
            // Lost again, with an event that would begin another attempt.
            let retry = LostAttempt(third.lease, with: .retrying(lost, at: StoreBench.after(99)), ifExpiredBy: nil)
            #expect(try await bench.store.endLostAttempt(retry, at: StoreBench.after(21)) == .accepted(.running))
            // It can also fail for good, like any attempt.
            let fourth = try await bench.claimOne(at: StoreBench.after(21))
            #expect(try await bench.store.commit(.failed(lost), under: fourth, at: StoreBench.after(22)) == .accepted(.failed))
            #expect(try await bench.details(id).run.state == .failed)
            #expect(try await bench.claim(at: StoreBench.after(999)).isEmpty)
        },
        Rule("A stop reaches a task that waits: a worker cancels the work outside, or the task is canceled at once") { bench in
            let id = try await bench.start([
                StoreBench.task("job"), StoreBench.task("plain"), StoreBench.task("next", needs: ["job"]),
            ])
            for claimed in try await bench.claim() {
                let wait = wait(until: 600, needsCancel: claimed.definitionID == "job")
                _ = try await bench.store.commit([.began, .waiting(wait)], under: claimed.lease, at: StoreBench.after(1))
            }
            let stopped = try #require(try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(2)))
            #expect(stopped.run.state == .stopping)
            #expect(stopped.tasks.map(\.state) == [.stopping, .canceled, .canceled])
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.map(\.outcome) == [nil, .canceled] && attempts[1].endedAt == StoreBench.after(2))
            #expect(attempts[1].error == .manuallyStopped)

            let claimed = try #require(try await bench.claim(at: StoreBench.after(2)).first)
            #expect(claimed.resumed?.isStopping == true && claimed.definitionID == "job" && claimed.lease.attempt == 1)
            // The worker is lost: another one cancels the work.
            let end = LostAttempt(claimed.lease, with: .failed(lost), ifExpiredBy: nil)
            #expect(try await bench.store.endLostAttempt(end, at: StoreBench.after(3)) == .accepted(.stopping))
            let other = try #require(try await bench.claim(at: StoreBench.after(3)).first)
            #expect(other.resumed?.isStopping == true)
            #expect(try await bench.store.renewLeases([other.lease], until: StoreBench.after(99)) == [other.lease: .stopRequested])
            #expect(try await bench.store.commit(.stopped, under: other.lease, at: StoreBench.after(4)) == .accepted(.canceled))
            let details = try await bench.details(id)
            #expect(details.run.state == .canceled && details.run.error == .manuallyStopped)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(5)).isEmpty)
        },
        Rule("Work that begins outside while its run is stopping is canceled by a worker, or ends without one") { bench in
            for needsCancel in [true, false] {
                let id = try await bench.start(configuration: "cg-\(needsCancel)")
                let lease = try await bench.claimOne()
                _ = try await bench.store.commit(.began, under: lease, at: StoreBench.start)
                _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
                let receipt = try await bench.store.commit(
                    .waiting(wait(until: 60, needsCancel: needsCancel)), under: lease, at: StoreBench.after(2))
                #expect(receipt == .accepted(needsCancel ? .stopping : .canceled))
                let claimed = try await bench.claim(at: StoreBench.after(2))
                #expect(claimed.map(\.resumed?.isStopping) == (needsCancel ? [true] : []))
                for task in claimed {
                    #expect(
                        try await bench.store.commit(.stopped, under: task.lease, at: StoreBench.after(3)) == .accepted(.canceled))
                }
                #expect(try await bench.details(id).run.state == .canceled)
                let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
                #expect(attempts.map(\.outcome) == [.canceled])
            }
        },
        Rule("A task that waits for work outside holds its units of resources, and no slot for tasks") { bench in
            try await bench.own(1, tasksAtOnce: 1)
            try await bench.start([StoreBench.task("job", uses: StoreBench.warehouse)], configuration: "cg-1")
            let job = try await bench.claimOne()
            _ = try await bench.store.commit([.began, .waiting(wait(until: 60))], under: job, at: StoreBench.after(1))
            let second = try await bench.start(
                [StoreBench.task("same", uses: StoreBench.warehouse)], configuration: "cg-2", at: StoreBench.after(2))
            #expect(try await bench.claimAll(at: StoreBench.after(2)).isEmpty)
            let reasons = try #require(
                try await bench.store.waitReasons(of: second, tenant: StoreBench.acme, at: StoreBench.after(4)))
            guard case .limit(let usage)? = reasons.tasks.first?.reason else {
                Issue.record("\(reasons)")
                return
            }
            #expect(usage.holders.map(\.label) == ["Task job"] && usage.taken == 1)
            try await bench.start([StoreBench.task("free")], configuration: "cg-3", at: StoreBench.after(4))
            let free = try await bench.claimAll(at: StoreBench.after(4))
            #expect(free.map(\.definitionID) == ["free"])
            // Its next check takes a slot for tasks, and no further unit.
            #expect(try await bench.claimAll(at: StoreBench.after(61)).isEmpty)
            try await bench.expectNothingWrong(at: StoreBench.after(61))
            try await bench.succeed(free[0].lease, at: StoreBench.after(62))
            let check = try await bench.claimAll(at: StoreBench.after(62))
            #expect(check.map(\.definitionID) == ["job"])
            _ = try await bench.store.commit(.succeeded(TaskOutput()), under: check[0].lease, at: StoreBench.after(63))
            #expect(try await bench.claimAll(at: StoreBench.after(63)).map(\.definitionID) == ["same"])
            try await bench.expectNothingWrong(at: StoreBench.after(63))
        },
        Rule("The output of an attempt that goes on follows that of the checks before, and its wait is shown") { bench in
            let id = try await bench.start()
            let first = try await bench.claimOne()
            try await bench.store.appendOutput(
                OutputChunk(offset: 0, bytes: Array("submitted\n".utf8)), under: first, keepingLast: 100)
            _ = try await bench.store.commit([.began, .waiting(wait(until: 15, checks: 0))], under: first, at: StoreBench.after(1))
            let reasons = try #require(try await bench.store.waitReasons(of: id, tenant: StoreBench.acme, at: StoreBench.after(2)))
            #expect(reasons.tasks.map(\.reason) == [.outside(wait(until: 15))])
            #expect(reasons.tasks[0].state == .running)
            let again = try #require(try await bench.claim(at: StoreBench.after(15)).first)
            #expect(again.resumed?.printed == 10)
            try await bench.store.appendOutput(
                OutputChunk(offset: 10, bytes: Array("RUNNING\n".utf8)), under: again.lease, keepingLast: 100)
            let query = TaskOutputQuery(of: first.task, in: id, tenant: StoreBench.acme, attempt: nil, from: 0, limit: 100)
            #expect(try await bench.store.output(query)?.bytes == Array("submitted\nRUNNING\n".utf8))
        },
    ]
}
