import Testing
import WorkflowModel

extension StoreContract {
    static let claiming: [Rule] = [
        Rule("A claim counts the attempt, raises the token and takes the run up") { bench in
            let plan = try await bench.plan()
            _ = try await bench.store.createRun(plan, once: nil)
            let claimed = try #require(try await bench.claim().first)
            #expect(claimed.lease == Lease(tenant: StoreBench.acme, run: plan.id, task: plan.tasks[0].id, attempt: 1, token: 1))
            #expect(claimed.definitionID == "only")
            #expect(claimed.version == plan.version)
            #expect(claimed.runMode == .full)
            let details = try await bench.details(plan.id)
            #expect(details.run.state == .started)
            #expect(details.tasks.map(\.state) == [.started])
            #expect(details.tasks.map(\.attempts) == [1])
            #expect(try await bench.claim().isEmpty)
            let attempts = try await bench.store.attempts(of: plan.id, tenant: StoreBench.acme)
            #expect(attempts == [TaskAttemptRecord(task: plan.tasks[0].id, number: 1, startedAt: StoreBench.start)])
        },
        Rule("A run goes from its first task to its last, and hands outputs on") { bench in
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
    ]
}
