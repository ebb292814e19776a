/// A JSON value with `${…}` in its texts. A text that is one expression becomes the value of it, whatever its type.
public indirect enum JSONTemplate: Hashable, Sendable {
    case literal(JSONValue)
    case text(TextTemplate)
    case array([JSONTemplate])
    /// In the order in which they are written.
    case object([Member])

    public struct Member: Hashable, Sendable {
        @Exact public var name: String
        public var value: JSONTemplate
    }

    /// - Throws: ``SubstitutionProblem`` of the first text that cannot be read.
    public init(_ value: JSONValue) throws(SubstitutionProblem) {
        switch value {
        case .null, .bool, .integer, .number: self = .literal(value)
        case .string(let text):
            guard TextTemplate.hasSyntax(text) else {
                self = .literal(value)
                return
            }
            let template = try TextTemplate(text)
            self = template.literal.map { .literal(.string($0)) } ?? .text(template)
        case .array(let values):
            var templates: [JSONTemplate] = []
            for value in values { templates.append(try JSONTemplate(value)) }
            let literals = templates.compactMap(\.value)
            self = literals.count == templates.count ? .literal(.array(literals)) : .array(templates)
        case .object(let members):
            var templates: [Member] = []
            var literals = JSONMembers()
            for (name, value) in members {
                let template = try JSONTemplate(value)
                templates.append(Member(name: name, value: template))
                if let literal = template.value { literals.add(name, literal) }
            }
            self = literals.count == templates.count ? .literal(.object(literals)) : .object(templates)
        }
    }

    /// The value, when it has no expression.
    public var value: JSONValue? {
        if case .literal(let value) = self { return value }
        return nil
    }

    /// As a configuration writes it.
    public var written: JSONValue {
        switch self {
        case .literal(let value): Self.escaped(value)
        case .text(let text): .string(text.written)
        case .array(let items): .array(items.map(\.written))
        case .object(let members): .object(Self.members(members.map { ($0.name, $0.value.written) }))
        }
    }

    private static func members(_ members: [(String, JSONValue)]) -> JSONMembers {
        var result = JSONMembers()
        for (name, value) in members { result.add(name, value) }
        return result
    }

    private static func escaped(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: value
        case .string(let text): .string(text.replacingBytes("${", with: "$${"))
        case .array(let items): .array(items.map(escaped))
        case .object(let members): .object(self.members(members.map { ($0.name, escaped($0.value)) }))
        }
    }

    public var references: [Reference] {
        switch self {
        case .literal: []
        case .text(let text): text.references
        case .array(let values): values.flatMap(\.references)
        case .object(let members): members.flatMap(\.value.references)
        }
    }

    /// - Throws: ``MissingValue``
    public func value(from values: some SubstitutionValues) throws(MissingValue) -> JSONValue {
        switch self {
        case .literal(let value): return value
        case .text(let text):
            if let only = text.only { return try values.value(of: only) }
            return .string(try text.text(from: values))
        case .array(let items):
            var result: [JSONValue] = []
            for item in items { result.append(try item.value(from: values)) }
            return .array(result)
        case .object(let members):
            var result = JSONMembers()
            for member in members { result.add(member.name, try member.value.value(from: values)) }
            return .object(result)
        }
    }
}
