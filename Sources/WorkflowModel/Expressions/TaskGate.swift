/// The condition of a task in a run: an expression with the values of the run in it, or the verdict that it is false.
public struct TaskGate: Hashable, Sendable {
    /// As stores keep it: a JSON value.
    @Exact public private(set) var storedText: String

    /// Turned out to be false, so that the task was skipped.
    public static let closed = TaskGate(storedText: "false")

    /// - Parameter values: those of the run that are known when it starts. Outputs of tasks are not among them.
    init(_ expression: ConditionExpression, in values: some SubstitutionValues) {
        storedText = expression.bound(to: values).storedValue.text
    }

    /// The text is only read when a decision needs it, because a run is loaded more often than a condition is decided.
    public init(storedText text: String) {
        storedText = text
    }

    public var isClosed: Bool { storedText == "false" }

    /// The condition as a configuration writes it, with the values of the run in it; nil when it is closed.
    public var words: String? { expression?.description }

    /// nil when it is closed, and for a text that ``storedText`` has not written.
    var expression: ConditionExpression? {
        guard !isClosed, let value = JSONValue(json: storedText.utf8, depthLimit: Self.depthLimit) else { return nil }
        return ConditionExpression(storedValue: value)
    }

    /// Enough for a value of the greatest depth in an expression of the greatest depth: parentheses hold `or`, `and` and a comparison.
    private static let depthLimit = JSONValue.depthLimit + 4 * (ExpressionLimits.depth + 2)
}
