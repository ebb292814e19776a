public import WorkflowModel

/// Executes tasks that are runs of other workflows: starts the run once per attempt, then waits for its end without holding a worker.
///
/// The end of the run makes the task due, in the transaction that ends the run; a wait for a run that has ended is due at once. The periodic
/// check is for a task that another transaction has locked at that moment.
public struct CallRunner: TaskRunner {
    private let store: any RunStore & ConfigurationStore
    private let time: any TimeSource
    private let random: any RandomSource

    public init(store: any RunStore & ConfigurationStore, time: any TimeSource, random: any RandomSource) {
        self.store = store
        self.time = time
        self.random = random
    }

    public func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome {
        guard case .workflow(let call) = attempt.definition.action else {
            return .failed(CallFault.fault("request", "The task does not call a workflow."))
        }
        do {
            guard let resumed = attempt.resumed else {
                await report.began()
                return try await start(call, attempt, report)
            }
            return try await check(resumed.wait, attempt)
        } catch let error as RunError {
            return .failed(error)
        } catch {
            // The store is unreachable, or refused the run.
            if let wait = attempt.resumed?.wait { return .waiting(wait.resumed(at: time.now + CallLimits.longestPause)) }
            return .failed(CallFault.unavailable)
        }
    }

    public func cancelOutside(_ attempt: TaskAttempt, reporting report: any TaskReport) async {
        guard let wait = attempt.resumed?.wait, let id = CallMemo(wait.memo)?.run else { return }
        let now = time.now
        do {
            let caller = try await store.run(attempt.run, of: attempt.tenant)
            let principal = caller?.stop?.requestedBy ?? caller?.run.principal ?? .workflowCall
            let stop = RunStop(
                requestedAt: now, requestedBy: principal,
                reason: caller?.stop == nil
                    ? "The task that called it took longer than its timeout." : "The run that called it was stopped.")
            _ = try await actor(principal, attempt).act { try await store.stopRun(id, of: attempt.tenant, for: stop) }
            report.printed(Array("asked the run \(id) to stop\n".utf8))
        } catch {
            report.printed(Array("the run \(id) could not be asked to stop\n".utf8))
        }
        await report.wasEnded(TaskEnding(callCanceledAt: now, goneAt: time.now))
    }

    /// Nothing to do: a started run does not depend on the process.
    public func endAtOnce(_ task: TaskID, attempt: Int) {}
    public func endLeftovers(of tasks: Set<TaskID>) async {}
    public func endOrphans() async {}

    // MARK: Starting

    private func start(_ call: WorkflowCall, _ attempt: TaskAttempt, _ report: any TaskReport) async throws -> TaskOutcome {
        guard let caller = try await store.run(attempt.run, of: attempt.tenant) else {
            throw CallFault.fault("request", "The run of the task no longer exists.")
        }
        try await checkChain(to: call.configuration, from: caller, attempt)
        guard let version = try await store.configuration(call.configuration, of: attempt.tenant) else {
            throw CallFault.fault(
                "unknown", "There is no workflow “\(call.configuration)”. Apply its file, or correct `config`.")
        }
        let configuration: WorkflowConfiguration
        do {
            configuration = try ConfigurationReader.ofAcceptedText.read(version.source, file: version.configuration)
        } catch {
            throw CallFault.fault("unknown", "The workflow “\(call.configuration)” cannot be read by this version of Weir.")
        }
        let principal = caller.run.principal
        var plan: RunPlan
        do throws(RunPlanError) {
            let request = RunRequest(principal: principal, runMode: call.runMode, parameters: call.values)
            plan = try RunPlan(configuration, version: version, for: request, at: time.now, random: random)
        } catch {
            throw CallFault.fault("parameters", "The workflow “\(call.configuration)” cannot be started. \(error.message)")
        }
        plan.calledBy = RunCaller(run: attempt.run, task: attempt.task)
        let planned = plan
        let key = IdempotencyKey(
            owner: CallLimits.keyOwner, text: "\(attempt.task)-\(attempt.number)", fingerprint: Array(call.configuration.utf8))
        let created = try await actor(principal, attempt).act { try await store.createRun(planned, once: key) }
        let id = created.details.run.id
        report.printed(Array("started the run \(id) of \(call.configuration)\n".utf8))
        let wait = TaskWait(
            for: .run, until: time.now + CallLimits.firstPause, needsCancel: true, memo: CallMemo(run: id).json)
        return .waiting(wait, runID: id.rawValue)
    }

    /// - Throws: `RunError` when the calls above would come back to a workflow, or are too many.
    private func checkChain(to configuration: String, from caller: WorkflowRunDetails, _ attempt: TaskAttempt) async throws {
        var run = caller
        var chain = [configuration]
        while true {
            let above = run.origin.configuration ?? ""
            chain.append(above)
            if above.isIdentical(to: configuration) {
                throw CallFault.fault("cycle", WorkflowCallCycle(chain: chain.reversed()).message.capitalizedSentence)
            }
            guard let next = run.calledBy, let details = try await store.run(next.run, of: attempt.tenant) else { break }
            run = details
        }
        guard chain.count - 1 <= WorkflowCall.deepest else {
            throw CallFault.fault(
                "depth", "\(chain.count - 1) calls of workflows lead to this run. Accepted: \(WorkflowCall.deepest) at most.")
        }
    }

    // MARK: Waiting

    private func check(_ wait: TaskWait, _ attempt: TaskAttempt) async throws -> TaskOutcome {
        guard let id = CallMemo(wait.memo)?.run, let called = try await store.run(id, of: attempt.tenant) else {
            throw CallFault.fault("gone", "The run that the task has started no longer exists.")
        }
        switch called.run.state {
        case .succeeded:
            return .succeeded(
                TaskOutput(
                    values: JSONText(.object(["run_id": .string(id.rawValue), "state": .string(called.run.state.rawValue)]))))
        case .failed:
            let error = called.run.error
            return .failed(
                CallFault.ended(id, "failed", error?.attribution, "The run \(id) failed: \(error?.message ?? "without an error")"))
        case .canceled:
            return .failed(CallFault.ended(id, "stopped", .customer, "The run \(id) was stopped."))
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping:
            var wait = wait
            wait.checks += 1
            let pause = min(CallLimits.firstPause * (1 << min(wait.checks, 16)), CallLimits.longestPause)
            return .waiting(wait.resumed(at: time.now + pause), runID: id.rawValue)
        }
    }

    /// The run of a call is started and stopped by the principal of the calling run; the origin says how.
    private func actor(_ principal: Principal, _ attempt: TaskAttempt) -> AuditActor {
        AuditActor(
            principal, from: AuditOrigin(userAgent: "weir: called by \(attempt.run), task \(attempt.definition.id)"), time: time,
            random: random)
    }
}

/// The limits of calls of workflows.
public enum CallLimits {
    /// The time to the first check of a started run. Each further one is twice as long.
    public static let firstPause = Duration.seconds(1)
    /// The longest time between two checks. The end of a run makes its caller due at once.
    public static let longestPause = Duration.seconds(60)
    /// The owner of idempotency keys of calls. No API key has this id.
    static let keyOwner = "weir.workflow-call"
}

/// The notes from one check to the next.
private struct CallMemo {
    var run: RunID

    init(run: RunID) {
        self.run = run
    }

    init?(_ json: JSONText) {
        guard let id = JSONValue(json: json.text.utf8)?["run"]?.string else { return nil }
        run = RunID(rawValue: id)
    }

    var json: JSONText { JSONText(.object(["run": .string(run.rawValue)])) }
}

/// Errors of tasks that call workflows.
private enum CallFault {
    static let unavailable = RunError(
        attribution: .platform, type: "weir.task.workflow/start",
        message: "The run could not be started: the store did not accept it.")

    static func fault(_ name: String, _ message: String) -> RunError {
        RunError(attribution: .customer, type: "weir.task.workflow/\(name)", message: message)
    }

    static func ended(_ run: RunID, _ name: String, _ attribution: Attribution?, _ message: String) -> RunError {
        RunError(
            attribution: attribution, type: "weir.task.workflow/\(name)", message: message,
            data: JSONText(.object(["run_id": .string(run.rawValue)])))
    }
}

extension Principal {
    /// Stops the run of a call whose own run no longer exists.
    fileprivate static let workflowCall = Principal(id: "weir.workflow-call", name: "Workflow call")
}

extension String {
    fileprivate var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
