/// The outcome of a bulk operation for one run.
public struct BulkReceipt: Hashable, Sendable {
    /// From 1, in the order in which the operation came to its runs.
    public var number: Int
    public var run: RunID
    public var result: BulkResult
    public var writtenAt: Timestamp

    public init(number: Int, run: RunID, result: BulkResult, writtenAt: Timestamp) {
        self.number = number
        self.run = run
        self.result = result
        self.writtenAt = writtenAt
    }
}

public enum BulkOutcome: String, CaseIterable, Hashable, Sendable {
    case done
    /// There was nothing to do: the run was stopped, deleted, rerun or labeled like that already.
    case unchanged
    case refused
}

/// The outcome of acting on a run, and why.
public struct BulkResult: Hashable, Sendable {
    public var outcome: BulkOutcome
    /// One sentence; nil for a run that was done.
    @Exact public var reason: String?
    /// The run that reruns it: the new one, or an earlier one that left nothing to do.
    public var rerun: RunID?

    public init(_ outcome: BulkOutcome, _ reason: String? = nil, rerun: RunID? = nil) {
        self.outcome = outcome
        self.reason = reason
        self.rerun = rerun
    }
}

// The sentences of receipts.
extension BulkResult {
    public static let done = BulkResult(.done)
    public static let noSuchRun = BulkResult(.refused, "There is no run with that id.")
    public static let isDeleted = BulkResult(.unchanged, "The run had been deleted already.")
    public static let isStopping = BulkResult(.unchanged, "The run was being stopped already.")
    public static let hasNotEnded = BulkResult(.refused, "The run has not ended. Stop it, or wait for its end.")

    public static let hasNoFailedTask = BulkResult(.unchanged, "No task of the run is failed.")
    public static let endedMeanwhile = BulkResult(.refused, "The run ended meanwhile. Resolve it once more.")

    public static func hasEnded(_ state: RunState) -> BulkResult {
        BulkResult(.unchanged, "The run had ended already: it is \(state.rawValue).")
    }

    public static func isRerun(by run: RunID) -> BulkResult {
        BulkResult(.unchanged, "The run had been rerun already, by \(run).", rerun: run)
    }
}

extension BulkResult {
    /// - Parameter outcome: nil for a run that does not exist.
    public init(_ outcome: DeletionOutcome?) {
        switch outcome {
        case .deleted?: self = .done
        case .hasNotEnded?: self = .hasNotEnded
        case nil: self = .isDeleted
        }
    }

    public init(_ refusal: ResolutionRefusal) {
        switch refusal {
        case .nothingFailed: self = .hasNoFailedTask
        case .isStopping: self = .isStopping
        case .hasEnded: self = .endedMeanwhile
        case .tooMany: self.init(.refused, "The run has \(RunResolution.most) resolutions. It takes no more.")
        case .isHistory: self.init(.refused, "The run is imported history.")
        case .noSuchTask, .needsEnd, .doesNotApply, .isCarriedBy: self.init(.refused, "The resolution does not apply to the run.")
        }
    }

    /// - Parameter outcome: nil for a run that does not exist.
    public init(_ outcome: LabelOutcome?) {
        switch outcome {
        case .changed?: self = .done
        case .unchanged?: self.init(.unchanged, "The run had these labels already.")
        case .tooMany(let count)?: self.init(.refused, LabelOutcome.problem(with: count))
        case nil: self = .noSuchRun
        }
    }
}

extension LabelOutcome {
    /// Why a run cannot have so many labels.
    public static func problem(with count: Int) -> String {
        "The run would have \(count) labels. A run has at most \(RunLabels.most)."
    }
}
