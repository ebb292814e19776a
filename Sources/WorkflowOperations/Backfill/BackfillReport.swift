package import WorkflowAPI
package import WorkflowModel

/// The outcome of each tick of a backfill.
package struct BackfillReport: Hashable {
    package struct Tick: Hashable {
        package var instant: Timestamp
        package var outcome: BackfillAnswer.Outcome
        package var run: RunID?
        /// The run before, of a tick that was started once more.
        package var former: RunID?
        /// The last known state of the run.
        package var state: WorkflowState?
        /// Of a failed run.
        package var attribution: Attribution?
    }

    /// The number of ticks in the range.
    package var total: Int
    /// The ticks that were reached, oldest first.
    package var ticks: [Tick] = []
    package var isInterrupted = false
    /// Whether nothing was started.
    package var isDryRun = false
    /// The time before which a tick's run was created when the backfill starts it once more; nil when it leaves such ticks alone.
    /// Repeating an interrupted backfill with it continues with the remaining ticks.
    package var againBefore: Timestamp?

    /// The number of ticks that need no more work: their runs have ended.
    package var finished: Int {
        ticks.count(where: { !$0.outcome.isStart || $0.state?.isFinal == true })
    }
}

extension WorkflowState {
    /// Whether a run in it has ended.
    package var isFinal: Bool {
        switch self {
        case .canceled, .succeeded, .failed: true
        case .scheduled, .started, .inProgress, .running, .finalizing, .runningWithFailures, .stopping, .skipped: false
        }
    }
}
