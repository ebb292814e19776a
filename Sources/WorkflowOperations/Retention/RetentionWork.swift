package import WorkflowModel

/// Deletes history step by step.
///
/// On a shared store it pauses after each step for longer than the step took, and so uses at most a quarter of the store's capacity.
/// A pause is never longer than ``RetentionLimits/longestPause``.
package struct RetentionWork {
    /// Whether other programs can use the store at the same time.
    let isShared: Bool
    let time: any TimeSource
    /// Deletes one step's runs, starting at a place; nil starts at the beginning.
    let step: (RetentionPlace?) async throws -> RetentionStep

    package init(isShared: Bool, time: any TimeSource, step: @escaping (RetentionPlace?) async throws -> RetentionStep) {
        self.isShared = isShared
        self.time = time
        self.step = step
    }

    /// - Parameter progress: called after every step.
    package func run(progress: (RetentionTotals) -> Void) async throws -> RetentionTotals {
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
            try await pause(after: beganAt)
        }
    }

    private func pause(after beganAt: Timestamp) async throws {
        guard isShared else { return }
        let pause = max(time.now - beganAt, .zero) * RetentionLimits.pauseFactor
        try await time.sleep(for: min(pause, RetentionLimits.longestPause))
    }
}

/// The history that retention has deleted so far.
package struct RetentionTotals: Hashable, Sendable {
    package var runs = 0
    /// Whole months of all tenants, each dropped at once.
    package var months = 0

    package init(runs: Int = 0, months: Int = 0) {
        self.runs = runs
        self.months = months
    }
}
