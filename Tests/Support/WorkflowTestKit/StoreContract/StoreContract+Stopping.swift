import Testing
import WorkflowModel

extension StoreContract {
    static let stopping: [Rule] = [
        Rule("A run without running tasks is canceled immediately") { bench in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
            let stopped = try #require(try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1)))
            #expect(stopped.run.state == .canceled)
            #expect(stopped.run.endedAt == StoreBench.after(1))
            #expect(stopped.run.error == .manuallyStopped)
            #expect(stopped.tasks.map(\.state) == [.canceled, .canceled])
            #expect(stopped == (try await bench.details(id)))
            #expect(try await bench.claim(at: StoreBench.after(2)).isEmpty)
        },
        Rule("A run with running tasks is stopped when the last one has ended") { bench in
            let id = try await bench.start([
                StoreBench.task("a"), StoreBench.task("b"), StoreBench.task("c", needs: ["a"]),
            ])
            let claimed = try await bench.claim()
            _ = try await bench.store.commit(.began, under: claimed[0].lease, at: StoreBench.start)
            let asked = try #require(try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1)))
            #expect(asked.run.state == .stopping)
            #expect(asked.run.endedAt == nil)
            #expect(asked.tasks.map(\.state) == [.stopping, .stopping, .canceled])
            // A worker that missed the signal learns of the stop.
            #expect(try await bench.store.commit(.began, under: claimed[1].lease, at: StoreBench.after(2)) == .accepted(.stopping))
            let first = try await bench.store.commit(.stopped, under: claimed[0].lease, at: StoreBench.after(3))
            #expect(first == .accepted(.canceled))
            #expect(try await bench.details(id).run.state == .stopping)
            // The stop wins, whatever the outcome of the work.
            let left = TaskOutput(values: JSONText(validated: #"{"rows":3}"#))
            let second = try await bench.store.commit(.succeeded(left), under: claimed[1].lease, at: StoreBench.after(4))
            #expect(second == .accepted(.canceled))
            #expect(try await bench.store.values(of: claimed[1].lease.task, in: id, tenant: StoreBench.acme)?.outputs == nil)
            let details = try await bench.details(id)
            #expect(details.run.state == .canceled)
            #expect(details.run.endedAt == StoreBench.after(4))
            #expect(details.run.error == .manuallyStopped)
            #expect(details.tasks.allSatisfy { $0.error == .manuallyStopped })
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.map(\.outcome) == [.canceled, .canceled])
            #expect(try await bench.store.leasesOfAllTenants(notHeldBy: "nobody").isEmpty)
        },
        Rule("The first request to stop a run is recorded, with its time, its principal and its reason") { bench in
            let ada = Principal(id: "wk_ada", name: "Ada", email: "ada@example.com")
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            let other = try await bench.start(configuration: "cg-other")
            #expect(try await bench.details(id).stop == nil)
            let stop = RunStop(
                requestedAt: StoreBench.after(3), requestedBy: ada, reason: "wrong 'month' \"cafe\u{301}\"")
            let asked = try await bench.store.stopRun(id, of: StoreBench.acme, for: stop)
            #expect(asked?.stop == stop)
            let second = RunStop(requestedAt: StoreBench.after(4), requestedBy: StoreBench.someone, reason: "another")
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, for: second)
            _ = try await bench.store.commit(.stopped, under: lease, at: StoreBench.after(5))
            _ = try await bench.store.stopRun(
                id, of: StoreBench.acme, for: RunStop(requestedAt: StoreBench.after(6), requestedBy: StoreBench.someone))
            #expect(try await bench.details(id).stop == stop)
            #expect(try await bench.store.stops(of: [id, other], tenant: StoreBench.acme) == [id: stop])
            #expect(try await bench.store.stops(of: [id], tenant: StoreBench.globex).isEmpty)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(7)).isEmpty)

            let done = try await bench.start(configuration: "cg-done", at: StoreBench.after(8))
            for claimed in try await bench.claim(at: StoreBench.after(8)) {
                try await bench.succeed(claimed.lease, at: StoreBench.after(9))
            }
            #expect(
                try await bench.store.stopRun(
                    done, of: StoreBench.acme, for: RunStop(requestedAt: StoreBench.after(10), requestedBy: ada))?.stop == nil)
        },
        Rule("How an attempt was ended is recorded under its lease, beside the outcome") { bench in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b")])
            let leases = try await bench.claim().map(\.lease)
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            let ending = TaskEnding(
                terminatedAt: StoreBench.after(2), killedAt: StoreBench.after(12), goneAt: StoreBench.after(13))
            let call = TaskEnding(callCanceledAt: StoreBench.after(3), goneAt: StoreBench.after(3))
            try await bench.store.record(ending, under: leases[0])
            try await bench.store.record(call, under: leases[1])
            var stale = leases[0]
            stale.token += 1
            try await bench.store.record(call, under: stale)
            for lease in leases { _ = try await bench.store.commit(.stopped, under: lease, at: StoreBench.after(14)) }
            // The attempt has ended.
            try await bench.store.record(call, under: leases[0])
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.map(\.ending) == [ending, call])
            #expect(attempts.map(\.outcome) == [.canceled, .canceled])
        },
        Rule("A task between two attempts is canceled immediately") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            let error = RunError(attribution: .platform, type: "test/down", message: "Down")
            _ = try await bench.store.commit(.retrying(error, at: StoreBench.after(5)), under: lease, at: StoreBench.after(1))
            let stopped = try #require(try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(2)))
            #expect(stopped.run.state == .canceled)
            #expect(try await bench.claim(at: StoreBench.after(10)).isEmpty)
            #expect(try await bench.store.nextReadyTimeOfAllTenants(after: StoreBench.after(2)) == nil)
            #expect(try await bench.store.attempts(of: id, tenant: StoreBench.acme).map(\.outcome) == [.failed])
        },
        Rule("Stopping a stopping or ended run changes nothing") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            let first = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            #expect(try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(2)) == first)
            _ = try await bench.store.commit(.stopped, under: lease, at: StoreBench.after(3))
            let ended = try await bench.details(id)
            #expect(try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(4)) == ended)
            let other = try await bench.start()
            try await bench.succeed(bench.claimOne())
            #expect(try await bench.store.stopRun(other, of: StoreBench.acme, at: StoreBench.after(5))?.run.state == .succeeded)
        },
        Rule("A run with failures can be stopped, and then counts as stopped") { bench in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b")])
            let claimed = try await bench.claim()
            let error = RunError(attribution: .customer, type: "test/bad", message: "Bad")
            _ = try await bench.store.commit(.failed(error), under: claimed[0].lease, at: StoreBench.after(1))
            let asked = try #require(try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(2)))
            #expect(asked.tasks.map(\.state) == [.failed, .stopping])
            _ = try await bench.store.commit(.stopped, under: claimed[1].lease, at: StoreBench.after(3))
            let details = try await bench.details(id)
            #expect(details.run.state == .canceled)
            #expect(details.run.error == .manuallyStopped)
            #expect(details.tasks[0].error == error)
        },
        Rule("A run that does not exist cannot be stopped") { bench in
            let nowhere = RunID(rawValue: "wf-nowhere")
            let stopped = try await bench.store.stopRun(nowhere, of: StoreBench.acme, at: StoreBench.start)
            #expect(stopped == nil)
        },
        Rule("Imported history keeps who stopped its runs, when and why") { bench in
            let stop = RunStop(
                requestedAt: StoreBench.after(5), requestedBy: Principal(id: "wk_9", name: "Ada", email: "ada@example.com"),
                reason: "größer \"x\"")
            var runs = ["old-1", "old-2", "old-3"].map { bench.endedRun($0) }
            for index in 0..<2 { (runs[index].state, runs[index].error) = (.canceled, .manuallyStopped) }
            let stops = [stop, RunStop(requestedAt: StoreBench.after(6), requestedBy: StoreBench.someone), nil]
            let imported = zip(runs, stops).map { ImportedRun(run: $0, stop: $1) }
            #expect(try await bench.store.importRuns(imported, into: StoreBench.acme).added == 3)
            for (run, stop) in zip(runs, stops) { #expect(try await bench.details(run.id).stop == stop) }
            let found = try await bench.store.stops(of: runs.map(\.id), tenant: StoreBench.acme)
            #expect(found == [runs[0].id: stop, runs[1].id: stops[1]].compactMapValues(\.self))
            try await bench.expectNothingWrong()
        },
    ]
}
