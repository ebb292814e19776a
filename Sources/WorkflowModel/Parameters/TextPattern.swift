/// A pattern that a whole text has to match: a small regular expression without backtracking.
///
/// Accepted are characters, `.` for any character but a line break, classes (`[a-z_]`, `[^,]`, `\d`, `\w`, `\s` and `\D`, `\W`, `\S`),
/// groups, `|`, and the repetitions `*`, `+`, `?`, `{3}`, `{2,5}` and `{2,}`. A backslash before any other character than a letter or a
/// digit takes that character as it is. `^` at the beginning and `$` at the end change nothing. Characters are Unicode scalars.
///
/// Matching simulates all ways through the pattern at once (Ken Thompson, "Regular Expression Search Algorithm", 1968): its time is
/// proportional to the length of the text, whatever the pattern. Swift's `Regex` backtracks, so that a pattern such as `(a+)+b` could hold
/// a thread for hours.
public struct TextPattern: Hashable, Sendable {
    public let text: String
    private let steps: [Step]

    /// A step of the compiled pattern. Numbers are places of steps.
    enum Step: Sendable {
        case scalar(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case end
    }

    /// - Throws: ``TextPatternProblem``
    public init(_ text: String) throws(TextPatternProblem) {
        self.text = text
        var reader = TextPatternReader(text)
        var compiler = TextPatternCompiler()
        steps = try compiler.steps(of: try reader.pattern())
    }

    public static func == (left: TextPattern, right: TextPattern) -> Bool {
        left.text.isIdentical(to: right.text)
    }

    public func hash(into hasher: inout Hasher) {
        text.hashBytes(into: &hasher)
    }

    /// Whether the pattern matches the whole text.
    public func matches(_ text: String) -> Bool {
        var places = Places(count: steps.count)
        var isAtEnd = add(0, to: &places)
        for scalar in text.unicodeScalars {
            let now = places.list
            places.clear()
            isAtEnd = false
            for place in now {
                if case .scalar(let set) = steps[place], set.contains(scalar), add(place + 1, to: &places) { isAtEnd = true }
            }
            if places.list.isEmpty { return false }
        }
        return isAtEnd
    }

    /// Adds a step and all that follow it without a character.
    /// - Returns: whether the end is among them.
    private func add(_ start: Int, to places: inout Places) -> Bool {
        var waiting = [start]
        var hasEnd = false
        while let place = waiting.popLast() {
            guard places.add(place) else { continue }
            switch steps[place] {
            case .scalar: break
            case .split(let first, let second): waiting += [second, first]
            case .jump(let next): waiting.append(next)
            case .end: hasEnd = true
            }
        }
        return hasEnd
    }

    /// A set of steps.
    private struct Places {
        private(set) var list: [Int] = []
        private var round = 1
        private var seen: [Int]

        init(count: Int) {
            seen = Array(repeating: 0, count: count)
        }

        /// - Returns: false when the step is in the set already.
        mutating func add(_ place: Int) -> Bool {
            guard seen[place] != round else { return false }
            seen[place] = round
            list.append(place)
            return true
        }

        mutating func clear() {
            round += 1
            list.removeAll(keepingCapacity: true)
        }
    }
}

/// Why a text is not a pattern.
public struct TextPatternProblem: Error, Hashable, Sendable {
    /// Follows the name of the pattern's member: `has … at character 3`.
    public var message: String
}

/// A set of Unicode scalars.
struct ScalarSet: Sendable {
    /// Sorted, with a gap between each two, so that a search halves them.
    private let ranges: [ClosedRange<UInt32>]
    private let isNegated: Bool

    init(ranges: [ClosedRange<UInt32>], isNegated: Bool = false) {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        (self.ranges, self.isNegated) = (merged, isNegated)
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar.value { low = middle + 1 } else { high = middle }
        }
        return (low < ranges.count && ranges[low].contains(scalar.value)) != isNegated
    }

    static let anyButLineBreak = ScalarSet(ranges: [0x0A...0x0A], isNegated: true)
    static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    static let wordCharacters: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    static let spaces: [ClosedRange<UInt32>] = [0x09...0x0D, 0x20...0x20]
}

/// The parts of a pattern.
indirect enum TextPatternNode: Sendable {
    case scalar(ScalarSet)
    case sequence([TextPatternNode])
    case choice([TextPatternNode])
    /// - most: nil for any number.
    case repeated(TextPatternNode, least: Int, most: Int?)
}

/// Turns the parts of a pattern into steps.
struct TextPatternCompiler {
    private var steps: [TextPattern.Step] = []
    /// Parts that may still be written. Parts without steps count too, so that nested repetitions of nothing end.
    private var left = ParameterLimits.patternSteps

    mutating func steps(of node: TextPatternNode) throws(TextPatternProblem) -> [TextPattern.Step] {
        try write(node)
        steps.append(.end)
        return steps
    }

    private mutating func write(_ node: TextPatternNode) throws(TextPatternProblem) {
        left -= 1
        guard left > 0 else {
            throw TextPatternProblem(
                message: "is too large: with its repetitions written out, it has more than \(ParameterLimits.patternSteps) steps")
        }
        switch node {
        case .scalar(let set): steps.append(.scalar(set))
        case .sequence(let nodes): for node in nodes { try write(node) }
        case .choice(let nodes): try write(choiceOf: nodes[...])
        case .repeated(let node, let least, let most):
            for _ in 0..<least { try write(node) }
            if let most {
                for _ in least..<max(least, most) { try writeOptional(node) }
            } else {
                let start = steps.count
                try writeOptional(node) { .jump(start) }
            }
        }
    }

    private mutating func write(choiceOf nodes: ArraySlice<TextPatternNode>) throws(TextPatternProblem) {
        guard let first = nodes.first else { return }
        guard nodes.count > 1 else { return try write(first) }
        let split = steps.count
        steps.append(.split(split + 1, 0))
        try write(first)
        let jump = steps.count
        steps.append(.jump(0))
        steps[split] = .split(split + 1, steps.count)
        try write(choiceOf: nodes.dropFirst())
        steps[jump] = .jump(steps.count)
    }

    /// - Parameter last: a step behind the part.
    private mutating func writeOptional(
        _ node: TextPatternNode, then last: (() -> TextPattern.Step)? = nil
    ) throws(TextPatternProblem) {
        let split = steps.count
        steps.append(.split(split + 1, 0))
        try write(node)
        if let last { steps.append(last()) }
        steps[split] = .split(split + 1, steps.count)
    }
}
