public import WorkflowModel

/// Since when the workflow of a failed run fails: the first failure in a row, the last good run before, and their versions.
public struct FailureSince: Sendable {
    /// `3 failed runs in a row`; nil for the first one.
    var count: String?
    /// nil when the run itself is the first failure.
    var first: BrokenNote.Place?
    /// nil when no run succeeded before.
    var good: BrokenNote.Place?
    /// nil without a good run.
    var compareHref: String?

    /// - Parameters:
    ///   - streak: nil when the run is too old to be among the runs that are read.
    ///   - good: the newest successful run before it.
    ///   - versions: those of the first failure and of the good run.
    /// - Returns: nil when nothing is known.
    public init?(
        _ run: WorkflowRun, streak: FailureStreak?, good: WorkflowRun?, versions: [RunID: ConfigurationVersion] = [:]
    ) {
        if let streak, streak.first.id != run.id {
            count = "\(CountText.text(streak.count)) failed runs in a row"
            first = BrokenNote.Place(streak.first, versions)
        }
        self.good = good.map { BrokenNote.Place($0, versions) }
        compareHref = good == nil ? nil : PageAddress.compare(run.id)
        if first == nil, good == nil { return nil }
    }
}
