/// The state of a run. ``applying(_:)`` is the one way to change it.
public enum RunState: String, CaseIterable, Sendable {
    /// Accepted, nothing done yet. Then: started, stopping.
    case scheduled
    /// An engine has taken it up. Then: in-progress, running-with-failures, stopping, failed.
    case started
    /// A task of it has begun. Then: running-with-failures, stopping, succeeded, failed.
    case inProgress = "in-progress"
    /// A task failed and others are still going. Then: stopping, failed.
    case runningWithFailures = "running-with-failures"
    /// Asked to stop, a task still going. Then: canceled.
    case stopping
    /// Ended by a stop.
    case canceled
    /// Ended well.
    case succeeded
    /// Ended with an error.
    case failed

    public var hasEnded: Bool {
        switch self {
        case .canceled, .succeeded, .failed: true
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping: false
        }
    }

    public var state: WorkflowState {
        switch self {
        case .scheduled: .scheduled
        case .started: .started
        case .inProgress: .inProgress
        case .runningWithFailures: .runningWithFailures
        case .stopping: .stopping
        case .canceled: .canceled
        case .succeeded: .succeeded
        case .failed: .failed
        }
    }
}

/// What can happen to a run.
public enum RunEvent: String, CaseIterable, Sendable {
    /// A worker claimed a task of it.
    case takenUp = "taken up"
    /// The command or call of a task of it is executing.
    case taskBegan = "task began"
    /// A task failed for good while others are still going or to come.
    case taskFailed = "task failed"
    /// Somebody asked for a stop.
    case stopRequested = "stop requested"
    /// The last task ended, and none had failed.
    case allSucceeded = "all succeeded"
    /// The last task ended, and at least one had failed.
    case endedWithFailure = "ended with failure"
    /// Nothing is left of a run that was asked to stop.
    case nothingLeft = "nothing left"
}

/// A state was asked to change in a way that it cannot.
public struct IllegalTransition: Error, Equatable, Sendable {
    public var state: WorkflowState
    public var event: String

    public init(state: WorkflowState, event: String) {
        self.state = state
        self.event = event
    }
}

extension RunState {
    /// The state after `event`.
    /// - Throws: ``IllegalTransition`` for an event that cannot happen to a run in this state.
    public func applying(_ event: RunEvent) throws(IllegalTransition) -> RunState {
        switch (self, event) {
        case (.scheduled, .takenUp): .started
        case (.started, .takenUp), (.inProgress, .takenUp), (.runningWithFailures, .takenUp): self
        case (.started, .taskBegan): .inProgress
        case (.inProgress, .taskBegan), (.runningWithFailures, .taskBegan), (.stopping, .taskBegan): self
        case (.started, .taskFailed), (.inProgress, .taskFailed): .runningWithFailures
        case (.runningWithFailures, .taskFailed): self
        case (.scheduled, .stopRequested), (.started, .stopRequested), (.inProgress, .stopRequested),
            (.runningWithFailures, .stopRequested):
            .stopping
        // Stopping again, or stopping what has ended, is harmless.
        case (.stopping, .stopRequested), (.canceled, .stopRequested), (.succeeded, .stopRequested), (.failed, .stopRequested):
            self
        case (.inProgress, .allSucceeded): .succeeded
        case (.started, .endedWithFailure), (.inProgress, .endedWithFailure), (.runningWithFailures, .endedWithFailure): .failed
        case (.stopping, .nothingLeft): .canceled
        case (.scheduled, .taskBegan), (.scheduled, .taskFailed), (.scheduled, .allSucceeded), (.scheduled, .endedWithFailure),
            (.scheduled, .nothingLeft), (.started, .allSucceeded), (.started, .nothingLeft), (.inProgress, .nothingLeft),
            (.runningWithFailures, .allSucceeded), (.runningWithFailures, .nothingLeft), (.stopping, .takenUp),
            (.stopping, .taskFailed), (.stopping, .allSucceeded), (.stopping, .endedWithFailure),
            (.canceled, .takenUp), (.canceled, .taskBegan), (.canceled, .taskFailed), (.canceled, .allSucceeded),
            (.canceled, .endedWithFailure), (.canceled, .nothingLeft),
            (.succeeded, .takenUp), (.succeeded, .taskBegan), (.succeeded, .taskFailed), (.succeeded, .allSucceeded),
            (.succeeded, .endedWithFailure), (.succeeded, .nothingLeft),
            (.failed, .takenUp), (.failed, .taskBegan), (.failed, .taskFailed), (.failed, .allSucceeded),
            (.failed, .endedWithFailure), (.failed, .nothingLeft):
            throw IllegalTransition(state: state, event: event.rawValue)
        }
    }
}
