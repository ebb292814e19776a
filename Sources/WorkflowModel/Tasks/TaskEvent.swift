/// An event that a worker reports about a task under its lease.
public enum TaskEvent: Hashable, Sendable {
    /// The command or call is executing.
    case began
    /// The work succeeded and its outputs are being recorded.
    case recording
    case succeeded(TaskOutput)
    /// The task failed, and no attempt follows.
    case failed(RunError, runID: String? = nil)
    /// The attempt failed, and the next one may begin at that instant.
    case retrying(RunError, at: Timestamp, runID: String? = nil)
    /// The attempt waits for work outside. The lease ends, and the attempt goes on later.
    case waiting(TaskWait, runID: String? = nil)
    /// The work has ended after a stop request.
    case stopped

    public var kind: TaskEventKind {
        switch self {
        case .began: .began
        case .recording: .recording
        case .succeeded: .succeeded
        case .failed: .failed
        case .retrying: .retrying
        case .waiting: .waiting
        case .stopped: .stopped
        }
    }

    /// Whether the event ends the attempt.
    public var endsAttempt: Bool {
        switch self {
        case .began, .recording, .waiting: false
        case .succeeded, .failed, .retrying, .stopped: true
        }
    }

    /// Whether the worker holds the task no longer.
    public var endsLease: Bool {
        switch self {
        case .began, .recording: false
        case .succeeded, .failed, .retrying, .waiting, .stopped: true
        }
    }
}

/// The results of a task for its dependents.
public struct TaskOutput: Hashable, Sendable {
    /// A JSON object; nil without outputs.
    public var values: JSONText?
    /// The id of the work in the executing engine.
    public var runID: String?
    public var warnings: TaskWarnings

    public init(values: JSONText? = nil, runID: String? = nil, warnings: TaskWarnings = TaskWarnings()) {
        self.values = values
        self.runID = runID
        self.warnings = warnings
    }
}

/// The end of an attempt, as reported by its runner.
public enum TaskOutcome: Hashable, Sendable {
    case succeeded(TaskOutput)
    /// - `retryAfter`: the shortest delay before another attempt, as a server asked for.
    case failed(RunError, runID: String? = nil, retryAfter: Duration? = nil)
    /// The work goes on outside, where it is checked later.
    /// - `runID`: the id of the work in the executing engine.
    case waiting(TaskWait, runID: String? = nil)
    /// It was cancelled, and none of its processes is left.
    case stopped
}
