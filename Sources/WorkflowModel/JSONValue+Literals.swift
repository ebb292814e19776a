// Literals, for values that the code itself spells.

extension JSONValue: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}

extension JSONValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral values: JSONValue...) {
        self = .array(values)
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// Of a name that appears twice, the first one counts.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        var object = JSONMembers()
        for member in members { object.add(member.0, member.1) }
        self = .object(object)
    }
}
