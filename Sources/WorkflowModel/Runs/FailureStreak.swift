/// The failures of a workflow since its last good run.
///
/// Only runs that succeeded or failed count: a stopped run says nothing about the workflow, and one that is still going nothing yet.
public struct FailureStreak: Hashable, Sendable {
    /// The newest failed run.
    public var latest: WorkflowRun
    /// The oldest one of the streak. An earlier one may exist when `good` is nil.
    public var first: WorkflowRun
    /// The number of failed runs in a row, among those that were given.
    public var count: Int
    /// The run that succeeded before; nil when none of the given runs has.
    public var good: WorkflowRun?

    /// - Parameter runs: the newest runs of a workflow, newest first.
    /// - Returns: nil when the newest run that succeeded or failed has succeeded, and when there is none.
    public init?(_ runs: [RecentRun]) {
        let ended = runs.lazy.map(\.run).filter { $0.state == .succeeded || $0.state == .failed }
        let failed = Array(ended.prefix { $0.state == .failed })
        guard let latest = failed.first, let first = failed.last else { return nil }
        self.latest = latest
        self.first = first
        count = failed.count
        good = ended.first { $0.state == .succeeded }
    }
}
