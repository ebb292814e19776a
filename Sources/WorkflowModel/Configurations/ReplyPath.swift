/// The place of a value in a JSON reply: `run.id`, `items.0.name`, or a JSON Pointer (RFC 6901) such as `/items/0/first~1last`.
public struct ReplyPath: Hashable, Sendable {
    public static let longest = 500
    public static let mostNames = 32
    public static let accepted =
        "names and places of list items with dots between them, such as `run.id` or `items.0`, or a JSON Pointer"

    /// As it was written.
    @Exact public var text: String
    /// Names of members, and places of list items from 0.
    let names: [ExactText]

    /// - Returns: nil for a text that is not a path.
    public init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count) else { return nil }
        let isPointer = text.hasPrefix("/")
        let parts = (isPointer ? text.dropFirst() : text[...])
            .split(separator: isPointer ? "/" : ".", omittingEmptySubsequences: false)
        guard parts.count <= Self.mostNames else { return nil }
        var names: [ExactText] = []
        for part in parts {
            guard isPointer || !part.isEmpty, let name = isPointer ? Self.unescaped(part) : String(part) else { return nil }
            names.append(ExactText(name))
        }
        self.text = text
        self.names = names
    }

    /// `~1` means `/`, `~0` means `~`.
    private static func unescaped(_ part: Substring) -> String? {
        let pieces = part.split(separator: "~", omittingEmptySubsequences: false)
        var name = String(pieces[0])
        for piece in pieces.dropFirst() {
            switch piece.first {
            case "0": name += "~" + piece.dropFirst()
            case "1": name += "/" + piece.dropFirst()
            default: return nil
            }
        }
        return name
    }

    /// - Returns: nil when there is no such value.
    public func value(in reply: JSONValue) -> JSONValue? {
        var value = reply
        for name in names {
            switch value {
            case .object(let members):
                guard let member = members[name.text] else { return nil }
                value = member
            case .array(let items):
                guard let place = Int(name.text), items.indices.contains(place), String(place) == name.text else { return nil }
                value = items[place]
            default: return nil
            }
        }
        return value
    }
}
