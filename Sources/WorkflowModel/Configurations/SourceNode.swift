/// A node of a configuration's text, YAML or JSON, with its first line.
///
/// A scalar keeps its text as written. The member that it is written for decides whether `8080`, `yes` or `1.10` is a number, a
/// boolean or a text; the format does not.
struct SourceNode: Sendable {
    enum Content: Sendable {
        /// A plain scalar can be a number, a boolean or null; a quoted scalar or a block is always text.
        case scalar(String, isPlain: Bool)
        case list([SourceNode])
        case mapping([Entry])
    }

    /// A member of a mapping. Names can repeat; the reader of the tree reports that.
    struct Entry: Sendable {
        var name: String
        var line: Int
        var value: SourceNode
    }

    var content: Content
    /// Counts from 1.
    var line: Int

    /// Whether the value is empty or `null`.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The kind of the value, for messages.
    var kind: String {
        switch content {
        case .scalar where isNull: "nothing"
        case .scalar("", _): "an empty text"
        case .scalar(let text, _): text.quoted
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension SourceNode {
    /// Reports names that occur twice in a mapping, in the whole tree.
    func checkDuplicates(_ complaints: Complaints) {
        switch content {
        case .scalar: return
        case .list(let items):
            for item in items { item.checkDuplicates(complaints) }
        case .mapping(let entries):
            var lines: [ExactText: Int] = [:]
            for entry in entries {
                if let first = lines[entry.name] {
                    complaints.add(entry.line, Self.duplicate(entry.name, first: first))
                } else {
                    lines[entry.name] = entry.line
                }
                entry.value.checkDuplicates(complaints)
            }
        }
    }

    static func duplicate(_ name: String, first line: Int) -> String {
        "\(name.quoted) is already set in line \(line). Remove one of the two."
    }

    /// The node as a JSON value. Plain scalars that are a number, `true`, `false` or `null` in JSON become those; all others are
    /// strings.
    var json: JSONText {
        var text = ""
        writeJSON(into: &text)
        return JSONText(validated: text)
    }

    private func writeJSON(into text: inout String) {
        switch content {
        case .scalar(let scalar, let isPlain):
            if isNull {
                text += "null"
            } else if isPlain, ["true", "false"].contains(scalar) || JSONTree.isNumber(scalar) {
                text += scalar
            } else {
                text += JSONValue.string(scalar).text
            }
        case .list(let items):
            text += "["
            for (place, item) in items.enumerated() {
                if place > 0 { text += "," }
                item.writeJSON(into: &text)
            }
            text += "]"
        case .mapping(let entries):
            text += "{"
            for (place, entry) in entries.enumerated() {
                if place > 0 { text += "," }
                text += JSONValue.string(entry.name).text + ":"
                entry.value.writeJSON(into: &text)
            }
            text += "}"
        }
    }
}
