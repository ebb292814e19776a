/// What a worker reports of a task that it holds a lease on.
public enum TaskEvent: Hashable, Sendable {
    /// The command or call is executing.
    case began
    /// It ended well and left outputs that are being recorded.
    case recording
    case succeeded(TaskOutput)
    /// It failed, and no attempt follows.
    case failed(RunError, runID: String? = nil)
    /// It failed, and another attempt may begin at that instant.
    case retrying(RunError, at: Timestamp, runID: String? = nil)
    /// It was asked to stop, and nothing of it is left.
    case stopped

    public var kind: TaskEventKind {
        switch self {
        case .began: .began
        case .recording: .recording
        case .succeeded: .succeeded
        case .failed: .failed
        case .retrying: .retrying
        case .stopped: .stopped
        }
    }

    /// Whether the attempt is over with this.
    public var endsAttempt: Bool {
        switch self {
        case .began, .recording: false
        case .succeeded, .failed, .retrying, .stopped: true
        }
    }
}

/// What a task leaves for those that need it.
public struct TaskOutput: Hashable, Sendable {
    /// A JSON object; nil when the task left none.
    public var values: JSONText?
    /// The id that the executing engine gave the work.
    public var runID: String?

    public init(values: JSONText? = nil, runID: String? = nil) {
        self.values = values
        self.runID = runID
    }
}

/// How an attempt ended, as its runner saw it.
public enum TaskOutcome: Hashable, Sendable {
    case succeeded(TaskOutput)
    case failed(RunError, runID: String? = nil)
    /// It was cancelled, and nothing of it is left.
    case stopped
}
