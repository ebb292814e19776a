public import WorkflowModel

/// A condition on a text that the store keeps as a number.
public enum NumberChoice: Hashable, Sendable {
    case any
    /// Any of these; an empty set matches nothing.
    case of(Set<Int>)
    /// None of these.
    case except(Set<Int>)

    /// - Parameter numbers: all numbers of a text; none for a text that the store has never seen.
    public init(_ choice: TextChoice, numbers: (String) throws -> [Int]) rethrows {
        let excluded = Set(try choice.excluded.flatMap { try numbers($0.text) })
        if let included = choice.included {
            self = .of(Set(try included.flatMap { try numbers($0.text) }).subtracting(excluded))
        } else {
            self = excluded.isEmpty ? .any : .except(excluded)
        }
    }

    /// Whether no run can match.
    public var isNothing: Bool { self == .of([]) }
}
