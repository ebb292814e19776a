package import WorkflowModel

/// Why an attempt was told to end before its work was done.
package enum EndReason: CaseIterable, Hashable, Sendable {
    /// The engine is shutting down.
    case shutDown
    /// It took longer than its definition allows.
    case timedOut
    /// The run was asked to stop.
    case stopRequested
    /// Somebody else has the task, or it has ended.
    case leaseLost

    /// Which of two reasons counts. A lost lease leaves nothing to report, and a stop is what the store has written down already;
    /// of the others the first one counts.
    package func after(_ former: EndReason?) -> EndReason {
        switch (former, self) {
        case (nil, _): self
        case (.leaseLost?, _), (_, .leaseLost): .leaseLost
        case (.stopRequested?, _), (_, .stopRequested): .stopRequested
        case (.timedOut?, _): .timedOut
        case (.shutDown?, _): .shutDown
        }
    }
}

/// What becomes of an attempt that is over: the one place where this is decided, for the engine and for its simulation.
package struct AttemptDecision: Sendable {
    package var attempt: Int
    /// nil when the definition could not be read; no attempt follows then.
    package var definition: TaskDefinition?
    package var now: Timestamp
    /// From 0 up to but not including 1: how late another attempt begins.
    package var random: Double

    package init(attempt: Int, definition: TaskDefinition?, now: Timestamp, random: Double) {
        self.attempt = attempt
        self.definition = definition
        self.now = now
        self.random = random
    }

    /// - Parameters:
    ///   - outcome: how the runner said it ended.
    ///   - reason: why it had been told to end, if it had.
    /// - Returns: what to report; nil when there is nothing to report.
    package func event(for outcome: TaskOutcome, toldToEnd reason: EndReason?) -> TaskEvent? {
        switch (reason, outcome) {
        case (.leaseLost?, _): nil
        case (.stopRequested?, _): .stopped
        // Even when it then said that it succeeded: a program that is told to end may well exit with 0.
        case (.timedOut?, .failed(_, let runID)): event(failedWith: timeoutError, runID: runID)
        case (.timedOut?, .succeeded(let output)): event(failedWith: timeoutError, runID: output.runID)
        case (.timedOut?, .stopped): event(failedWith: timeoutError)
        case (.shutDown?, .stopped): event(failedWith: .workerLost("The server was shut down while the task was running."))
        case (nil, .stopped): event(failedWith: .workerLost("The task was ended by its worker without having been asked to stop."))
        case (.shutDown?, .succeeded(let output)), (nil, .succeeded(let output)): .succeeded(output)
        case (.shutDown?, .failed(let error, let runID)), (nil, .failed(let error, let runID)):
            event(failedWith: error, runID: runID)
        }
    }

    /// What becomes of an attempt whose worker is gone.
    package func eventAfterLosingWorker(_ message: String) -> TaskEvent {
        event(failedWith: .workerLost(message))
    }

    private func event(failedWith error: RunError, runID: String? = nil) -> TaskEvent {
        guard let delay = definition?.retry.delay(after: attempt, failedWith: error, random: random) else {
            return .failed(error, runID: runID)
        }
        return .retrying(error, at: now + delay, runID: runID)
    }

    private var timeoutError: RunError {
        let allowed = definition?.timeout.map { " of \($0.inWords)" } ?? ""
        let place =
            switch definition?.action.executionType {
            case .http: "weir.task.http"
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
