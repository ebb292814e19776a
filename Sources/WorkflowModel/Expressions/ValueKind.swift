/// The type of a value in a condition, as far as it is known.
enum ValueKind: Hashable, Sendable {
    case text
    case number
    case flag
    case list
    case object
    case null
    /// An output, or a member of a JSON value: only the run has its type.
    case unknown

    init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool: self = .flag
        case .integer, .number: self = .number
        case .string: self = .text
        case .array: self = .list
        case .object: self = .object
        }
    }

    init(_ parameter: ParameterDefinition.Kind) {
        switch parameter {
        case .string, .date, .datetime: self = .text
        case .integer, .number: self = .number
        case .boolean: self = .flag
        case .json: self = .unknown
        }
    }

    var words: String {
        switch self {
        case .text: "a text"
        case .number: "a number"
        case .flag: "true or false"
        case .list: "a list"
        case .object: "a JSON object"
        case .null: "null"
        case .unknown: "a value"
        }
    }
}

/// The rules of types. Configurations and runs are checked by the same ones.
extension ConditionExpression.Comparison {
    /// Why two values cannot be compared, as the end of a sentence; nil when they can, or their types are not known.
    func problem(with left: ValueKind, _ right: ValueKind) -> String? {
        guard left != .unknown, right != .unknown else { return nil }
        if ordersValues {
            guard left == right, left == .number || left == .text else {
                return "orders \(left.words) and \(right.words) by `\(rawValue)`; it takes two numbers or two texts"
            }
            return nil
        }
        guard left == right || left == .null || right == .null else {
            return "compares \(left.words) with \(right.words) by `\(rawValue)`; both must have the same type"
        }
        return nil
    }
}

extension ConditionExpression {
    /// Finds out the type, and what is wrong whatever the run is.
    /// - Throws: ``SubstitutionProblem``
    func kind(_ known: (Reference) -> ValueKind) throws(SubstitutionProblem) -> ValueKind {
        switch self {
        case .literal(let value): return ValueKind(value)
        case .reference(let reference): return known(reference)
        case .list(let items):
            for item in items { _ = try item.kind(known) }
            return .list
        case .not(let operand): return try Self.flag([operand], beside: "not", known)
        case .and(let operands): return try Self.flag(operands, beside: "and", known)
        case .or(let operands): return try Self.flag(operands, beside: "or", known)
        case .comparison(let left, let comparison, let right):
            let problem = comparison.problem(with: try left.kind(known), try right.kind(known))
            if let problem { throw SubstitutionProblem(message: problem) }
            return .flag
        case .isIn(let left, let right):
            _ = try left.kind(known)
            if let problem = try right.kind(known).problemAsList { throw SubstitutionProblem(message: problem) }
            return .flag
        }
    }

    private static func flag(
        _ operands: [ConditionExpression], beside word: String, _ known: (Reference) -> ValueKind
    ) throws(SubstitutionProblem) -> ValueKind {
        for operand in operands {
            if let problem = try operand.kind(known).problem(beside: word) { throw SubstitutionProblem(message: problem) }
        }
        return .flag
    }
}

extension ValueKind {
    private var mayBeFlag: Bool { self == .flag || self == .unknown }

    /// Why it cannot be an operand of `and`, `or` or `not`.
    func problem(beside word: String) -> String? {
        mayBeFlag ? nil : "has \(words) beside `\(word)`, which takes only true or false"
    }

    var problemAsList: String? {
        self == .list || self == .unknown ? nil : "has \(words) behind `in`, which takes only a list"
    }

    var problemAsResult: String? {
        mayBeFlag ? nil : "is \(words); it must be true or false, such as `${outputs.check.rows} > 0`"
    }
}
