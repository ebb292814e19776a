public import WorkflowModel

/// A parameter of the query with its type: the server reads it, the client writes it.
public struct QueryParameter<Value: Sendable>: RequestParameter {
    public let name: String
    public let description: String
    public let schema: JSONValue
    public var mostValues: Int { 1 }
    /// - Throws: ``APIError`` (400) that names the parameter and says what is accepted.
    public let read: @Sendable (String) throws(APIError) -> Value
    public let write: @Sendable (Value) -> String

    public init(
        _ name: String, _ description: String, schema: JSONValue,
        read: @escaping @Sendable (String) throws(APIError) -> Value, write: @escaping @Sendable (Value) -> String
    ) {
        self.name = name
        self.description = description
        self.schema = schema
        self.read = read
        self.write = write
    }

    public var place: ParameterPlace { .query }

    public func check(_ value: String) throws(APIError) {
        _ = try read(value)
    }

    /// The name and value for a request; nil, which a request leaves out, for no value.
    public func pair(_ value: Value?) -> (name: String, value: String)? {
        value.map { (name, write($0)) }
    }
}

extension QueryParameter<String> {
    /// - Parameter pattern: what the value matches, for the OpenAPI document only.
    public static func text(_ name: String, _ description: String, pattern: String? = nil) -> QueryParameter {
        var schema: JSONMembers = ["type": .string("string"), "minLength": .integer(1)]
        if let pattern { schema.add("pattern", .string(pattern)) }
        return QueryParameter(name, description, schema: .object(schema), read: { $0 }, write: { $0 })
    }
}

extension QueryParameter<Int> {
    /// Only digits: no sign, no space, no other notation.
    public static func integer(
        _ name: String, _ description: String, in range: ClosedRange<Int>, default standard: Int? = nil
    ) -> QueryParameter {
        var schema: JSONMembers = ["type": .string("integer"), "minimum": .integer(Int64(range.lowerBound))]
        if range.upperBound < .max { schema.add("maximum", .integer(Int64(range.upperBound))) }
        if let standard { schema.add("default", .integer(Int64(standard))) }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return QueryParameter(
            name, description, schema: .object(schema),
            read: { text throws(APIError) in
                guard text.utf8.allSatisfy(digits.contains), let value = Int(text), range.contains(value) else {
                    throw .invalid(
                        "Invalid \(name) \(text.quoted). Accepted: an integer from \(range.lowerBound) to \(range.upperBound).")
                }
                return value
            },
            write: { String($0) })
    }
}

extension QueryParameter<Bool> {
    /// Missing means false.
    public static func boolean(_ name: String, _ description: String) -> QueryParameter {
        QueryParameter(
            name, description, schema: .object(["type": .string("boolean"), "default": .bool(false)]),
            read: { text throws(APIError) in
                switch text {
                case "true": true
                case "false": false
                default: throw .invalid("Invalid \(name) \(text.quoted). Accepted: true, false.")
                }
            },
            write: { $0 ? "true" : "false" })
    }
}

extension QueryParameter<Timestamp> {
    public static func timestamp(_ name: String, _ description: String) -> QueryParameter {
        QueryParameter(
            name, description, schema: .object(["$ref": .string("#/components/schemas/PartialDateTime")]),
            read: { text throws(APIError) in
                guard let instant = Timestamp(iso8601: text) else {
                    throw .invalid("\(name) is \(text.quoted), which is not a date-time. Accepted: \(Timestamp.acceptedForms).")
                }
                return instant
            },
            write: { $0.iso8601 })
    }
}

extension QueryParameter {
    /// Some of a few words, separated by commas.
    /// - Parameter standard: the value of a request without the parameter, for the OpenAPI document only.
    public static func words<Word: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ description: String, default standard: [Word]? = nil
    ) -> QueryParameter<[Word]> where Value == [Word] {
        let words = Word.allCases.map(\.rawValue)
        let word = "(\(words.joined(separator: "|")))"
        let write: @Sendable ([Word]) -> String = { $0.map(\.rawValue).joined(separator: ",") }
        var schema: JSONMembers = [
            "type": .string("string"), "minLength": .integer(1), "pattern": .string("^\(word)(,\(word))*$"),
        ]
        if let standard { schema.add("default", .string(write(standard))) }
        return QueryParameter<[Word]>(
            name, description, schema: .object(schema),
            read: { text throws(APIError) in
                var values: [Word] = []
                for word in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
                    guard let value = Word(rawValue: word) else {
                        let hint = suggestion(for: word, among: words).map { " Did you mean \($0)?" } ?? ""
                        throw .invalid(
                            "\(name) is \(text.quoted), in which \(word.quoted) is unknown.\(hint) Accepted: "
                                + "\(words.joined(separator: ", ")), separated by commas.")
                    }
                    values.append(value)
                }
                return values
            },
            write: write)
    }
}

extension QueryParameter where Value: RawRepresentable<String> & CaseIterable {
    /// One of a few words.
    public static func choice(_ name: String, _ description: String, default standard: Value? = nil) -> QueryParameter {
        let words = Value.allCases.map(\.rawValue)
        var schema: JSONMembers = ["type": .string("string"), "enum": .array(words.map(JSONValue.string))]
        if let standard { schema.add("default", .string(standard.rawValue)) }
        return QueryParameter(
            name, description, schema: .object(schema),
            read: { text throws(APIError) in
                guard let value = Value(rawValue: text) else {
                    let hint = suggestion(for: text, among: words).map { " Did you mean \($0)?" } ?? ""
                    throw .invalid("Unknown \(name) \(text.quoted).\(hint) Accepted: \(words.joined(separator: ", ")).")
                }
                return value
            },
            write: { $0.rawValue })
    }
}
