/// The parser wraps all help texts except the usage line.
enum HelpText {
    /// - Parameter columns: the width of the terminal.
    /// - Returns: the text with its usage line wrapped, but never within an option and its value.
    static func wrappingUsage(in text: String, columns: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { isUsage($0) && $0.displayWidth > columns ? wrapped($0, columns: columns) : String($0) }
            .joined(separator: "\n")
    }

    private static func isUsage(_ line: Substring) -> Bool {
        line.hasPrefix("USAGE: ") || line.hasPrefix("Usage: ")
    }

    private static func wrapped(_ line: Substring, columns: Int) -> String {
        let indent = String(repeating: " ", count: "USAGE: ".count)
        var lines: [String] = []
        var current = ""
        for part in parts(line) {
            if current.isEmpty {
                current = part
            } else if current.displayWidth + 1 + part.displayWidth <= columns {
                current += " " + part
            } else {
                lines.append(current)
                current = indent + part
            }
        }
        return (lines + [current]).joined(separator: "\n")
    }

    /// Splits at spaces outside brackets: `[--state <state> ...]` is one part, and so is `--from <time>`.
    private static func parts(_ line: Substring) -> [String] {
        var parts: [String] = []
        var depth = 0
        for word in line.split(separator: " ") {
            let isValue = word.hasPrefix("<") && parts.last?.hasPrefix("-") == true && parts.last?.contains(" ") == false
            if depth > 0 || isValue {
                parts[parts.count - 1] += " \(word)"
            } else {
                parts.append(String(word))
            }
            depth += word.count(where: { $0 == "[" }) - word.count(where: { $0 == "]" })
        }
        return parts
    }
}
