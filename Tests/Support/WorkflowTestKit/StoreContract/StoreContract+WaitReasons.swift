import Testing
import WorkflowModel

extension StoreContract {
    /// The wait reasons of a run's tasks.
    static let waitReasons: [Rule] = [
        Rule("A task has a wait reason: its dependencies, a worker, a retry, a limit or a stop") { bench in
            try await bench.own(1)
            let tasks = [
                StoreBench.task("works", uses: StoreBench.warehouse), StoreBench.task("waits", uses: StoreBench.warehouse),
                StoreBench.task("needs", needs: ["works"]), StoreBench.task("again"), StoreBench.task("ready"),
            ]
            let plan = try await bench.plan(tasks)
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await bench.waitReasons(plan.id).tasks.map(\.kind) == ["worker", "worker", "needs", "worker", "worker"])
            let claimed = try await bench.claim(4).map(\.lease)
            let again = try #require(claimed.first { $0.task == plan.tasks[3].id })
            let down = RunError(attribution: .platform, type: "test/down", message: "Down")
            _ = try await bench.store.commit(.retrying(down, at: StoreBench.after(60)), under: again, at: StoreBench.after(1))
            let waitReasons = try await bench.waitReasons(plan.id, at: StoreBench.after(2))
            #expect(waitReasons.state == .started || waitReasons.state == .inProgress)
            #expect(waitReasons.tasks.map(\.id) == plan.tasks.map(\.id))
            #expect(waitReasons.tasks.map(\.kind).prefix(4) == [nil, "limit", "needs", "retry"])
            guard case .limit(let limit) = waitReasons.tasks[1].reason, case .needs(let needed) = waitReasons.tasks[2].reason,
                case .retry(let instant, let error) = waitReasons.tasks[3].reason
            else {
                Issue.record("\(waitReasons)")
                return
            }
            #expect(limit.queue == LimitQueue(.resource("warehouse")))
            #expect(limit.size == 1 && limit.units == 1 && limit.taken == 1)
            #expect(limit.holders.map(\.task) == [plan.tasks[0].id] && limit.holders.map(\.run) == [plan.id])
            #expect(waitReasons.tasks[1].since == StoreBench.start)
            #expect(needed.map(\.id) == [plan.tasks[0].id])
            #expect(instant == StoreBench.after(60) && error == down)
            _ = try await bench.store.stopRun(plan.id, of: StoreBench.acme, at: StoreBench.after(3))
            let stopping = try await bench.waitReasons(plan.id, at: StoreBench.after(3))
            #expect(stopping.state == .stopping)
            #expect(stopping.tasks.first?.reason == .stops)
        },
        Rule("A run that waits for other runs of its configuration names them") { bench in
            let first = try await bench.start(concurrency: 1)
            let second = try await bench.start(concurrency: 1, at: StoreBench.after(1))
            #expect(try await bench.claimAll(at: StoreBench.after(1)).map(\.lease.run) == [first])
            let waitReasons = try await bench.waitReasons(second, at: StoreBench.after(2))
            guard case .limit(let limit)? = waitReasons.tasks.first?.reason else {
                Issue.record("\(waitReasons)")
                return
            }
            #expect(limit.queue == LimitQueue(.runs(of: "cg-daily")))
            #expect(limit.size == 1 && limit.taken == 1)
            #expect(limit.holders.map(\.run) == [first] && limit.holders.map(\.task) == [nil])
            #expect(try await bench.waitReasons(first, at: StoreBench.after(2)).tasks.map(\.reason) == [.works])
            #expect(try await bench.store.waitReasons(of: first, tenant: StoreBench.globex, at: StoreBench.start) == nil)
        },
        Rule("A ready task shows how many are ahead of it") { bench in
            for second in 0..<3 { try await bench.start(at: StoreBench.after(Double(second))) }
            let last = try await bench.start(at: StoreBench.after(3))
            #expect(try await bench.waitReasons(last, at: StoreBench.after(9)).tasks.map(\.reason) == [.worker(ahead: 3)])
        },
        Rule("Tasks that became ready together are counted in the order in which they are claimed") { bench in
            let plan = try await bench.plan(["one", "two", "three"].map { StoreBench.task($0) })
            _ = try await bench.store.createRun(plan, once: nil)
            let places = try await bench.waitReasons(plan.id).tasks.map(\.reason)
            #expect(places == [.worker(ahead: 0), .worker(ahead: 1), .worker(ahead: 2)])
            // A task of another run that became ready at the same time is before those at later positions.
            let other = try await bench.start()
            let both = try await bench.waitReasons(plan.id).tasks + bench.waitReasons(other).tasks
            let order = try await bench.claimAll().map(\.lease.task)
            #expect(both.map(\.reason) == both.map { .worker(ahead: order.firstIndex(of: $0.id) ?? -1) })
        },
    ]
}

extension StoreBench {
    fileprivate func waitReasons(_ id: RunID, at now: Timestamp = start) async throws -> RunWaitReasons {
        try #require(try await store.waitReasons(of: id, tenant: Self.acme, at: now))
    }
}
