import Mustache
import WorkflowModel

/// The principal and the time of a stop. A stop is neither an error nor attributed.
struct StopNote: Hashable, Sendable, MustacheParent {
    /// `Stopped`, or `Asked to stop` while the run is stopping.
    var word: String
    /// nil when it is unknown.
    var by: String?
    var at: TimeText?
    /// nil when none was given.
    var reason: String?
    /// The message of imported history, unless it is the standard one.
    var message: String?

    /// - Returns: nil for a run that was not stopped.
    init?(_ run: WorkflowRun, _ stop: RunStop?) {
        guard Self.isStopped(run) else { return nil }
        word = run.state == .stopping ? "Asked to stop" : "Stopped"
        by = stop?.requestedBy.name.visible()
        reason = stop?.reason?.visible()
        at = (stop?.requestedAt ?? run.endedAt).map { TimeText($0) }
        if let error = run.error, !error.isManualStop, error.message != RunError.manuallyStopped.message {
            message = CutText.text(error.message, longest: Problem.longest)
        }
    }

    static func isStopped(_ run: WorkflowRun) -> Bool {
        run.state == .canceled || (run.state == .stopping && (run.error?.isManualStop ?? true))
    }

    func child(named name: String) -> Any? {
        switch name {
        case "word": word
        case "by": by
        case "at": at
        case "reason": reason
        case "message": message
        default: nil
        }
    }
}
