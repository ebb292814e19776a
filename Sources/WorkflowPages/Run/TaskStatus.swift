import WorkflowModel

/// The state of a task as a run's page shows it.
public enum TaskStatus: String, CaseIterable, Sendable {
    case failed, running, waiting, succeeded, stopped
    /// A dependency failed.
    case notRun = "not-run"
    /// A closing task for failures, and nothing failed; or its condition was false.
    case notNeeded = "not-needed"
    /// The run mode does not include its stage.
    case leftOut = "left-out"
    /// Skipped by a person, or for an unknown reason, as in imported history.
    case skipped

    init(_ task: TaskInstance) {
        switch task.state {
        case .scheduled: self = .waiting
        case .started, .inProgress, .running, .finalizing, .stopping: self = .running
        case .succeeded: self = .succeeded
        case .failed: self = .failed
        case .canceled: self = .stopped
        case .skipped:
            switch task.skipReason {
            case .failedNeed: self = .notRun
            case .noFailure, .condition: self = .notNeeded
            case .runMode: self = .leftOut
            case .resolved, nil: self = .skipped
            }
        }
    }

    var label: String {
        switch self {
        case .failed: "Failed"
        case .running: "Running"
        case .waiting: "Waiting"
        case .succeeded: "Succeeded"
        case .stopped: "Stopped"
        case .notRun: "Not run"
        case .notNeeded: "Not needed"
        case .leftOut: "Not in this run mode"
        case .skipped: "Skipped"
        }
    }

    /// The order of importance to a reader: 0 for failed, 1 for running, 2 for others.
    var attention: Int { self == .failed ? 0 : self == .running ? 1 : 2 }
    var needsAttention: Bool { attention < 2 }
}

/// The number of tasks by status.
struct TaskCounts: Sendable {
    private var counts: [TaskStatus: Int] = [:]
    private var isStopping = false

    init(_ tasks: some Sequence<TaskInstance>) {
        for task in tasks {
            counts[TaskStatus(task), default: 0] += 1
            if task.state == .stopping { isStopping = true }
        }
    }

    subscript(status: TaskStatus) -> Int { counts[status, default: 0] }

    var total: Int { counts.values.reduce(0, +) }
    /// Tasks that the run mode includes, and that are not needless.
    var taking: Int { total - self[.leftOut] - self[.notNeeded] }

    /// The combined state of a stage's tasks. It is green only when every included task has succeeded.
    var state: StateText {
        if taking == 0 { return StateText(.skipped, for: self[.notNeeded] > 0 ? .noFailure : .runMode) }
        let isOver = self[.running] == 0 && self[.waiting] == 0
        if self[.failed] > 0 { return StateText(isOver ? .failed : .runningWithFailures) }
        if isStopping { return StateText(.stopping) }
        if self[.notRun] > 0 { return StateText(.skipped, for: .failedNeed) }
        if isOver {
            if self[.stopped] > 0 { return StateText(.canceled) }
            return StateText(self[.skipped] > 0 ? .skipped : .succeeded)
        }
        return StateText(self[.running] > 0 || self[.succeeded] > 0 ? .inProgress : .scheduled)
    }

    /// `1 of 4 succeeded, 3 not run`
    var words: String {
        guard taking > 0 else {
            return CountText.text(total, "task", "tasks") + (self[.notNeeded] > 0 ? " not needed" : " not in this run mode")
        }
        let others: [(TaskStatus, String)] = [
            (.failed, "failed"), (.running, "running"), (.stopped, "stopped"), (.notRun, "not run"),
            (.notNeeded, "not needed"), (.skipped, "skipped"),
        ]
        let words = others.filter { self[$0.0] > 0 }.map { "\(CountText.text(self[$0.0])) \($0.1)" }
        return (["\(CountText.text(self[.succeeded])) of \(CountText.text(taking)) succeeded"] + words).joined(separator: ", ")
    }
}
