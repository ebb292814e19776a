import WorkflowModel

/// Deletes history step by step.
///
/// Where others can work with the store meanwhile, it rests between two steps for longer than the step took, so that it takes a
/// quarter of what the store can do; after a step that took very long, for ``RetentionLimits/longestRest``.
struct RetentionWork {
    /// Whether others can work with the store.
    let isShared: Bool
    let time: any TimeSource
    /// Takes a step from a place on, nil from the beginning.
    let step: (RetentionPlace?) async throws -> RetentionStep

    /// - Parameter progress: told after every step.
    func run(progress: (RetentionTotals) -> Void) async throws -> RetentionTotals {
        var totals = RetentionTotals()
        var place: RetentionPlace?
        while true {
            let beganAt = time.now
            let step = try await step(place)
            totals.runs += step.deletedRuns
            totals.months += step.droppedMonths
            progress(totals)
            place = step.next
            if place == nil { return totals }
            guard isShared else { continue }
            let rest = max(time.now - beganAt, .zero) * RetentionLimits.restsPerStep
            try await time.sleep(for: min(rest, RetentionLimits.longestRest))
        }
    }
}

/// What is gone.
struct RetentionTotals: Hashable, Sendable {
    var runs = 0
    /// Whole months of all tenants that went at once.
    var months = 0
}
