import WorkflowModel

/// Deletes history step by step.
///
/// Between two steps it rests for as long as the step took, so that it uses half of what the store can do at most, and
/// whoever works with the store meanwhile comes to his turn.
struct RetentionWork {
    let administration: any StoreAdministration
    let cutoff: Timestamp
    var time: any TimeSource = SystemTime()

    /// - Parameter progress: told after every step.
    func run(progress: (RetentionTotals) -> Void) async throws -> RetentionTotals {
        var totals = RetentionTotals()
        var place: RetentionPlace?
        while true {
            let beganAt = time.now
            let step = try await administration.deleteEndedRuns(createdBefore: cutoff, from: place)
            totals.runs += step.deletedRuns
            totals.months += step.droppedMonths
            progress(totals)
            place = step.next
            if place == nil { return totals }
            try await time.sleep(for: min(max(time.now - beganAt, .zero), RetentionLimits.longestRest))
        }
    }
}

/// What is gone.
struct RetentionTotals: Hashable, Sendable {
    var runs = 0
    /// Whole months of all tenants that went at once.
    var months = 0
}
