/// The differences between two texts, line by line.
public struct LineDiff: Hashable, Sendable {
    /// Unchanged lines shown around a difference.
    public static let context = 3
    /// Lines of each text that are compared, after the common beginning and end are removed. Longer texts count as replaced in
    /// full.
    public static let mostCompared = 1_000
    /// Lines shown at most, over all differences.
    public static let mostShown = 500

    public struct Line: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            case same, removed, added
        }

        public var kind: Kind
        public var text: String
        /// In the old text, from 1; nil for an added line.
        public var oldNumber: Int?
        /// In the new text, from 1; nil for a removed line.
        public var newNumber: Int?
    }

    /// Differences with the lines around them, in their order; empty for equal texts.
    public private(set) var parts: [[Line]] = []
    public private(set) var added = 0
    public private(set) var removed = 0
    /// Lines of differences beyond ``mostShown``.
    public private(set) var hidden = 0

    public init(from old: String, to new: String) {
        let lines = Self.lines(from: Self.split(old), to: Self.split(new))
        added = lines.count { $0.kind == .added }
        removed = lines.count { $0.kind == .removed }
        var part: [Line] = []
        var last: Int?
        var left = Self.mostShown
        for index in lines.indices where lines[index].kind != .same {
            if let last, index - last <= 2 * Self.context + 1 {
                part += lines[(last + 1)...index]
            } else {
                if let last { close(&part, lines, after: last) }
                part = Array(lines[max(0, index - Self.context)...index])
            }
            last = index
            left = Self.mostShown - parts.reduce(part.count) { $0 + $1.count }
            if left <= 0 {
                hidden = lines[(index + 1)...].count { $0.kind != .same }
                break
            }
        }
        if let last { close(&part, lines, after: last) }
    }

    public var isEmpty: Bool { parts.isEmpty }

    /// Ends a part with the unchanged lines after its last difference.
    private mutating func close(_ part: inout [Line], _ lines: [Line], after last: Int) {
        parts.append(part + lines[(last + 1)...].prefix(Self.context).prefix { $0.kind == .same })
        part = []
    }

    private static func split(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func lines(from old: [Substring], to new: [Substring]) -> [Line] {
        let most = min(old.count, new.count)
        let beginning = (0..<most).first { !old[$0].isIdentical(to: new[$0]) } ?? most
        let end =
            (0..<(most - beginning)).first {
                !old[old.count - 1 - $0].isIdentical(to: new[new.count - 1 - $0])
            } ?? most - beginning
        let (oldMiddle, newMiddle) = (beginning..<(old.count - end), beginning..<(new.count - end))
        let (removed, added) = changes(old[oldMiddle], new[newMiddle])

        var lines: [Line] = []
        var (place, other) = (0, 0)
        while place < old.count || other < new.count {
            if removed.contains(place) {
                lines.append(Line(kind: .removed, text: String(old[place]), oldNumber: place + 1, newNumber: nil))
                place += 1
            } else if added.contains(other) {
                lines.append(Line(kind: .added, text: String(new[other]), oldNumber: nil, newNumber: other + 1))
                other += 1
            } else {
                lines.append(Line(kind: .same, text: String(new[other]), oldNumber: place + 1, newNumber: other + 1))
                place += 1
                other += 1
            }
        }
        return lines
    }

    /// The positions of the lines that only one of the texts has.
    private static func changes(_ old: ArraySlice<Substring>, _ new: ArraySlice<Substring>) -> (Set<Int>, Set<Int>) {
        guard old.count <= mostCompared, new.count <= mostCompared else { return (Set(old.indices), Set(new.indices)) }
        // Numbers compare faster than texts, and every line is compared often.
        var numbers: [ExactText: Int] = [:]
        func number(_ line: Substring) -> Int {
            let line = ExactText(String(line))
            if let known = numbers[line] { return known }
            numbers[line] = numbers.count
            return numbers.count - 1
        }
        let (before, after) = (old.map(number), new.map(number))
        let difference = after.difference(from: before)
        func places(_ changes: [CollectionDifference<Int>.Change], from begin: Int) -> Set<Int> {
            Set(
                changes.map { change in
                    switch change {
                    case .insert(let offset, _, _), .remove(let offset, _, _): begin + offset
                    }
                })
        }
        return (places(difference.removals, from: old.startIndex), places(difference.insertions, from: new.startIndex))
    }
}
