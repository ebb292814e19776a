import Mustache
import WorkflowModel

/// The pause of a workflow in one sentence: who paused it when, until when, and why.
struct PauseNote: Hashable, Sendable, MustacheParent {
    var by: String
    var since: TimeText
    /// nil for a pause until the workflow is resumed.
    var until: TimeText?
    var reason: String

    init(_ pause: WorkflowPause) {
        by = pause.pausedBy.name.visible()
        since = TimeText(pause.since)
        until = pause.until.map { TimeText($0) }
        reason = pause.reason.visible()
    }

    func child(named name: String) -> Any? {
        switch name {
        case "by": by
        case "since": since
        case "until": until
        case "reason": reason
        default: nil
        }
    }
}
