/// When a task runs, by what happened to the tasks that it needs.
///
/// A task that runs after a failure or always is a **closing task**: it runs when everything that it needs has ended, in whatever way,
/// also after a stop.
public enum TaskCondition: String, CaseIterable, Sendable {
    /// After everything that it needs has succeeded. The default.
    case success
    /// A closing task that runs if something that it needs, directly or indirectly, failed, or if the run was stopped.
    case failure
    /// A closing task that runs whatever happened.
    case always

    /// Whether tasks with this condition are closing tasks.
    public var isClosing: Bool {
        switch self {
        case .success: false
        case .failure, .always: true
        }
    }
}

/// The outcome of a run until one of its closing tasks began, as that task is told.
public struct RunSoFar: Hashable, Sendable {
    public enum Outcome: String, CaseIterable, Sendable {
        /// No task has failed.
        case succeeded
        case failed
        /// The run was stopped, whether or not tasks had failed before.
        case stopped
    }

    public var outcome: Outcome
    /// The definition ids of the tasks that failed, in the order of the configuration.
    public var failedTasks: [String]

    public init(_ outcome: Outcome, failedTasks: [String] = []) {
        self.outcome = outcome
        self.failedTasks = failedTasks
    }
}
