import Mustache
import WorkflowModel

/// A state as pages show it: a word, an icon and a colour. Colour is never the only difference.
struct StateText: Hashable, Sendable, MustacheParent {
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

    /// - Parameter reason: why a task was skipped; nil for other states and unknown reasons.
    init(_ state: WorkflowState, for reason: SkipReason?) {
        self.init(state)
        switch reason {
        case .failedNeed: (label, tone, icon) = (TaskStatus.notRun.label, Tone.blocked.rawValue, "blocked")
        case .noFailure, .condition: label = TaskStatus.notNeeded.label
        case .runMode: label = TaskStatus.leftOut.label
        case .resolved, nil: break
        }
    }

    init(_ task: TaskInstance) {
        self.init(task.state.state, for: task.skipReason)
    }

    func child(named name: String) -> Any? {
        switch name {
        case "label": label
        case "tone": tone
        case "icon": icon
        default: nil
        }
    }
}

/// The meaning of a colour.
enum Tone: String, CaseIterable, Sendable {
    case failed, troubled, stopped, active, waiting, succeeded, skipped
    /// Not run because a dependency failed.
    case blocked
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
