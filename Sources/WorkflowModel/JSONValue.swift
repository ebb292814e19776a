/// A JSON value as a tree, for reading what tasks and clients send. Responses are written without it.
///
/// A value is written as it was read: members in their order and by the bytes of their names, numbers digit by digit.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// A number in the form in which ``Swift/Int64`` is written.
    case integer(Int64)
    /// Any other number, as its text: no type represents 12345678901234567890, 10.10 and 1e400 exactly.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONMembers)
}

extension JSONValue: Hashable {
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left.isIdentical(to: right)
        case (.string(let left), .string(let right)): left.isIdentical(to: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let text), .string(let text): text.hashBytes(into: &hasher)
        case .array(let values): hasher.combine(values)
        case .object(let members): hasher.combine(members)
        }
    }
}

extension JSONValue {
    /// The deepest nesting of lists and objects. A document that contains such a value can nest it a few levels deeper and still be
    /// read by common parsers.
    public static let depthLimit = 56

    /// Parses strictly (RFC 8259), because the value is passed on unchanged and other parsers have to accept it.
    ///
    /// - Parameter bytes: one JSON value in UTF-8.
    /// - Returns: nil when they are not valid JSON, are nested deeper than ``depthLimit``, or have a duplicate member. Parsers
    ///   disagree about which of two members counts, so duplicates are rejected everywhere: in configurations, outputs and
    ///   requests.
    public init?(json bytes: some Sequence<UInt8>) {
        self.init(json: bytes, depthLimit: Self.depthLimit)
    }

    /// - Parameter depthLimit: of a text that the service has written itself, in which other values are nested.
    init?(json bytes: some Sequence<UInt8>, depthLimit: Int) {
        guard let tree = JSONTree.read(Array(bytes), depthLimit: depthLimit) else { return nil }
        self.init(tree)
    }

    private init?(_ node: SourceNode) {
        switch node.content {
        case .scalar(let text, isPlain: false): self = .string(text)
        case .scalar("null", isPlain: true): self = .null
        case .scalar("true", isPlain: true): self = .bool(true)
        case .scalar("false", isPlain: true): self = .bool(false)
        case .scalar(let text, isPlain: true):
            // No integer type writes `-0`.
            if let integer = Int64(text), String(integer).isIdentical(to: text) {
                self = .integer(integer)
            } else {
                self = .number(text)
            }
        case .list(let items):
            var values: [JSONValue] = []
            values.reserveCapacity(items.count)
            for item in items {
                guard let value = JSONValue(item) else { return nil }
                values.append(value)
            }
            self = .array(values)
        case .mapping(let entries):
            var members = JSONMembers()
            for entry in entries {
                guard let value = JSONValue(entry.value), members.add(entry.name, value) else { return nil }
            }
            self = .object(members)
        }
    }

    /// JSON without spaces, with the members in their order.
    public var text: String {
        var bytes: [UInt8] = []
        write(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(into bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .number(let text): bytes.append(contentsOf: text.utf8)
        case .string(let text): bytes.append(quoting: text)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (place, value) in values.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                value.write(into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (place, member) in members.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(quoting: member.name)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(into: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    public subscript(member: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[member]
    }

    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }
}

extension [UInt8] {
    /// Appends the text as a JSON string. Escapes only what RFC 8259, section 7, requires.
    fileprivate mutating func append(quoting text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(contentsOf: [UInt8(ascii: "\\"), byte])
            case UInt8(ascii: "\n"): append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\t"): append(contentsOf: "\\t".utf8)
            case 0..<0x20: append(contentsOf: ((byte < 0x10 ? "\\u000" : "\\u00") + String(byte, radix: 16)).utf8)
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }
}
