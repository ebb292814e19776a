package import WorkflowModel

/// Why an attempt was told to end before its work was done.
package enum EndReason: CaseIterable, Hashable, Sendable {
    /// The engine is shutting down.
    case shutDown
    /// The attempt exceeded the timeout of its definition.
    case timedOut
    /// The run was asked to stop.
    case stopRequested
    /// The store is unreachable and the lease is about to expire. The report may still reach the store in time.
    case cutOff
    /// Another worker has the task, or the task has ended.
    case leaseLost

    /// The reason that counts when a second one arrives. A lost lease leaves nothing to report, and the store already knows of a stop;
    /// otherwise the first reason counts.
    package func after(_ former: EndReason?) -> EndReason {
        switch (former, self) {
        case (nil, _): self
        case (.leaseLost?, _), (_, .leaseLost): .leaseLost
        case (.stopRequested?, _), (_, .stopRequested): .stopRequested
        case (.timedOut?, _): .timedOut
        case (.shutDown?, _): .shutDown
        case (.cutOff?, _): .cutOff
        }
    }
}

/// Decides the outcome of an ended attempt, for the engine and for its simulation.
package struct AttemptDecision: Sendable {
    package var attempt: Int
    /// nil when the definition could not be read; then no attempt follows.
    package var definition: TaskDefinition?
    package var now: Timestamp
    /// Jitter of the retry, from 0 up to but not including 1.
    package var random: Double
    /// The wait that the attempt goes on after; nil for one that began with this claim.
    package var wait: TaskWait?

    package init(attempt: Int, definition: TaskDefinition?, now: Timestamp, random: Double, wait: TaskWait? = nil) {
        self.wait = wait
        self.attempt = attempt
        self.definition = definition
        self.now = now
        self.random = random
    }

    /// - Parameters:
    ///  - outcome: the result of the runner.
    ///  - reason: why the attempt was told to end, if it was.
    /// - Returns: the event to report; nil for none.
    package func event(for outcome: TaskOutcome, toldToEnd reason: EndReason?) -> TaskEvent? {
        switch (reason, outcome) {
        case (.leaseLost?, _): nil
        // The work outside has begun. The store knows of the stop, and lets a worker cancel the work.
        case (.stopRequested?, .waiting(let wait, let runID)): .waiting(wait.resumed(at: now), runID: runID)
        // The deadline of the wait ends the attempt.
        case (.timedOut?, .waiting(let wait, let runID)): .waiting(wait.resumed(at: now), runID: runID)
        case (.shutDown?, .waiting(let wait, let runID)), (.cutOff?, .waiting(let wait, let runID)),
            (nil, .waiting(let wait, let runID)):
            .waiting(wait, runID: runID)
        case (.stopRequested?, _): .stopped
        // Even after exit status 0: a program that receives SIGTERM may well exit with 0.
        case (.timedOut?, .failed(_, let runID, _)): event(failedWith: timeoutError, runID: runID)
        case (.timedOut?, .succeeded(let output)): event(failedWith: timeoutError, runID: output.runID)
        case (.timedOut?, .stopped): event(failedWith: timeoutError)
        // The work outside goes on without the worker.
        case (.shutDown?, .stopped) where wait != nil, (.cutOff?, .stopped) where wait != nil:
            wait.map { .waiting($0.resumed(at: now)) }
        case (.shutDown?, .stopped): event(failedWith: .workerLost("The server was shut down while the task was running."))
        case (.cutOff?, .stopped):
            event(failedWith: .workerLost("The worker could not renew the task's lease before it ended."))
        case (nil, .stopped): event(failedWith: .workerLost("The worker stopped the task for an unknown reason."))
        case (.shutDown?, .succeeded(let output)), (.cutOff?, .succeeded(let output)), (nil, .succeeded(let output)):
            .succeeded(output)
        case (.shutDown?, .failed(let error, let runID, let wait)), (.cutOff?, .failed(let error, let runID, let wait)),
            (nil, .failed(let error, let runID, let wait)):
            event(failedWith: error, runID: runID, retryAfter: wait)
        }
    }

    /// The event for an attempt whose worker was lost.
    package func eventAfterLosingWorker(_ message: String) -> TaskEvent {
        event(failedWith: .workerLost(message))
    }

    private func event(failedWith error: RunError, runID: String? = nil, retryAfter wait: Duration? = nil) -> TaskEvent {
        guard let delay = definition?.retry.delay(after: attempt, failedWith: error, random: random) else {
            return .failed(error, runID: runID)
        }
        return .retrying(error, at: now + max(delay, wait ?? .zero), runID: runID)
    }

    private var timeoutError: RunError {
        let allowed = definition?.timeout.map { " of \($0.inWords)" } ?? ""
        let place =
            switch definition?.action.executionType {
            case .http: "weir.task.http"
            case .workflow: "weir.task.workflow"
            case .command, nil: "weir.task.command"
            }
        return RunError(
            attribution: definition?.blame.timeout ?? .platform, type: "\(place)/timeout",
            message: "The task took longer than its timeout\(allowed).")
    }
}

extension Duration {
    /// `30 min`, `1.5 s`: in the largest unit that leaves whole seconds whole.
    fileprivate var inWords: String {
        let milliseconds = self.milliseconds
        if milliseconds % 3_600_000 == 0 { return "\(milliseconds / 3_600_000) h" }
        if milliseconds % 60_000 == 0 { return "\(milliseconds / 60_000) min" }
        if milliseconds % 1_000 == 0 { return "\(milliseconds / 1_000) s" }
        return "\(milliseconds) ms"
    }
}
