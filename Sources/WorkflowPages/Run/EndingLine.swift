import Mustache
import WorkflowModel

/// The signals, or the canceled call, that ended a stopped task, and the time when nothing was left of it.
struct EndingLine: Sendable, MustacheParent {
    var terminated: TimeText?
    var killed: TimeText?
    var callCanceled: TimeText?
    /// nil for a call, which is over when it is canceled.
    var gone: TimeText?

    init(_ ending: TaskEnding) {
        terminated = ending.terminatedAt.map { TimeText($0) }
        killed = ending.killedAt.map { TimeText($0) }
        callCanceled = ending.callCanceledAt.map { TimeText($0) }
        gone = ending.callCanceledAt == nil ? TimeText(ending.goneAt) : nil
    }

    func child(named name: String) -> Any? {
        switch name {
        case "terminated": terminated
        case "killed": killed
        case "callCanceled": callCanceled
        case "gone": gone
        default: nil
        }
    }
}
