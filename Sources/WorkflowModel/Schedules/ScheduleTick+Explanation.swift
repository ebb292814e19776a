extension ScheduleTick {
    /// What is to be known beyond the outcome, as part of a sentence; nil when that says it all.
    public var explanation: String? {
        if isBackfilled { return "backfilled" }
        switch (reason, outcome) {
        case (nil, _): return nil
        case (.overlap?, .waiting): return "waits for the run before, which still goes"
        case (.overlap?, _): return "the run before was still going"
        case (.superseded?, _): return "a newer tick took its place" + merged
        case (.paused?, _): return "the schedule is paused"
        case (.catchUp?, .waiting): return "was late, and starts" + (dueAt.map { " from \($0.iso8601) on" } ?? "")
        case (.catchUp?, .merged): return "was late" + merged
        case (.catchUp?, _): return "was late"
        case (.late?, _): return "nobody was there for it, and the schedule makes up for nothing"
        case (.window?, _): return "nobody was there for it within the schedule's window"
        case (.limit?, _): return "more ticks were late than the schedule makes up for"
        case (.removed?, _): return "its schedule was removed before it could start"
        case (.nothingToRun?, _): return "the configuration has nothing to do in its run mode"
        case (.unreadable?, _): return "the configuration cannot be read"
        }
    }

    private var merged: String {
        mergedInto.map { ": the run of \($0.iso8601) stands for it" } ?? ""
    }
}
