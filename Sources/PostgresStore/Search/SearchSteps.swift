import StoreCore
import WorkflowModel

/// The steps of a search: each statement reads so many runs, and then the search looks at its budget.
///
/// A statement has a price of its own, so the steps grow. They stay short enough that the last one hardly exceeds the budget.
struct SearchSteps {
    /// Runs of a step.
    static let most = 16 * SearchBudget.step
    /// After a step that took less time, the next one is twice as long; after a longer one, half as long.
    static let usualTime = Duration.milliseconds(4)

    private let time: any TimeSource
    private let mostRuns: Int
    private var meter: SearchMeter
    private var size = SearchBudget.step
    private var begin: Duration

    /// The time of the budget begins now.
    init(_ budget: SearchBudget, time: any TimeSource) {
        self.time = time
        mostRuns = budget.runs ?? .max
        meter = SearchMeter(budget, time: time)
        begin = time.elapsed
    }

    /// Begins a step.
    /// - Returns: how many runs it may read.
    mutating func next() -> Int {
        begin = time.elapsed
        // A statement that returned before its end has left a part of its step.
        let least = SearchBudget.step - meter.runs % SearchBudget.step
        return max(least, min(size, mostRuns - meter.runs))
    }

    /// Ends a step.
    mutating func end(reading runs: Int) {
        meter.add(runs)
        let isQuick = time.elapsed - begin < Self.usualTime
        size = isQuick ? min(size * 2, Self.most) : max(size / 2, SearchBudget.step)
    }

    /// Whether there may be no other step. Never before the first is complete.
    var isUsedUp: Bool { meter.isUsedUp }
}
