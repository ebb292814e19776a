/// Finds the lines in which a YAML mapping contains a key, for the message about a duplicate key.
///
/// The YAML library reports the position of only one of the keys.
struct MemberLines {
    private let lines: [[Character]]
    /// The position of one key of the mapping, from 0.
    private let line: Int
    private let column: Int

    /// - Parameters:
    ///   - line: of a key of the mapping, from 1.
    ///   - column: likewise.
    init(text: String, line: Int, column: Int) {
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(Array.init)
        self.line = max(0, line - 1)
        self.column = max(0, column - 1)
    }

    /// The lines with that key, from 1, in order; a line of a flow mapping can occur several times.
    func lines(of name: String) -> [Int] {
        guard lines.indices.contains(line), column < lines[line].count else { return [] }
        let found = isInBlock ? linesOfBlock(name) : linesOfFlow(name)
        return found.map { $0 + 1 }
    }

    /// Whether only spaces and list markers precede the key.
    private var isInBlock: Bool {
        lines[line][..<column].allSatisfy { " -?".contains($0) }
    }

    private func linesOfBlock(_ name: String) -> [Int] {
        var first = line
        while first > 0, indentation(first) >= column { first -= 1 }
        // The first key of a mapping can follow list markers: `- id: …`.
        let beginsInList = indentation(first) < column && isBehindMarks(first)
        if indentation(first) < column, !beginsInList { first += 1 }
        return (first..<lines.count).prefix { $0 <= line || indentation($0) >= column }
            .filter { indentation($0) == column || beginsInList && $0 == first }
            .filter { isNamed(name, lines[$0].dropFirst(column)) }
    }

    /// The indentation of a line; .max for a line without content.
    private func indentation(_ line: Int) -> Int {
        guard let place = lines[line].firstIndex(where: { $0 != " " }), lines[line][place] != "#" else { return .max }
        return place
    }

    private func isBehindMarks(_ line: Int) -> Bool {
        let start = lines[line].prefix(column)
        return start.count == column && start.allSatisfy { " -?".contains($0) } && start.contains { $0 != " " }
    }

    /// Whether a text begins with the key, plain or quoted, then spaces and a colon, which is optional in the form `? key`.
    private func isNamed(_ name: String, _ content: ArraySlice<Character>) -> Bool {
        let isExplicit = content.first == "?"
        let text = isExplicit ? content.dropFirst().drop { $0 == " " } : content
        return [name, "\"\(name)\"", "'\(name.replacing("'", with: "''"))'"].contains { form in
            guard text.starts(with: form) else { return false }
            let rest = text.dropFirst(form.count).drop { $0 == " " || $0 == "\t" }
            return rest.first == ":" || isExplicit && rest.isEmpty
        }
    }

    /// Searches from the known key to the end of the mapping.
    private func linesOfFlow(_ name: String) -> [Int] {
        var found: [Int] = []
        var depth = 0
        var quote: Character?
        var expectsName = true
        for index in line..<lines.count {
            var place = index == line ? column : 0
            while place < lines[index].count {
                let character = lines[index][place]
                if let open = quote {
                    if open == "\"", character == "\\" { place += 1 } else if character == open { quote = nil }
                    place += 1
                    continue
                }
                if character == "#", place == 0 || lines[index][place - 1] == " " { break }
                if depth == 0, expectsName, !character.isWhitespace {
                    if isNamed(name, lines[index][place...]) { found.append(index) }
                    expectsName = false
                }
                switch character {
                case "\"", "'": quote = character
                case "{", "[": depth += 1
                case "}", "]": depth -= 1
                case "," where depth == 0: expectsName = true
                default: break
                }
                if depth < 0 { return found }
                place += 1
            }
        }
        return found
    }
}
