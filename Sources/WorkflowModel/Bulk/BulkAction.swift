/// The action of a bulk operation with its parameters.
public enum BulkAction: Hashable, Sendable {
    /// - Parameter reason: as ``ReasonRule`` accepts it.
    case stop(reason: ExactText?)
    /// - Parameter start: nil for the usual one of each run.
    case rerun(from: RerunStart?, version: RerunVersion)
    /// Settles the failed tasks of each run: in place while the run goes on, and by a rerun once it has ended.
    /// - Parameters:
    ///   - resolution: one that acts in place.
    ///   - reason: as ``ReasonRule`` accepts it.
    case resolve(Resolution, reason: ExactText?)
    /// Deletes runs that have ended.
    case delete
    case label(LabelChange)

    public enum Kind: String, CaseIterable, Sendable {
        case stop, rerun, resolve, delete, label

        /// The policy that the action needs.
        public var policy: AccessPolicy {
            switch self {
            case .stop, .rerun, .resolve, .label: .operator
            case .delete: .admin
            }
        }
    }

    public var kind: Kind {
        switch self {
        case .stop: .stop
        case .rerun: .rerun
        case .resolve: .resolve
        case .delete: .delete
        case .label: .label
        }
    }
}

/// A change of a run's labels: some are set, others removed.
public struct LabelChange: Hashable, Sendable {
    public var set: RunLabels
    /// Keys, none of them in ``set``. A run may not have them.
    public var removed: Set<ExactText>

    public init(set: RunLabels = RunLabels(), removed: Set<ExactText> = []) {
        self.set = set
        self.removed = removed
    }

    public var isEmpty: Bool { self.set.isEmpty && removed.isEmpty }

    /// The labels after the change. They may be more than ``RunLabels/most``.
    public func applied(to labels: RunLabels) -> RunLabels {
        RunLabels(labels.filter { !removed.contains(ExactText($0.key)) }).merging(set)
    }
}

/// How a change of a run's labels ended.
public enum LabelOutcome: Hashable, Sendable {
    /// The labels after the change.
    case changed(RunLabels)
    /// The run has those labels already.
    case unchanged(RunLabels)
    /// The run would have so many, which are more than ``RunLabels/most``.
    case tooMany(Int)
}

/// How the deletion of a run ended.
public enum DeletionOutcome: Hashable, Sendable {
    case deleted
    /// Only runs that have ended can be deleted.
    case hasNotEnded
}
