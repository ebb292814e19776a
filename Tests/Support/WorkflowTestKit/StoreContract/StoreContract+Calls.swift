import Testing
import WorkflowModel

/// Runs that a task of another run has started.
extension StoreContract {
    private static func calling(_ child: RunID, until seconds: Double) -> TaskEvent {
        let wait = TaskWait(
            for: .run, until: StoreBench.after(seconds), needsCancel: true, memo: JSONText(validated: #"{"run":"\#(child)"}"#))
        return .waiting(wait, runID: child.rawValue)
    }

    static let calls: [Rule] = [
        Rule("A called run knows its caller, and its end makes the caller due at once") { bench in
            for ending in ["succeeded", "failed", "stopped"] {
                let parent = try await bench.start(
                    [StoreBench.task("call"), StoreBench.task("next", needs: ["call"])], configuration: "cg-\(ending)")
                let call = try await bench.claimOne()
                var plan = try await bench.plan([StoreBench.task("work")], configuration: "cg-child", at: StoreBench.after(1))
                plan.calledBy = RunCaller(run: parent, task: call.task)
                let child = try await bench.store.createRun(plan, once: nil).details
                #expect(child.calledBy == plan.calledBy)
                #expect(try await bench.details(child.run.id) == child.withTasks(of: try await bench.details(child.run.id)))
                _ = try await bench.store.commit([.began, calling(child.run.id, until: 600)], under: call, at: StoreBench.after(1))
                let work = try #require(try await bench.claim(at: StoreBench.after(2)).first)
                #expect(work.lease.run == child.run.id)
                #expect(try await bench.claim(at: StoreBench.after(3)).isEmpty)
                switch ending {
                case "succeeded": try await bench.succeed(work.lease, at: StoreBench.after(4))
                case "failed":
                    _ = try await bench.store.commit(.failed(.scripted(.customer)), under: work.lease, at: StoreBench.after(4))
                default:
                    _ = try await bench.store.stopRun(child.run.id, of: StoreBench.acme, at: StoreBench.after(4))
                    _ = try await bench.store.commit(.stopped, under: work.lease, at: StoreBench.after(4))
                }
                let again = try #require(try await bench.claim(at: StoreBench.after(4)).first, "\(ending)")
                #expect(again.lease.task == call.task && again.resumed?.wait.subject == .run)
                #expect(again.lease.attempt == 1)
                _ = try await bench.store.commit(.failed(.scripted(.customer)), under: again.lease, at: StoreBench.after(5))
                #expect(try await bench.details(parent).run.state == .failed)
                #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(6)).isEmpty)
            }
        },
        Rule("A wait for a run that has ended meanwhile is due at once") { bench in
            let parent = try await bench.start([StoreBench.task("call")])
            let call = try await bench.claimOne()
            var plan = try await bench.plan([StoreBench.task("work")], configuration: "cg-child", at: StoreBench.after(1))
            plan.calledBy = RunCaller(run: parent, task: call.task)
            let child = try await bench.store.createRun(plan, once: nil).details.run.id
            _ = try await bench.store.stopRun(child, of: StoreBench.acme, at: StoreBench.after(2))
            _ = try await bench.store.commit([.began, calling(child, until: 600)], under: call, at: StoreBench.after(3))
            #expect(try await bench.claim(at: StoreBench.after(3)).map(\.lease.task) == [call.task])
        },
        Rule("The end of a called run leaves a caller alone that no longer waits") { bench in
            let parent = try await bench.start([StoreBench.task("call")])
            let call = try await bench.claimOne()
            var plan = try await bench.plan([StoreBench.task("work")], configuration: "cg-child")
            plan.calledBy = RunCaller(run: parent, task: call.task)
            let child = try await bench.store.createRun(plan, once: nil).details.run.id
            _ = try await bench.store.commit(.failed(.scripted(.platform)), under: call, at: StoreBench.after(1))
            let before = try await bench.details(parent)
            for work in try await bench.claim(at: StoreBench.after(2)) {
                try await bench.succeed(work.lease, at: StoreBench.after(3))
            }
            #expect(try await bench.details(child).run.state == .succeeded)
            #expect(try await bench.details(parent) == before)
            #expect(try await bench.claim(at: StoreBench.after(99)).isEmpty)
        },
    ]
}

extension WorkflowRunDetails {
    /// With the tasks and versions of a later reading.
    fileprivate func withTasks(of other: WorkflowRunDetails) -> WorkflowRunDetails {
        var details = self
        (details.tasks, details.launchedVersion, details.currentVersion) = (
            other.tasks, other.launchedVersion, other.currentVersion
        )
        return details
    }
}
