extension ScheduleTick {
    /// More about the outcome, as part of a sentence; nil when the outcome says it all.
    public var explanation: String? {
        if isBackfilled { return "backfilled" }
        switch (reason, outcome) {
        case (nil, _): return nil
        case (.overlap?, .waiting): return "waits for the previous run to end"
        case (.overlap?, _): return "the previous run was still under way"
        case (.superseded?, _): return "a newer tick replaced it" + merged
        case (.paused?, _): return note ?? "the schedule is paused"
        case (.catchUp?, .waiting): return "was late, and starts" + (dueAt.map { " from \($0.iso8601) on" } ?? "")
        case (.catchUp?, .merged): return "was late" + merged
        case (.catchUp?, _): return "was late"
        case (.late?, _): return "it was late, and the schedule does not catch up"
        case (.window?, _): return "it was later than the schedule's window allows"
        case (.limit?, _): return "more ticks were late than the schedule catches up with"
        case (.removed?, _): return "its schedule was removed before it could start"
        case (.nothingToRun?, _): return "no task runs in the schedule's run mode"
        case (.parameters?, _): return "a parameter has a value that is not accepted"
        case (.unreadable?, _): return "the configuration cannot be read"
        }
    }

    private var merged: String {
        mergedInto.map { ": the run of \($0.iso8601) covers it" } ?? ""
    }
}
