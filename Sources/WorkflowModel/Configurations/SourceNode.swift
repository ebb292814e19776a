/// A piece of a configuration's text, YAML or JSON, with the line that it begins in.
///
/// Scalars keep the text as it was written: whether `8080`, `yes` or `1.10` is a number, a truth or a text is for the member
/// to say that it was written for, not for the format's rules.
struct SourceNode {
    enum Content {
        /// Plain is what may be a number, a truth or nothing; what is in quotes or a block is always text.
        case scalar(String, isPlain: Bool)
        case list([SourceNode])
        case mapping([Entry])
    }

    /// A member of a mapping. Names may be there twice; whoever reads the tree complains about that.
    struct Entry {
        var name: String
        var line: Int
        var value: SourceNode
    }

    var content: Content
    /// Counts from 1.
    var line: Int

    /// Whether nothing was written, or `null`.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What it is, for a message that asks for something else.
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
    /// Complains of names that a mapping has twice, in the whole tree.
    func checkDuplicates(_ complaints: Complaints) {
        switch content {
        case .scalar: return
        case .list(let items):
            for item in items { item.checkDuplicates(complaints) }
        case .mapping(let entries):
            var lines: [String: Int] = [:]
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
        "\(name.quoted) is already there in line \(line); a member may be written once."
    }

    /// The piece as a JSON value. Of plain scalars, what JSON has as a number, `true`, `false` and `null` is that;
    /// everything else is a string.
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
