extension JSONValue {
    /// The value as JSON for people: two spaces for each level, and on one line what fits into it.
    package var indentedText: String {
        indented(by: 0)
    }

    /// Bytes of a line that a list or an object is written on.
    private static let lineBytes = 100

    private func indented(by indentation: Int) -> String {
        let line = oneLine
        guard indentation + line.utf8.count > Self.lineBytes else { return line }
        let outer = String(repeating: " ", count: indentation)
        let inner = outer + "  "
        switch self {
        case .array(let values):
            let items = values.map { inner + $0.indented(by: indentation + 2) }
            return "[\n" + items.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members):
            let items = members.map { inner + JSONValue.string($0.name).text + ": " + $0.value.indented(by: indentation + 2) }
            return "{\n" + items.joined(separator: ",\n") + "\n\(outer)}"
        case .null, .bool, .integer, .number, .string: return line
        }
    }

    private var oneLine: String {
        switch self {
        case .array(let values): "[" + values.map(\.oneLine).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { JSONValue.string($0.name).text + ": " + $0.value.oneLine }.joined(separator: ", ") + "}"
        case .null, .bool, .integer, .number, .string: text
        }
    }
}
