/// Why a condition has no result in a run.
public enum ConditionFault: Error, Hashable, Sendable {
    case missing(MissingValue)
    case mismatch(SubstitutionProblem)

    /// A sentence for the person who wrote the configuration.
    public var message: String {
        switch self {
        case .missing(let value): "The condition of the task cannot be decided: \(value.sentence)"
        case .mismatch(let problem): "The condition of the task cannot be decided: it \(problem.message)."
        }
    }
}

extension ConditionExpression {
    /// Whether the condition is true. Operands of `and` and `or` are only looked at until one decides.
    /// - Throws: ``ConditionFault``
    public func isTrue(_ values: some SubstitutionValues) throws(ConditionFault) -> Bool {
        let value = try self.value(values)
        guard case .bool(let flag) = value else { throw Self.mismatch(ValueKind(value).problemAsResult) }
        return flag
    }

    private func value(_ values: some SubstitutionValues) throws(ConditionFault) -> JSONValue {
        switch self {
        case .literal(let value): return value
        case .reference(let reference):
            do {
                return try values.value(of: reference)
            } catch {
                throw .missing(error)
            }
        case .list(let items):
            var result: [JSONValue] = []
            for item in items { result.append(try item.value(values)) }
            return .array(result)
        case .not(let operand): return .bool(!(try operand.flag(values, "not")))
        case .and(let operands):
            for operand in operands where !(try operand.flag(values, "and")) { return .bool(false) }
            return .bool(true)
        case .or(let operands):
            for operand in operands where try operand.flag(values, "or") { return .bool(true) }
            return .bool(false)
        case .comparison(let left, let comparison, let right):
            return .bool(try Self.compare(try left.value(values), comparison, try right.value(values)))
        case .isIn(let left, let right):
            let (item, list) = (try left.value(values), try right.value(values))
            guard case .array(let items) = list else { throw Self.mismatch(ValueKind(list).problemAsList) }
            return .bool(items.contains { $0.isEqual(to: item) })
        }
    }

    private func flag(_ values: some SubstitutionValues, _ word: String) throws(ConditionFault) -> Bool {
        let value = try self.value(values)
        guard case .bool(let flag) = value else { throw Self.mismatch(ValueKind(value).problem(beside: word)) }
        return flag
    }

    private static func mismatch(_ problem: String?) -> ConditionFault {
        .mismatch(SubstitutionProblem(message: problem ?? "has values of other types"))
    }

    private static func compare(
        _ left: JSONValue, _ comparison: Comparison, _ right: JSONValue
    ) throws(ConditionFault) -> Bool {
        if let problem = comparison.problem(with: ValueKind(left), ValueKind(right)) {
            throw mismatch(problem)
        }
        switch comparison {
        case .equal: return left.isEqual(to: right)
        case .different: return !left.isEqual(to: right)
        case .less: return left.precedes(right)
        case .greater: return right.precedes(left)
        case .atMost: return !right.precedes(left)
        case .atLeast: return !left.precedes(right)
        }
    }
}

extension JSONValue {
    /// Numbers are equal by their value, texts by their bytes, and objects whatever the order of their members.
    fileprivate func isEqual(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.integer, .number), (.number, .integer), (.number, .number): double == other.double
        case (.string(let left), .string(let right)): left.isIdentical(to: right)
        case (.array(let left), .array(let right)): left.count == right.count && zip(left, right).allSatisfy { $0.isEqual(to: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count && left.allSatisfy { name, value in right[name].map { value.isEqual(to: $0) } ?? false }
        default: false
        }
    }

    /// Of two numbers or two texts. Texts are ordered by their bytes.
    fileprivate func precedes(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right
        case (.string(let left), .string(let right)): left.precedesByBytes(right)
        default: double < other.double
        }
    }

    /// The number in 64 bits, which keeps about 16 digits.
    private var double: Double { Double(text) ?? .nan }
}
