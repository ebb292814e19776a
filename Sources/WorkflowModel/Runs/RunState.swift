/// The state of a run. Only ``applying(_:)`` changes it.
public enum RunState: String, CaseIterable, Sendable {
    /// Accepted; no task has been claimed. Then: started, stopping, succeeded, failed.
    case scheduled
    /// A worker has claimed a task. Then: in-progress, running-with-failures, stopping, succeeded, failed.
    case started
    /// A task is executing, or has. Then: running-with-failures, stopping, succeeded, failed.
    case inProgress = "in-progress"
    /// A task failed while others are not finished. Then: in-progress, stopping, failed.
    case runningWithFailures = "running-with-failures"
    /// Asked to stop, with tasks under way or closing tasks to run. Then: canceled.
    case stopping
    /// Ended by a stop.
    case canceled
    /// Ended successfully.
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

/// The events of a run.
public enum RunEvent: String, CaseIterable, Sendable {
    /// A worker claimed one of its tasks.
    case taskClaimed = "task claimed"
    /// The command or call of a task is executing.
    case taskBegan = "task began"
    /// A task failed for good, and others are not finished.
    case taskFailed = "task failed"
    /// A person settled its last failed task while others are not finished.
    case failuresResolved = "failures resolved"
    /// A stop was requested.
    case stopRequested = "stop requested"
    /// The last task ended, and none has failed.
    case allSucceeded = "all succeeded"
    /// The last task ended, and at least one has failed.
    case endedWithFailure = "ended with failure"
    /// The last task of a run that was asked to stop has ended.
    case allStopped = "all stopped"
}

/// An event that cannot happen in the current state.
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
        case (.scheduled, .taskClaimed): .started
        // While a run is stopping, its closing tasks are claimed, and may fail.
        case (.started, .taskClaimed), (.inProgress, .taskClaimed), (.runningWithFailures, .taskClaimed), (.stopping, .taskClaimed):
            self
        case (.started, .taskBegan): .inProgress
        case (.inProgress, .taskBegan), (.runningWithFailures, .taskBegan), (.stopping, .taskBegan): self
        case (.started, .taskFailed), (.inProgress, .taskFailed): .runningWithFailures
        case (.runningWithFailures, .taskFailed), (.stopping, .taskFailed): self
        case (.scheduled, .stopRequested), (.started, .stopRequested), (.inProgress, .stopRequested),
            (.runningWithFailures, .stopRequested):
            .stopping
        // A further stop request, or one after the end, has no effect.
        case (.stopping, .stopRequested), (.canceled, .stopRequested), (.succeeded, .stopRequested), (.failed, .stopRequested):
            self
        case (.runningWithFailures, .failuresResolved): .inProgress
        case (.inProgress, .allSucceeded): .succeeded
        // Without a task that began: a person settled those that did not succeed, or a rerun carries results for all of them.
        case (.scheduled, .allSucceeded), (.started, .allSucceeded): .succeeded
        // Without a task that began: the lists of its first groups are no lists.
        case (.scheduled, .endedWithFailure): .failed
        case (.started, .endedWithFailure), (.inProgress, .endedWithFailure), (.runningWithFailures, .endedWithFailure): .failed
        case (.stopping, .allStopped): .canceled
        case (.scheduled, .taskBegan), (.scheduled, .taskFailed), (.scheduled, .allStopped),
            (.started, .allStopped), (.inProgress, .allStopped),
            (.scheduled, .failuresResolved), (.started, .failuresResolved), (.inProgress, .failuresResolved),
            (.stopping, .failuresResolved), (.canceled, .failuresResolved), (.succeeded, .failuresResolved),
            (.failed, .failuresResolved),
            (.runningWithFailures, .allSucceeded), (.runningWithFailures, .allStopped), (.stopping, .allSucceeded),
            (.stopping, .endedWithFailure),
            (.canceled, .taskClaimed), (.canceled, .taskBegan), (.canceled, .taskFailed), (.canceled, .allSucceeded),
            (.canceled, .endedWithFailure), (.canceled, .allStopped),
            (.succeeded, .taskClaimed), (.succeeded, .taskBegan), (.succeeded, .taskFailed), (.succeeded, .allSucceeded),
            (.succeeded, .endedWithFailure), (.succeeded, .allStopped),
            (.failed, .taskClaimed), (.failed, .taskBegan), (.failed, .taskFailed), (.failed, .allSucceeded),
            (.failed, .endedWithFailure), (.failed, .allStopped):
            throw IllegalTransition(state: state, event: event.rawValue)
        }
    }
}
