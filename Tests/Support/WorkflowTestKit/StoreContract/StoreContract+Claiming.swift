import Testing
import WorkflowModel

extension StoreContract {
    static let claiming: [Rule] = [
        Rule("A claim counts the attempt, increments the token and starts the run") { bench in
            let range = TimeWindow(from: StoreBench.start, to: StoreBench.after(1))
            let plan = try await bench.plan(range: range)
            _ = try await bench.store.createRun(plan, once: nil)
            let claimed = try #require(try await bench.claim().first)
            #expect(claimed.lease == Lease(tenant: StoreBench.acme, run: plan.id, task: plan.tasks[0].id, attempt: 1, token: 1))
            #expect(claimed.definitionID == "only")
            #expect(claimed.version == plan.version)
            #expect(claimed.runMode == .full)
            #expect(claimed.range == range)
            #expect(claimed.inputs.isEmpty)
            let details = try await bench.details(plan.id)
            #expect(details.run.state == .started)
            #expect(details.tasks.map(\.state) == [.started])
            #expect(details.tasks.map(\.attempts) == [1])
            #expect(try await bench.claim().isEmpty)
            let attempts = try await bench.store.attempts(of: plan.id, tenant: StoreBench.acme)
            #expect(attempts == [TaskAttemptRecord(task: plan.tasks[0].id, number: 1, startedAt: StoreBench.start)])
        },
        Rule("A tenant's tasks are claimed in the order in which they became ready, then in the order of their run") {
            bench in
            try await bench.start([StoreBench.task("late")], at: StoreBench.after(2))
            try await bench.start([StoreBench.task("first"), StoreBench.task("second")], at: StoreBench.start)
            try await bench.start([StoreBench.task("middle")], at: StoreBench.after(1))
            #expect(try await bench.claim(2, at: StoreBench.after(2)).map(\.definitionID) == ["first", "second"])
            #expect(try await bench.claim(2, at: StoreBench.after(2)).map(\.definitionID) == ["middle", "late"])
            #expect(try await bench.claim(2, at: StoreBench.after(2)).isEmpty)
        },
        Rule("A claim respects its limit and the time of each task") { bench in
            try await bench.start((1...5).map { StoreBench.task("t\($0)") }, at: StoreBench.after(1))
            #expect(try await bench.claim(5, at: StoreBench.start).isEmpty)
            #expect(try await bench.claim(0, at: StoreBench.after(1)).isEmpty)
            #expect(try await bench.claim(3, at: StoreBench.after(1)).count == 3)
            #expect(try await bench.claim(3, at: StoreBench.after(1)).count == 2)
        },
        Rule("Concurrent claims never return the same task") { bench in
            for _ in 0..<10 { try await bench.start((1...5).map { StoreBench.task("t\($0)") }) }
            let claimed = try await withThrowingTaskGroup(of: [ClaimedTask].self) { group in
                for worker in 0..<20 { group.addTask { try await bench.claim(4, by: "worker-\(worker)") } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 50)
            #expect(Set(claimed.map(\.lease.task)).count == 50)
        },
        Rule("A run proceeds from its first task to its last, and passes outputs to dependents") { bench in
            let tasks = [
                StoreBench.task("pull"), StoreBench.task("other"), StoreBench.task("unify", needs: ["pull"]),
            ]
            let id = try await bench.start(tasks)
            let first = try await bench.claim()
            #expect(first.map(\.definitionID) == ["pull", "other"])
            let values = JSONText(validated: #"{"rows":3}"#)
            try await bench.succeed(first[0].lease, output: values, at: StoreBench.after(1))
            let second = try await bench.claim(at: StoreBench.after(1))
            #expect(second.map(\.definitionID) == ["unify"])
            #expect(second.first?.inputs == ["pull": values])
            try await bench.succeed(first[1].lease, output: JSONText(validated: "{}"), at: StoreBench.after(2))
            #expect(try await bench.details(id).run.state == .inProgress)
            try await bench.succeed(second[0].lease, at: StoreBench.after(3))
            let details = try await bench.details(id)
            #expect(details.run.state == .succeeded)
            #expect(details.run.endedAt == StoreBench.after(3))
            #expect(details.run.error == nil)
            #expect(details.tasks.allSatisfy { $0.state == .succeeded })
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.map(\.outcome) == [.succeeded, .succeeded, .succeeded])
            #expect(attempts.map(\.endedAt) == [StoreBench.after(1), StoreBench.after(2), StoreBench.after(3)])
        },
        Rule("A task waits for all its dependencies, and receives the outputs of each") { bench in
            let odd = #"quote " and \ backslash"#
            let id = try await bench.start([
                StoreBench.task("a"), StoreBench.task(odd), StoreBench.task("both", needs: ["a", odd]),
            ])
            let first = try await bench.claim()
            try await bench.succeed(first[0].lease, output: JSONText(validated: #"{"a":1}"#))
            #expect(try await bench.claim().isEmpty)
            try await bench.succeed(first[1].lease, output: JSONText(validated: #"{"b":2}"#))
            let last = try #require(try await bench.claim().first)
            #expect(last.inputs == ["a": JSONText(validated: #"{"a":1}"#), odd: JSONText(validated: #"{"b":2}"#)])
            #expect(try await bench.states(id) == [.succeeded, .succeeded, .started])
        },
        Rule("The next ready time is that of the earliest delayed task") { bench in
            #expect(try await bench.store.nextReadyTimeOfAllTenants(after: StoreBench.start) == nil)
            try await bench.start([StoreBench.task("a"), StoreBench.task("b")])
            let error = RunError(attribution: .platform, type: "test/down", message: "Down")
            for (claimed, second) in zip(try await bench.claim(), [30.0, 20.0]) {
                let event = TaskEvent.retrying(error, at: StoreBench.after(second))
                #expect(try await bench.store.commit(event, under: claimed.lease, at: StoreBench.start) == .accepted(.inProgress))
            }
            try await bench.start(at: StoreBench.after(1))
            #expect(try await bench.store.nextReadyTimeOfAllTenants(after: StoreBench.after(1)) == StoreBench.after(20))
            #expect(try await bench.store.nextReadyTimeOfAllTenants(after: StoreBench.after(20)) == StoreBench.after(30))
            #expect(try await bench.store.nextReadyTimeOfAllTenants(after: StoreBench.after(30)) == nil)
        },
    ]
}
