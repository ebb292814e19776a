import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

// Tasks that start a run of another workflow and wait for its end, while workers crash and answers are lost.
extension Simulation {
    /// The workflow that tasks call. It has no limits, because its caller keeps its own ones while it waits.
    static let called = "c-called"

    /// The outcome of a task that calls the other workflow, or that has waited for it.
    /// - Returns: nil for other work.
    func callOutcome(of held: SimulatedWorker.Held) async throws -> TaskOutcome? {
        if let wait = held.claimed.resumed?.wait { return try await checkedCall(wait, of: held) }
        guard held.phase == .began, held.reason == nil, held.definition.when == .success, calls[held.lease.run] == nil,
            random.chance(0.1)
        else { return nil }
        let id = try await call(from: held.lease)
        return .waiting(waiting(for: id, checks: 0), runID: id.rawValue)
    }

    private func waiting(for run: RunID, checks: Int) -> TaskWait {
        TaskWait(
            for: .run, until: now + .seconds(random.number(in: 0...400)), checks: checks, needsCancel: true,
            memo: JSONText(.object(["run": .string(run.rawValue)])))
    }

    /// Starts the run once for each attempt, however often the worker asks for it.
    private func call(from lease: Lease) async throws -> RunID {
        let definitions = (0..<random.number(in: 1...2)).map { index in
            TaskDefinition(
                id: "w\(index)", label: "w\(index)", type: "test.called", action: .command(["work"]),
                retry: RetryPolicy(attempts: 2, firstDelay: .seconds(5)))
        }
        let configuration = WorkflowConfiguration(
            id: Self.called, name: "Called", type: "test/called", stages: [Stage(name: "All", tasks: definitions)])
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: now, using: random), tenant: Self.tenant, configuration: Self.called,
            name: "Called", type: "test/called", source: ConfigurationSource(text: "called \(trace.count)", format: .yaml),
            author: StoreBench.someone)
        let version = try await store.saveConfiguration(draft, at: now).version
        var first: RunID?
        for _ in 0..<(random.chance(0.3) ? 2 : 1) {
            var plan = try RunPlan(
                configuration, version: version, for: RunRequest(principal: StoreBench.someone), at: now, random: random)
            plan.calledBy = RunCaller(run: lease.run, task: lease.task)
            let key = IdempotencyKey(owner: "simulation", text: "\(lease.task)-\(lease.attempt)", fingerprint: [1])
            let created = try await store.createRun(plan, once: key).details.run.id
            if let first, first != created { observations.complain("\(lease.task) has called two runs in one attempt") }
            first = created
        }
        guard let id = first else { preconditionFailure("It asks at least once.") }
        let caller = RunCaller(run: lease.run, task: lease.task)
        if try await store.run(id, of: Self.tenant)?.calledBy != caller { observations.complain("\(id) does not know its caller") }
        self.definitions[version.id] = definitions
        calls[id] = caller
        runs.append(
            Submitted(id: id, configuration: Self.called, definitions: definitions, afterStop: configuration.afterStop))
        touched.append(id)
        note("call \(id) by \(lease.task)")
        return id
    }

    /// A worker checks the called run, or stops it with its caller.
    private func checkedCall(_ wait: TaskWait, of held: SimulatedWorker.Held) async throws -> TaskOutcome? {
        guard wait.subject == .run, let text = JSONValue(json: wait.memo.text.utf8)?["run"]?.string else { return nil }
        let id = RunID(rawValue: text)
        if held.reason == .stopRequested || held.reason == .timedOut {
            if let place = runs.firstIndex(where: { $0.id == id }) {
                let before = try await store.run(id, of: Self.tenant)?.run.state
                _ = try await store.stopRun(id, of: Self.tenant, at: now)
                if before?.hasEnded == false { runs[place].isStopped = true }
                touched.append(id)
            }
            note("call \(id) is stopped")
            return .stopped
        }
        guard held.reason == nil else { return nil }
        guard let called = try await store.run(id, of: Self.tenant)?.run else { return .failed(.scripted(.customer)) }
        switch called.state {
        case .succeeded:
            note("call \(id) is over")
            return .succeeded(TaskOutput(values: JSONText(validated: "{\"left_by\":\"\(held.lease.task)\"}")))
        case .failed:
            note("call \(id) has failed")
            return .failed(.scripted(called.error?.attribution ?? .platform))
        case .canceled: return .failed(.scripted(.customer))
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping:
            return .waiting(waiting(for: id, checks: wait.checks + 1), runID: id.rawValue)
        }
    }

    /// The end of a called run makes its caller due in the same transaction.
    func observeCaller(of details: WorkflowRunDetails) async throws {
        guard let caller = calls[details.run.id], details.run.state.hasEnded else { return }
        for task in try await store.waitReasons(of: caller.run, tenant: Self.tenant, at: now)?.tasks ?? []
        where task.id == caller.task {
            guard case .outside(let wait) = task.reason, wait.memo.text.contains(details.run.id.rawValue), wait.until > now else {
                continue
            }
            observations.complain("\(task.id) waits until \(wait.until) for \(details.run.id), which has ended")
        }
    }
}
