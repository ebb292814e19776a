import Foundation

/// A JSON value as a tree, where one is needed: reading what tasks and clients sent. Answers are written without it.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values)
        case .object(let members): try container.encode(members)
        }
    }
}

extension JSONValue {
    /// How deep lists and objects may lie in each other: what carries such a value may nest it a few levels deeper and still be
    /// read by everybody.
    public static let depthLimit = 56

    /// Reads strictly (RFC 8259): what is taken for JSON here is handed on as it is, and others have to be able to read it.
    ///
    /// - Parameter bytes: one JSON value in UTF-8.
    /// - Returns: nil when they are not valid JSON, are nested deeper than ``depthLimit``, or have a number beyond all bounds.
    public init?(json bytes: some Sequence<UInt8>) {
        guard let tree = JSONTree.read(Array(bytes), depthLimit: Self.depthLimit) else { return nil }
        self.init(tree)
    }

    private init?(_ node: SourceNode) {
        switch node.content {
        case .scalar(let text, isPlain: false): self = .string(text)
        case .scalar("null", isPlain: true): self = .null
        case .scalar("true", isPlain: true): self = .bool(true)
        case .scalar("false", isPlain: true): self = .bool(false)
        case .scalar(let text, isPlain: true):
            if let integer = Int64(text) {
                self = .integer(integer)
            } else if let number = Double(text), number.isFinite {
                self = .number(number)
            } else {
                return nil
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
            // Of a name that is there twice the last counts, as almost everybody reads it.
            var members: [String: JSONValue] = [:]
            for entry in entries {
                guard let value = JSONValue(entry.value) else { return nil }
                members[entry.name] = value
            }
            self = .object(members)
        }
    }

    /// The value as JSON, members in the order of their names.
    public var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A tree of this type always encodes, but for numbers that JSON has no form for.
        guard let data = try? encoder.encode(self) else { return "null" }
        return String(decoding: data, as: UTF8.self)
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
