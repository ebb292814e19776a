/// A condition that decides whether a task runs: `${outputs.check.rows} > 0 and not ${parameters.dry}`.
///
/// It has comparisons, `and`, `or`, `not` and `in`, but no calls and no loops, so that its evaluation takes at most as many steps as it
/// has parts.
public indirect enum ConditionExpression: Hashable, Sendable {
    case literal(JSONValue)
    case list([ConditionExpression])
    case reference(Reference)
    case not(ConditionExpression)
    /// At least two operands.
    case and([ConditionExpression])
    /// At least two operands.
    case or([ConditionExpression])
    case comparison(ConditionExpression, Comparison, ConditionExpression)
    /// Whether a value is one of the items of a list.
    case isIn(ConditionExpression, ConditionExpression)

    public enum Comparison: String, CaseIterable, Sendable {
        case equal = "=="
        case different = "!="
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="

        /// Whether it needs values that have an order.
        var ordersValues: Bool {
            switch self {
            case .equal, .different: false
            case .less, .atMost, .greater, .atLeast: true
            }
        }
    }
}

extension ConditionExpression {
    /// Reads a condition.
    /// - Throws: ``SubstitutionProblem``, whose message follows the name of the member.
    public init(_ text: String) throws(SubstitutionProblem) {
        self = try ConditionReader.read(text)
    }

    /// The values that it names, in the order in which they are written.
    public var references: [Reference] {
        switch self {
        case .literal: []
        case .reference(let reference): [reference]
        case .list(let items), .and(let items), .or(let items): items.flatMap(\.references)
        case .not(let operand): operand.references
        case .comparison(let left, _, let right), .isIn(let left, let right): left.references + right.references
        }
    }

    /// The expression with the values of a run in place of their names. Parts that name no outputs are decided, so that a run keeps little of its
    /// parameters in its conditions. Outputs of tasks, and names without a value, stay names.
    func bound(to values: some SubstitutionValues) -> ConditionExpression {
        switch self {
        case .literal: self
        case .reference(let reference):
            switch reference.root {
            case .outputs, .secrets, .item, .response, .trigger: self
            case .parameters, .run: (try? values.value(of: reference)).map(ConditionExpression.literal) ?? self
            }
        case .list(let items): .list(items.map { $0.bound(to: values) })
        case .not(let operand): Self.not(operand.bound(to: values)).folded
        case .and(let operands): Self.and(operands.map { $0.bound(to: values) }).folded
        case .or(let operands): Self.or(operands.map { $0.bound(to: values) }).folded
        case .comparison(let left, let comparison, let right):
            Self.comparison(left.bound(to: values), comparison, right.bound(to: values)).folded
        case .isIn(let left, let right): Self.isIn(left.bound(to: values), right.bound(to: values)).folded
        }
    }

    /// The result, where it is known; one that is wrong whatever the outputs are stays as it is.
    private var folded: ConditionExpression {
        guard references.isEmpty, let flag = try? isTrue(AttemptValues(outputs: [:])) else { return self }
        return .literal(.bool(flag))
    }
}

// MARK: As stores keep it

extension ConditionExpression {
    /// A JSON value: lists that begin with the name of the operation.
    var storedValue: JSONValue {
        switch self {
        case .literal(let value): .array([.string("value"), value])
        case .list(let items): .array([.string("list")] + items.map(\.storedValue))
        case .reference(let reference): .array([.string("name"), .string(reference.description)])
        case .not(let operand): .array([.string("not"), operand.storedValue])
        case .and(let operands): .array([.string("and")] + operands.map(\.storedValue))
        case .or(let operands): .array([.string("or")] + operands.map(\.storedValue))
        case .comparison(let left, let comparison, let right):
            .array([.string(comparison.rawValue), left.storedValue, right.storedValue])
        case .isIn(let left, let right): .array([.string("in"), left.storedValue, right.storedValue])
        }
    }

    /// - Returns: nil for a value that ``storedValue`` has not made.
    init?(storedValue value: JSONValue) {
        guard case .array(let items) = value, let name = items.first?.string else { return nil }
        switch (name, items.count) {
        case ("value", 2): self = .literal(items[1])
        case ("name", 2):
            guard let text = items[1].string, let reference = Reference(text) else { return nil }
            self = .reference(reference)
        default:
            let operands = items.dropFirst().compactMap(ConditionExpression.init(storedValue:))
            guard operands.count == items.count - 1 else { return nil }
            switch (name, operands.count) {
            case ("list", _): self = .list(operands)
            case ("and", 2...): self = .and(operands)
            case ("or", 2...): self = .or(operands)
            case ("not", 1): self = .not(operands[0])
            case ("in", 2): self = .isIn(operands[0], operands[1])
            case (_, 2):
                guard let comparison = Comparison(rawValue: name) else { return nil }
                self = .comparison(operands[0], comparison, operands[1])
            default: return nil
            }
        }
    }
}
