/// The states of runs and tasks by the names that the wire and the labels that people know.
///
/// ``RunState`` and ``TaskState`` are the parts of this list that a run and a task can be in.
public enum WorkflowState: String, CaseIterable, Sendable {
    case scheduled
    case started
    case inProgress = "in-progress"
    case running
    case finalizing
    case runningWithFailures = "running-with-failures"
    case stopping
    case canceled
    case succeeded
    case failed
    case skipped

    public var label: String {
        switch self {
        case .scheduled: "Scheduled"
        case .started: "Started"
        case .inProgress: "In progress"
        case .running: "Running"
        case .finalizing: "Finalizing"
        case .runningWithFailures: "Running with failures"
        case .stopping: "Stopping"
        case .canceled: "Stopped"
        case .succeeded: "Succeeded"
        case .failed: "Failed"
        case .skipped: "Skipped"
        }
    }

    /// Reads a wire value or a label in any case; space, `-` and `_` are the same; `cancelled` is `canceled`.
    public init?(name: some StringProtocol) {
        let folded = name.lowercased().map { $0 == " " || $0 == "_" ? "-" : $0 }
        switch String(folded) {
        case "stopped", "cancelled": self = .canceled
        case let wireValue: self.init(rawValue: wireValue)
        }
    }
}
