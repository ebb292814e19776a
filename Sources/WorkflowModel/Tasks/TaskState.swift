/// The state of a task instance. ``applying(_:)`` is the one way to change it.
public enum TaskState: String, CaseIterable, Sendable {
    /// Waiting for what it depends on, or for a worker. Then: started, canceled, skipped.
    case scheduled
    /// A worker has claimed it. Then: running, in-progress, stopping, failed.
    case started
    /// Between two attempts. Then: started, canceled.
    case inProgress = "in-progress"
    /// Its command or call is executing. Then: finalizing, in-progress, stopping, succeeded, failed.
    case running
    /// Its outputs are being recorded. Then: in-progress, stopping, succeeded, failed.
    case finalizing
    /// Asked to stop, not gone yet. Then: canceled.
    case stopping
    /// Ended by a stop.
    case canceled
    /// Ended well.
    case succeeded
    /// Ended with an error.
    case failed
    /// Not part of this run mode, or what it depends on failed.
    case skipped

    public var hasEnded: Bool {
        switch self {
        case .canceled, .succeeded, .failed, .skipped: true
        case .scheduled, .started, .inProgress, .running, .finalizing, .stopping: false
        }
    }

    /// Whether a worker holds a lease on it.
    public var isHeld: Bool {
        switch self {
        case .started, .running, .finalizing, .stopping: true
        case .scheduled, .inProgress, .canceled, .succeeded, .failed, .skipped: false
        }
    }

    public var state: WorkflowState {
        switch self {
        case .scheduled: .scheduled
        case .started: .started
        case .inProgress: .inProgress
        case .running: .running
        case .finalizing: .finalizing
        case .stopping: .stopping
        case .canceled: .canceled
        case .succeeded: .succeeded
        case .failed: .failed
        case .skipped: .skipped
        }
    }
}

/// What can happen to a task instance, without what comes with it; ``TaskEvent`` has that.
public enum TaskEventKind: String, CaseIterable, Sendable {
    case claimed
    case began
    case recording = "recording outputs"
    case succeeded
    case failed
    case retrying
    case stopRequested = "stop requested"
    case stopped
    case skipped
}

extension TaskState {
    /// The state after an event of this kind.
    ///
    /// Whatever becomes of work that was asked to stop, it ends as canceled: the stop wins every race that it can still win.
    /// - Throws: ``IllegalTransition`` for an event that cannot happen to a task in this state.
    public func applying(_ event: TaskEventKind) throws(IllegalTransition) -> TaskState {
        switch (self, event) {
        case (.scheduled, .claimed), (.inProgress, .claimed): .started
        case (.scheduled, .stopRequested), (.inProgress, .stopRequested): .canceled
        case (.scheduled, .skipped): .skipped
        case (.started, .began): .running
        case (.running, .recording): .finalizing
        case (.running, .succeeded), (.finalizing, .succeeded): .succeeded
        case (.started, .failed), (.running, .failed), (.finalizing, .failed): .failed
        case (.started, .retrying), (.running, .retrying), (.finalizing, .retrying): .inProgress
        case (.started, .stopRequested), (.running, .stopRequested), (.finalizing, .stopRequested), (.stopping, .stopRequested):
            .stopping
        // The worker had not heard of the stop yet; its lease tells it.
        case (.stopping, .began), (.stopping, .recording): .stopping
        case (.stopping, .stopped), (.stopping, .succeeded), (.stopping, .failed), (.stopping, .retrying): .canceled
        case (.scheduled, .began), (.scheduled, .recording), (.scheduled, .succeeded), (.scheduled, .failed),
            (.scheduled, .retrying),
            (.scheduled, .stopped),
            (.started, .claimed), (.started, .recording), (.started, .succeeded), (.started, .stopped), (.started, .skipped),
            (.inProgress, .began), (.inProgress, .recording), (.inProgress, .succeeded), (.inProgress, .failed),
            (.inProgress, .retrying), (.inProgress, .stopped), (.inProgress, .skipped),
            (.running, .claimed), (.running, .began), (.running, .stopped), (.running, .skipped),
            (.finalizing, .claimed), (.finalizing, .began), (.finalizing, .recording), (.finalizing, .stopped),
            (.finalizing, .skipped),
            (.stopping, .claimed), (.stopping, .skipped):
            throw IllegalTransition(state: state, event: event.rawValue)
        case (.canceled, _), (.succeeded, _), (.failed, _), (.skipped, _):
            throw IllegalTransition(state: state, event: event.rawValue)
        }
    }
}
