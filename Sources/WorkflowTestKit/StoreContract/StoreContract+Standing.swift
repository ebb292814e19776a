import Testing
import WorkflowModel

extension StoreContract {
    /// What a run's tasks wait for.
    static let standing: [Rule] = [
        Rule("A task says what it waits for: what it needs, a worker, another attempt, a limit, a stop") { bench in
            try await bench.own(1)
            let tasks = [
                StoreBench.task("works", uses: StoreBench.warehouse), StoreBench.task("waits", uses: StoreBench.warehouse),
                StoreBench.task("needs", needs: ["works"]), StoreBench.task("again"), StoreBench.task("ready"),
            ]
            let plan = try await bench.plan(tasks)
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await bench.standing(plan.id).tasks.map(\.kind) == ["worker", "worker", "needs", "worker", "worker"])
            let claimed = try await bench.claim(4).map(\.lease)
            let again = try #require(claimed.first { $0.task == plan.tasks[3].id })
            let down = RunError(attribution: .platform, type: "test/down", message: "Down")
            _ = try await bench.store.commit(.retrying(down, at: StoreBench.after(60)), under: again, at: StoreBench.after(1))
            let standing = try await bench.standing(plan.id, at: StoreBench.after(2))
            #expect(standing.state == .started || standing.state == .inProgress)
            #expect(standing.tasks.map(\.id) == plan.tasks.map(\.id))
            #expect(standing.tasks.map(\.kind).prefix(4) == [nil, "limit", "needs", "retry"])
            guard case .limit(let limit) = standing.tasks[1].reason, case .needs(let needed) = standing.tasks[2].reason,
                case .retry(let instant, let error) = standing.tasks[3].reason
            else {
                Issue.record("\(standing)")
                return
            }
            #expect(limit.queue == LimitQueue(.resource("warehouse")))
            #expect(limit.size == 1 && limit.units == 1 && limit.taken == 1)
            #expect(limit.holders.map(\.task) == [plan.tasks[0].id] && limit.holders.map(\.run) == [plan.id])
            #expect(standing.tasks[1].since == StoreBench.start)
            #expect(needed.map(\.id) == [plan.tasks[0].id])
            #expect(instant == StoreBench.after(60) && error == down)
            _ = try await bench.store.stopRun(plan.id, of: StoreBench.acme, at: StoreBench.after(3))
            let stopping = try await bench.standing(plan.id, at: StoreBench.after(3))
            #expect(stopping.state == .stopping)
            #expect(stopping.tasks.first?.reason == .stops)
        },
        Rule("A run that waits for others of its configuration says which") { bench in
            let first = try await bench.start(concurrency: 1)
            let second = try await bench.start(concurrency: 1, at: StoreBench.after(1))
            #expect(try await bench.claimAll(at: StoreBench.after(1)).map(\.lease.run) == [first])
            let standing = try await bench.standing(second, at: StoreBench.after(2))
            guard case .limit(let limit)? = standing.tasks.first?.reason else {
                Issue.record("\(standing)")
                return
            }
            #expect(limit.queue == LimitQueue(.runs(of: "cg-daily")))
            #expect(limit.size == 1 && limit.taken == 1)
            #expect(limit.holders.map(\.run) == [first] && limit.holders.map(\.task) == [nil])
            #expect(try await bench.standing(first, at: StoreBench.after(2)).tasks.map(\.reason) == [.works])
            #expect(try await bench.store.standing(of: first, tenant: StoreBench.globex, at: StoreBench.start) == nil)
        },
        Rule("A task that is ready says how many are before it") { bench in
            for second in 0..<3 { try await bench.start(at: StoreBench.after(Double(second))) }
            let last = try await bench.start(at: StoreBench.after(3))
            #expect(try await bench.standing(last, at: StoreBench.after(9)).tasks.map(\.reason) == [.worker(ahead: 3)])
        },
    ]
}

extension StoreBench {
    fileprivate func standing(_ id: RunID, at now: Timestamp = start) async throws -> RunStanding {
        try #require(try await store.standing(of: id, tenant: Self.acme, at: now))
    }
}
