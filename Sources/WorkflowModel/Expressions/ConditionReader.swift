/// Reads a condition. Each byte is read once.
///
/// From weak to strong: `or`, `and`, `not`, then comparisons and `in`, which do not chain.
struct ConditionReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var names = 0

    /// - Throws: ``SubstitutionProblem``, whose message follows the name of the member.
    static func read(_ text: String) throws(SubstitutionProblem) -> ConditionExpression {
        guard text.utf8.count <= ExpressionLimits.conditionBytes else {
            throw SubstitutionProblem(
                message: "has \(text.utf8.count) bytes. Accepted: \(ExpressionLimits.conditionBytes) at most")
        }
        var reader = ConditionReader(bytes: Array(text.utf8))
        let expression = try reader.either()
        reader.skipSpaces()
        guard reader.position == reader.bytes.count else { throw reader.unexpected() }
        return expression
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    // MARK: Operators

    private mutating func either() throws(SubstitutionProblem) -> ConditionExpression {
        var operands = [try both()]
        while takeWord("or") { operands.append(try both()) }
        return operands.count == 1 ? operands[0] : .or(operands)
    }

    private mutating func both() throws(SubstitutionProblem) -> ConditionExpression {
        var operands = [try negation()]
        while takeWord("and") { operands.append(try negation()) }
        return operands.count == 1 ? operands[0] : .and(operands)
    }

    private mutating func negation() throws(SubstitutionProblem) -> ConditionExpression {
        guard takeWord("not") else { return try comparison() }
        try enter()
        let operand = try negation()
        depth -= 1
        return .not(operand)
    }

    private mutating func comparison() throws(SubstitutionProblem) -> ConditionExpression {
        let left = try operand()
        if let comparison = takeComparison() {
            let right = try operand()
            try refuseChain()
            return .comparison(left, comparison, right)
        }
        if takeWord("in") {
            let right = try operand()
            try refuseChain()
            return .isIn(left, right)
        }
        let start = position
        if takeWord("not") {
            guard takeWord("in") else {
                position = start
                throw unexpected()
            }
            let right = try operand()
            try refuseChain()
            return .not(.isIn(left, right))
        }
        return left
    }

    private mutating func refuseChain() throws(SubstitutionProblem) {
        let start = position
        guard takeComparison() != nil || takeWord("in") else { return }
        position = start
        throw SubstitutionProblem(message: "compares more than two values; join two comparisons by `and`")
    }

    private mutating func takeComparison() -> ConditionExpression.Comparison? {
        skipSpaces()
        // Longer ones first: `<=` begins with `<`.
        for comparison in [.equal, .different, .atMost, .atLeast, .less, .greater] as [ConditionExpression.Comparison]
        where bytes[position...].starts(with: comparison.rawValue.utf8) {
            position += comparison.rawValue.utf8.count
            return comparison
        }
        return nil
    }

    /// Takes a word that no letter or digit follows.
    private mutating func takeWord(_ word: StaticString) -> Bool {
        skipSpaces()
        let end = position + word.utf8CodeUnitCount
        guard word.withUTF8Buffer({ bytes[position...].starts(with: $0) }) else { return false }
        if end < bytes.count, ReferenceReader.isNameByte(bytes[end]) { return false }
        position = end
        return true
    }

    // MARK: Operands

    private mutating func operand() throws(SubstitutionProblem) -> ConditionExpression {
        skipSpaces()
        guard let byte = next else { throw SubstitutionProblem(message: "ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "("):
            position += 1
            try enter()
            let inner = try either()
            try expect(UInt8(ascii: ")"), "has a `(` that is not closed")
            depth -= 1
            return inner
        case UInt8(ascii: "["):
            position += 1
            return try list()
        case UInt8(ascii: "$"): return .reference(try reference())
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .literal(.string(try text(quotedBy: byte)))
        default: return .literal(try literal())
        }
    }

    private mutating func list() throws(SubstitutionProblem) -> ConditionExpression {
        try enter()
        var items: [ConditionExpression] = []
        skipSpaces()
        while next != UInt8(ascii: "]") {
            items.append(try operand())
            skipSpaces()
            guard next == UInt8(ascii: ",") else { break }
            position += 1
            skipSpaces()
        }
        try expect(UInt8(ascii: "]"), "has a `[` that is not closed")
        depth -= 1
        return .list(items)
    }

    private mutating func reference() throws(SubstitutionProblem) -> Reference {
        names += 1
        guard names <= ExpressionLimits.conditionNames else {
            throw SubstitutionProblem(message: "names more than \(ExpressionLimits.conditionNames) values")
        }
        let reference = try TextTemplate.reference(bytes, &position)
        guard reference.root != .secrets else {
            throw SubstitutionProblem(
                message: "names a secret, whose value a condition would tell; accepted in `env`, `headers` and `json`")
        }
        guard reference.root != .response else {
            throw SubstitutionProblem(message: "names the reply of a call, which only `poll` of an HTTP call can name")
        }
        return reference
    }

    /// A text ends with the quote that it began with. The quote itself is written twice.
    private mutating func text(quotedBy quote: UInt8) throws(SubstitutionProblem) -> String {
        position += 1
        var content: [UInt8] = []
        while let byte = next {
            position += 1
            if byte == quote {
                guard next == quote else {
                    let text = String(decoding: content, as: UTF8.self)
                    guard !TextTemplate.hasSyntax(text) else {
                        throw SubstitutionProblem(
                            message: "has \(text.quoted) in quotes, where it is only a text; write `${…}` without quotes")
                    }
                    return text
                }
                position += 1
            }
            content.append(byte)
        }
        throw SubstitutionProblem(message: "has a quote that is not closed")
    }

    /// A number, `true`, `false` or `null`.
    private mutating func literal() throws(SubstitutionProblem) -> JSONValue {
        let start = position
        while let byte = next, byte.isLetterOrDigit || "+-._".utf8.contains(byte) || byte >= 0x80 { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        guard !word.isEmpty else { throw unexpected() }
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            if JSONTree.isNumber(word), let value = JSONValue(json: word.utf8) { return value }
            position = start
            let names = Reference.Root.allCases.filter { $0 != .secrets && $0 != .response }.map { "${\($0.rawValue).…}" }
            throw SubstitutionProblem(
                message: "has \(word.quoted), which is no value; a text needs quotes, and a value of the run is written as "
                    + names.listed(before: "or"))
        }
    }

    // MARK: Bytes

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpaces() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func enter() throws(SubstitutionProblem) {
        depth += 1
        guard depth <= ExpressionLimits.depth else {
            throw SubstitutionProblem(
                message: "is nested more than \(ExpressionLimits.depth) levels deep; split the work into several tasks")
        }
    }

    private mutating func expect(_ byte: UInt8, _ message: String) throws(SubstitutionProblem) {
        skipSpaces()
        guard next == byte else { throw next == nil ? SubstitutionProblem(message: message) : unexpected() }
        position += 1
    }

    private func unexpected() -> SubstitutionProblem {
        guard position < bytes.count else { return SubstitutionProblem(message: "ends too early") }
        let rest = String(decoding: bytes[position...].prefix(24), as: UTF8.self)
        return SubstitutionProblem(
            message:
                "cannot be read at \(rest.quoted). Accepted are comparisons (`==`, `!=`, `<`, `<=`, `>`, `>=`, `in`), `and`, `or`, "
                + "`not` and parentheses")
    }
}
