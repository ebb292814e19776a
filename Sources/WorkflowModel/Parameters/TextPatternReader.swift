/// Reads the text of a ``TextPattern``.
struct TextPatternReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    mutating func pattern() throws(TextPatternProblem) -> TextPatternNode {
        _ = take("^")
        let node = try choice()
        guard position == scalars.count else { throw problem("a `)` that closes no group") }
        return node
    }

    private mutating func choice() throws(TextPatternProblem) -> TextPatternNode {
        var nodes = [try sequence()]
        while take("|") { nodes.append(try sequence()) }
        return nodes.count == 1 ? nodes[0] : .choice(nodes)
    }

    private mutating func sequence() throws(TextPatternProblem) -> TextPatternNode {
        var nodes: [TextPatternNode] = []
        while let next, next != "|", next != ")" {
            if next == "$", position == scalars.count - 1 {
                position += 1
                break
            }
            nodes.append(try repetition(of: try part()))
        }
        return .sequence(nodes)
    }

    private mutating func part() throws(TextPatternProblem) -> TextPatternNode {
        let start = position
        guard let scalar = advance() else { throw problem("an end where a character is expected") }
        switch scalar {
        case ".": return .scalar(.anyButLineBreak)
        case "[": return .scalar(try characterClass(from: start))
        case "\\": return .scalar(try escape())
        case "(": return try group(from: start)
        case "*", "+", "?", "{": throw problem("\(String(scalar).quoted) with nothing to repeat", at: start)
        case "^", "$":
            throw problem(
                "\(String(scalar).quoted) in its middle. A pattern matches the whole text; write `\\\(scalar)` for the character",
                at: start)
        default: return .scalar(ScalarSet(ranges: [scalar.value...scalar.value]))
        }
    }

    private mutating func group(from start: Int) throws(TextPatternProblem) -> TextPatternNode {
        if take("?") {
            guard take(":") else { throw problem("`(?` without `:`. Look-around, names and flags are not accepted", at: start) }
        }
        let node = try choice()
        guard take(")") else { throw problem("a `(` that is not closed", at: start) }
        return node
    }

    // MARK: Repetitions

    private mutating func repetition(of node: TextPatternNode) throws(TextPatternProblem) -> TextPatternNode {
        let start = position
        let repeated: TextPatternNode
        switch next {
        case "*": repeated = .repeated(node, least: 0, most: nil)
        case "+": repeated = .repeated(node, least: 1, most: nil)
        case "?": repeated = .repeated(node, least: 0, most: 1)
        case "{":
            position += 1
            repeated = try counted(node, from: start)
            return try checkedEnd(of: repeated)
        default: return node
        }
        position += 1
        return try checkedEnd(of: repeated)
    }

    private func checkedEnd(of node: TextPatternNode) throws(TextPatternProblem) -> TextPatternNode {
        if let next, "*+?{".unicodeScalars.contains(next) {
            throw problem("\(String(next).quoted) after a repetition; put the repetition into a group")
        }
        return node
    }

    private mutating func counted(_ node: TextPatternNode, from start: Int) throws(TextPatternProblem) -> TextPatternNode {
        let least = number()
        var most = least
        if take(",") { most = number() }
        guard let least, take("}"), most.map({ $0 >= least }) ?? true else {
            throw problem("a `{` without `{3}`, `{2,5}` or `{2,}`; write `\\{` for the character", at: start)
        }
        guard max(least, most ?? 0) <= ParameterLimits.patternSteps else {
            throw problem("a repetition of more than \(ParameterLimits.patternSteps) times", at: start)
        }
        return .repeated(node, least: least, most: most)
    }

    /// At most four digits, which is beyond the limit already.
    private mutating func number() -> Int? {
        var text = ""
        while let next, next.isASCIIDigit, text.count < 5 {
            text.unicodeScalars.append(next)
            position += 1
        }
        return Int(text)
    }

    // MARK: Characters

    private mutating func escape() throws(TextPatternProblem) -> ScalarSet {
        guard let scalar = advance() else { throw problem("a backslash at its end") }
        if let ranges = Self.classes[scalar] { return ScalarSet(ranges: ranges) }
        if let lower = String(scalar).lowercased().unicodeScalars.first, lower != scalar, let ranges = Self.classes[lower] {
            return ScalarSet(ranges: ranges, isNegated: true)
        }
        return ScalarSet(ranges: [try escaped(scalar)])
    }

    private func escaped(_ scalar: Unicode.Scalar) throws(TextPatternProblem) -> ClosedRange<UInt32> {
        switch scalar {
        case "n": return 0x0A...0x0A
        case "r": return 0x0D...0x0D
        case "t": return 0x09...0x09
        default:
            guard !scalar.isASCIILetter, !scalar.isASCIIDigit else {
                throw problem("`\\\(scalar)`, which is not accepted", at: position - 2)
            }
            return scalar.value...scalar.value
        }
    }

    private mutating func characterClass(from start: Int) throws(TextPatternProblem) -> ScalarSet {
        var ranges: [ClosedRange<UInt32>] = []
        let isNegated = take("^")
        // A bracket at the beginning stands for itself.
        var isFirst = true
        while isFirst || next != "]" {
            isFirst = false
            guard let lower = advance() else { throw problem("a `[` that is not closed", at: start) }
            if lower == "\\", let escaped = next, let known = Self.classes[escaped] {
                position += 1
                ranges += known
                continue
            }
            let first = try literal(lower, from: start)
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                ranges.append(first...first)
                continue
            }
            position += 1
            guard let upper = advance() else { throw problem("a `[` that is not closed", at: start) }
            let last = try literal(upper, from: start)
            guard first <= last else { throw problem("a range that ends before it begins", at: position - 1) }
            ranges.append(first...last)
        }
        position += 1
        return ScalarSet(ranges: ranges, isNegated: isNegated)
    }

    private mutating func literal(_ scalar: Unicode.Scalar, from start: Int) throws(TextPatternProblem) -> UInt32 {
        guard scalar == "\\" else { return scalar.value }
        guard let escaped = advance() else { throw problem("a `[` that is not closed", at: start) }
        return try self.escaped(escaped).lowerBound
    }

    private static let classes: [Unicode.Scalar: [ClosedRange<UInt32>]] = [
        "d": ScalarSet.digits, "w": ScalarSet.wordCharacters, "s": ScalarSet.spaces,
    ]

    // MARK: The text

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func advance() -> Unicode.Scalar? {
        guard let next else { return nil }
        position += 1
        return next
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// - Parameter place: from 0; nil for the present one.
    private func problem(_ found: String, at place: Int? = nil) -> TextPatternProblem {
        TextPatternProblem(message: "has, at character \((place ?? position) + 1), \(found)")
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
