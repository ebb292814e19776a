/// The result of a move.
package struct MoveReport: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        case isTheSame
        /// With the contents of the target.
        case differs(StoreContents)
        /// An earlier move completed.
        case wasThereAlready
    }

    package var source: StoreContents
    package var outcome: Outcome

    /// The contents of the target; nil when they were not read.
    package var target: StoreContents? {
        switch outcome {
        case .isTheSame: source
        case .differs(let found): found
        case .wasThereAlready: nil
        }
    }

    /// The kinds of records in which source and target differ.
    package var differences: [StoreContents.Kind] {
        guard let target else { return [] }
        return StoreContents.Kind.allCases.filter { source[$0] != target[$0] }
    }
}
