public import WorkflowModel

/// Measures a search: decides after each step whether its budget allows another one.
///
/// The clock is read once per step, so that reading a run costs no more than counting it. A step is ``SearchBudget/step`` runs, or
/// fewer with long texts to look for words in: a message of an error may have many pages.
public struct SearchMeter {
    /// Bytes of texts in a step.
    public static let textBytes = 1 << 20

    /// Runs that were read.
    public private(set) var runs = 0
    private var runsOfStep = 0
    private var bytesOfStep = 0
    private var steps = 0
    private let mostRuns: Int
    private let deadline: Duration
    private let time: any TimeSource

    /// The time of the budget begins now.
    public init(_ budget: SearchBudget, time: any TimeSource) {
        self.time = time
        deadline = time.elapsed + budget.time
        mostRuns = budget.runs ?? .max
    }

    /// Whether no further run may be read. Never before the first step is complete.
    public var isUsedUp: Bool {
        (steps > 0 || isAtStep) && (runs >= mostRuns || time.elapsed >= deadline)
    }

    /// Whether a step is complete: the run that was read last may be the last one.
    public var isAtStep: Bool { runsOfStep >= SearchBudget.step || bytesOfStep >= Self.textBytes }

    /// Counts a run before it is read.
    /// - Returns: false when it must not be read, because the budget is used up.
    public mutating func takes() -> Bool {
        if isAtStep {
            guard !isUsedUp else { return false }
            steps += 1
            (runsOfStep, bytesOfStep) = (0, 0)
        }
        add(1)
        return true
    }

    /// Counts runs that were read together.
    public mutating func add(_ runs: Int) {
        self.runs += runs
        runsOfStep += runs
    }

    /// Counts texts of the run that was read last, in which words are looked for.
    /// - Parameter bytes: times the weight of the words.
    public mutating func add(texts bytes: Int) {
        bytesOfStep += bytes
    }
}
