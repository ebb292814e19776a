/// The state of a task instance. Only ``applying(_:)`` changes it.
public enum TaskState: String, CaseIterable, Sendable {
    /// Waiting for its dependencies or for a worker. Then: started, canceled, skipped.
    case scheduled
    /// A worker has claimed it. Then: running, in-progress, stopping, failed.
    case started
    /// Between two attempts. Then: started, canceled; by a person's decision also skipped, succeeded.
    case inProgress = "in-progress"
    /// Its command or call is executing, or it waits for work outside: then no worker holds it. Then: finalizing, in-progress, stopping,
    /// succeeded, failed.
    case running
    /// Its outputs are being recorded. Then: in-progress, stopping, succeeded, failed.
    case finalizing
    /// Asked to stop, but not ended yet. Work outside may wait for a worker that cancels it. Then: canceled.
    case stopping
    /// Ended by a stop. An item that was ended because another one failed can be tried again while its run goes on. Then: in-progress.
    case canceled
    /// Ended successfully.
    case succeeded
    /// Ended with an error. While its run goes on, a person may decide otherwise. Then: in-progress, skipped, succeeded.
    case failed
    /// Not part of the run mode, a dependency failed, its condition was false, nothing failed and it runs after failures only, or a person
    /// skipped it. A person may
    /// settle the dependency while the run goes on. Then: scheduled.
    case skipped

    public var hasEnded: Bool {
        switch self {
        case .canceled, .succeeded, .failed, .skipped: true
        case .scheduled, .started, .inProgress, .running, .finalizing, .stopping: false
        }
    }

    /// Whether a worker holds a lease on the task, unless it waits for work outside: ``TaskProgress/isHeld``.
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

/// The kinds of ``TaskEvent``, without their values.
public enum TaskEventKind: String, CaseIterable, Sendable {
    case claimed
    case began
    case recording = "recording outputs"
    case succeeded
    case failed
    case retrying
    /// The attempt waits for work outside.
    case waiting
    case stopRequested = "stop requested"
    case stopped
    case skipped
    /// A person wants another attempt now.
    case retryRequested = "retry requested"
    /// A person wants its dependents to run without it.
    case skipRequested = "skip requested"
    /// A person says that its work is done.
    case markedSucceeded = "marked succeeded"
    /// A person settled the failed task because of which it was skipped.
    case restored
}

extension TaskState {
    /// The state after an event of this kind.
    ///
    /// Work that was asked to stop ends as canceled, whatever its result: the stop wins every race that it still can win.
    /// - Throws: ``IllegalTransition`` for an event that cannot happen to a task in this state.
    public func applying(_ event: TaskEventKind) throws(IllegalTransition) -> TaskState {
        switch (self, event) {
        case (.scheduled, .claimed), (.inProgress, .claimed): .started
        // A worker goes on with an attempt that waited for work outside.
        case (.running, .claimed): .running
        case (.stopping, .claimed): .stopping
        case (.running, .waiting), (.finalizing, .waiting): .running
        // The work outside has to be canceled.
        case (.stopping, .waiting): .stopping
        case (.scheduled, .stopRequested), (.inProgress, .stopRequested): .canceled
        case (.scheduled, .skipped): .skipped
        case (.started, .began): .running
        case (.running, .recording): .finalizing
        case (.running, .succeeded), (.finalizing, .succeeded): .succeeded
        case (.started, .failed), (.running, .failed), (.finalizing, .failed): .failed
        case (.started, .retrying), (.running, .retrying), (.finalizing, .retrying): .inProgress
        case (.started, .stopRequested), (.running, .stopRequested), (.finalizing, .stopRequested), (.stopping, .stopRequested):
            .stopping
        // The worker did not know of the stop yet; it learns of it when it renews its lease.
        case (.stopping, .began), (.stopping, .recording): .stopping
        case (.stopping, .stopped), (.stopping, .succeeded), (.stopping, .failed), (.stopping, .retrying): .canceled
        case (.failed, .retryRequested), (.inProgress, .retryRequested), (.canceled, .retryRequested): .inProgress
        case (.failed, .skipRequested), (.inProgress, .skipRequested): .skipped
        case (.failed, .markedSucceeded), (.inProgress, .markedSucceeded): .succeeded
        case (.skipped, .restored): .scheduled
        case (.scheduled, .began), (.scheduled, .recording), (.scheduled, .succeeded), (.scheduled, .failed),
            (.scheduled, .retrying),
            (.scheduled, .stopped),
            (.started, .claimed), (.started, .recording), (.started, .succeeded), (.started, .stopped), (.started, .skipped),
            (.inProgress, .began), (.inProgress, .recording), (.inProgress, .succeeded), (.inProgress, .failed),
            (.inProgress, .retrying), (.inProgress, .stopped), (.inProgress, .skipped),
            (.running, .began), (.running, .stopped), (.running, .skipped),
            (.finalizing, .claimed), (.finalizing, .began), (.finalizing, .recording), (.finalizing, .stopped),
            (.finalizing, .skipped),
            (.scheduled, .waiting), (.started, .waiting), (.inProgress, .waiting),
            (.stopping, .skipped):
            throw IllegalTransition(state: state, event: event.rawValue)
        case (.scheduled, .retryRequested), (.scheduled, .skipRequested), (.scheduled, .markedSucceeded), (.scheduled, .restored),
            (.started, .retryRequested), (.started, .skipRequested), (.started, .markedSucceeded), (.started, .restored),
            (.inProgress, .restored),
            (.running, .retryRequested), (.running, .skipRequested), (.running, .markedSucceeded), (.running, .restored),
            (.finalizing, .retryRequested), (.finalizing, .skipRequested), (.finalizing, .markedSucceeded),
            (.finalizing, .restored),
            (.stopping, .retryRequested), (.stopping, .skipRequested), (.stopping, .markedSucceeded), (.stopping, .restored):
            throw IllegalTransition(state: state, event: event.rawValue)
        case (.canceled, _), (.succeeded, _), (.failed, _), (.skipped, _):
            throw IllegalTransition(state: state, event: event.rawValue)
        }
    }
}
