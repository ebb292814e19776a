import WorkflowModel

/// A state as pages show it: a word, an icon and a colour, so that none of them has to be told apart alone.
struct StateText: Hashable, Sendable {
    var label: String
    /// The colour's name in the stylesheet.
    var tone: String
    /// The icon's name among the symbols.
    var icon: String

    init(_ state: WorkflowState) {
        label = state.label
        tone = state.tone.rawValue
        switch state {
        case .scheduled: icon = "clock"
        case .started, .inProgress, .running, .finalizing: icon = "turn"
        case .runningWithFailures: icon = "warn"
        case .stopping, .canceled: icon = "stop"
        case .succeeded: icon = "check"
        case .failed: icon = "cross"
        case .skipped: icon = "skip"
        }
    }
}

/// What the colours mean.
enum Tone: String, CaseIterable, Sendable {
    case failed, troubled, stopped, active, waiting, succeeded, skipped
}

extension WorkflowState {
    var tone: Tone {
        switch self {
        case .scheduled: .waiting
        case .started, .inProgress, .running, .finalizing: .active
        case .runningWithFailures: .troubled
        case .stopping, .canceled: .stopped
        case .succeeded: .succeeded
        case .failed: .failed
        case .skipped: .skipped
        }
    }
}
