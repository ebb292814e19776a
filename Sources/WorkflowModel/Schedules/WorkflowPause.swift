/// A pause of a workflow, during which its schedules and triggers start no runs.
///
/// Every tick before its end that has no final outcome yet is skipped: also one that waits for an earlier run, and one that was due
/// before the pause began. A tick at the end itself runs. The same goes for events
/// of triggers. Runs under way continue, and a run can be started by hand.
public struct WorkflowPause: Hashable, Sendable {
    /// As ``ReasonRule`` accepts it.
    @Exact public var reason: String
    /// The principal that gave the reason.
    public var pausedBy: Principal
    /// When the workflow was paused. A pause that replaces another one keeps its beginning.
    public var since: Timestamp
    /// When the pause ends, or has ended; nil for a pause that lasts until the workflow is resumed.
    public var until: Timestamp?

    public init(reason: String, pausedBy: Principal, since: Timestamp, until: Timestamp? = nil) {
        self.reason = reason
        self.pausedBy = pausedBy
        self.since = since
        self.until = until
    }

    /// Whether it has not ended yet.
    public func isInForce(at now: Timestamp) -> Bool { skips(now) }

    /// Whether a tick at that instant, without a final outcome so far, starts no run.
    public func skips(_ instant: Timestamp) -> Bool {
        until.map { instant < $0 } ?? true
    }

    /// Whether an instant lies between its beginning and its end.
    public func covers(_ instant: Timestamp) -> Bool { since <= instant && skips(instant) }

    /// The note of the firings of triggers that it holds back.
    public var firingNote: String { "The workflow was paused by \(pausedBy.name): \(reason)" }

    /// The note of the ticks that it skips.
    public var tickNote: String { "paused by \(pausedBy.name): \(reason)" }

    /// The pause that results when this one is requested while another one, or none, is the last one.
    package func replacing(_ last: WorkflowPause?) -> WorkflowPause {
        guard let last, last.isInForce(at: since) else { return self }
        var pause = self
        pause.since = last.since
        return pause
    }

    /// The same pause, ended at an instant.
    package func ended(at now: Timestamp) -> WorkflowPause {
        var pause = self
        pause.until = now
        return pause
    }
}
