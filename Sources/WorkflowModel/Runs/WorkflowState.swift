/// The states of runs and tasks, with their names on the wire and their labels for display.
///
/// ``RunState`` and ``TaskState`` are the subsets for runs and for tasks.
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

    /// Parses a wire value or a label in any case; space, `-` and `_` are equivalent. `cancelled` means `canceled`; `canceling` and
    /// `cancelling` mean `stopping`.
    public init?(name: some StringProtocol) {
        switch Self.folded(name) {
        case "stopped", "cancelled": self = .canceled
        case "canceling", "cancelling": self = .stopping
        case let wireValue: self.init(rawValue: wireValue)
        }
    }

    /// ASCII letters in lower case, space and `_` as `-`. Other characters stay, because no state contains them.
    fileprivate static func folded(_ name: some StringProtocol) -> String {
        let bytes = name.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "_"): UInt8(ascii: "-")
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: byte
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The run states that a list filtered by this state shows. `running` is a task state; for runs it means those under way. Other
    /// states of tasks only match no run.
    public var runStates: Set<RunState> {
        switch self {
        case .running: RunStates.running
        case .finalizing, .skipped: []
        case .scheduled, .started, .inProgress, .runningWithFailures, .stopping, .canceled, .succeeded, .failed:
            RunState(self).map { [$0] } ?? []
        }
    }
}

extension RunState {
    /// nil for a state that only tasks have.
    public init?(_ state: WorkflowState) {
        self.init(rawValue: state.rawValue)
    }
}

extension TaskState {
    /// nil for a state that only runs have.
    public init?(_ state: WorkflowState) {
        self.init(rawValue: state.rawValue)
    }
}

/// The values of the state filter, for the API, the command line and the pages.
public enum RunStates {
    /// The run states that `running` matches.
    public static let running: Set<RunState> = [.started, .inProgress, .runningWithFailures]
    /// States of other products that no run of this service has: accepted, and matched by no run.
    public static let empty = ["paused", "up-for-retry"]
    /// The accepted values, for messages.
    public static let accepted = (WorkflowState.allCases.map(\.rawValue) + empty).joined(separator: ", ")

    /// The run states that a filter value matches.
    /// - Returns: nil for an unknown value.
    public static func named(_ name: some StringProtocol) -> Set<RunState>? {
        if let state = WorkflowState(name: name) { return state.runStates }
        return empty.contains(WorkflowState.folded(name)) ? [] : nil
    }

    /// The filter values that ``named(_:)`` maps to these states together.
    public static func values(of states: Set<RunState>) -> [String] {
        if states.isEmpty { return [empty[0]] }
        if states == running { return [WorkflowState.running.rawValue] }
        return RunState.allCases.filter(states.contains).map(\.rawValue)
    }
}
