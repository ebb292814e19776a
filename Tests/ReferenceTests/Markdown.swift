/// Pieces of Markdown that render alike in MkDocs and on forges.
enum Markdown {
    /// A table without the rows' padding, so that a changed cell changes one line.
    static func table(_ head: [String], _ rows: [[String]]) -> String {
        let line = { (cells: [String]) in "| " + cells.map(cell).joined(separator: " | ") + " |" }
        return ([line(head), "|" + head.map { _ in " --- |" }.joined()] + rows.map(line)).joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }

    /// A list whose items are wrapped like prose.
    static func list(_ items: [String]) -> String {
        items.map { wrapped("- " + $0, indentation: "  ") }.joined(separator: "\n")
    }

    static func block(_ text: String, _ language: String) -> String {
        "```\(language)\n\(text)\n```"
    }

    /// Breaks lines between words, never inside of code, so that no line is longer than 120 characters if it can be helped.
    static func wrapped(_ text: String, indentation: String = "") -> String {
        var lines: [String] = []
        var line = ""
        for word in words(text) {
            if line.isEmpty {
                line = lines.isEmpty ? word : indentation + word
            } else if line.count + 1 + word.count <= 120 {
                line += " " + word
            } else {
                lines.append(line)
                line = indentation + word
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }

    /// The words of a text; code in backticks is one with what touches it.
    private static func words(_ text: String) -> [String] {
        var words = [""]
        var isCode = false
        for character in text {
            if character == "`" { isCode.toggle() }
            if character.isWhitespace, !isCode {
                if words.last != "" { words.append("") }
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words.filter { !$0.isEmpty }
    }

    /// The anchor that MkDocs and forges give a heading.
    static func anchor(_ heading: String) -> String {
        let kept = heading.lowercased().filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
        return kept.replacing(" ", with: "-")
    }

    /// The headings of a page, without the comments that blocks of code have.
    static func headings(in text: String) -> [String] {
        var isCode = false
        return text.split(separator: "\n").compactMap { line in
            if line.hasPrefix("```") { isCode.toggle() }
            return isCode || !line.hasPrefix("#") ? nil : String(line.drop { $0 == "#" }.dropFirst())
        }
    }

    /// Sets names as code that are no words: `created_at`, `--json`, `WEIR_URL`, addresses.
    static func prose(_ text: String) -> String {
        let names =
            #/\bweir --[a-z-]+|--[a-z][a-z-]*(?:[ =][A-Z]+\b)?|\b[A-Za-z]+(?:_[A-Za-z]+)+\b|[a-z]+://[^\s,)]*[^\s,).:;]|<[a-z]+>|\{[a-z]+\}(?:\.\{[a-z]+\})*/#
        // Between backticks everything is code already.
        return text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { place, part in
            place.isMultiple(of: 2) ? String(part).replacing(names) { code(String($0.output)) } : String(part)
        }
        .joined(separator: "`")
    }

    static func code(_ text: String) -> String { "`\(text)`" }

    static func listed(_ values: [String], _ word: String) -> String {
        let code = values.map(Self.code)
        guard code.count > 1, let last = code.last else { return code.joined() }
        return code.dropLast().joined(separator: ", ") + " \(word) " + last
    }

    /// 262144 as `262,144`.
    static func grouped(_ number: Int) -> String {
        let digits = String(abs(number))
        let first = digits.count % 3
        var groups = stride(from: first, to: digits.count, by: 3).map { String(digits.dropFirst($0).prefix(3)) }
        if first > 0 { groups.insert(String(digits.prefix(first)), at: 0) }
        return (number < 0 ? "-" : "") + groups.joined(separator: ",")
    }
}
