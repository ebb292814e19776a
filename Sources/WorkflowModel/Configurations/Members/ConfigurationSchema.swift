/// The JSON Schema (draft 2020-12) of configurations, for editors and other tools.
///
/// It is made from the table of members. Every configuration that the reader accepts is valid. Only the reader checks conditions
/// between distant parts of the text, such as whether the tasks that `needs` names exist.
public enum ConfigurationSchema {
    /// The schema as JSON that is indented for people, with a line break at its end.
    public static let text = value.indentedText + "\n"

    static let value: JSONValue = {
        var definitions = Definitions()
        var schema: JSONMembers = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Weir workflow configuration",
        ]
        schema.add(contentsOf: definitions.schema(of: .workflow))
        schema.add("$defs", .object(definitions.sorted))
        return .object(schema)
    }()
}

/// Collects the mappings that others refer to, each once.
private struct Definitions {
    private var keys: Set<ExactText> = []
    private var found: [(key: String, schema: JSONMembers)] = []

    var sorted: JSONMembers {
        var members = JSONMembers()
        for mapping in found.sorted(by: { $0.key.precedesByBytes($1.key) }) { members.add(mapping.key, .object(mapping.schema)) }
        return members
    }

    mutating func schema(of mapping: ConfigurationMapping) -> JSONMembers {
        var properties = JSONMembers()
        for member in mapping.members { properties.add(member.name, .object(schema(of: member))) }
        var schema: JSONMembers = [
            "description": .string(mapping.about), "type": "object", "additionalProperties": .bool(false),
            "required": .array(mapping.members.filter(\.isRequired).map { .string($0.name) }),
            "properties": .object(properties),
        ]
        let rules = mapping.rules.map(\.schema)
        if !rules.isEmpty { schema.add("allOf", .array(rules)) }
        return schema
    }

    private mutating func schema(of member: ConfigurationMember) -> JSONMembers {
        var schema: JSONMembers = ["description": .string(member.about)]
        schema.add(contentsOf: self.schema(of: member.shape))
        if case .value(let value)? = member.standard { schema.add("default", value) }
        if let example = ConfigurationExample.value(of: member.example) { schema.add("examples", [example]) }
        return schema
    }

    private mutating func schema(of shape: MemberShape) -> JSONMembers {
        switch shape {
        case .text(let text): return text.schema
        case .whole(let range):
            return ["type": "integer", "minimum": .integer(Int64(range.lowerBound)), "maximum": .integer(Int64(range.upperBound))]
        case .decimal(let range):
            return [
                "type": "number", "minimum": .number("\(range.lowerBound)"), "maximum": .number("\(range.upperBound)"),
            ]
        case .flag: return ["type": "boolean"]
        case .choice(let values): return ["enum": .array(values.map(JSONValue.string))]
        case .choices(let values):
            return [
                "type": "array", "items": ["enum": .array(values.map(JSONValue.string))], "minItems": 1, "uniqueItems": .bool(true),
            ]
        case .list(let item, let count):
            return [
                "type": "array", "items": .object(schema(of: item)), "minItems": .integer(Int64(count.lowerBound)),
                "maxItems": .integer(Int64(count.upperBound)),
            ]
        case .oneOrMore(let item):
            let item = JSONValue.object(schema(of: item))
            return ["anyOf": [item, ["type": "array", "items": item, "minItems": 1]]]
        case .map(let names, let values, let count):
            var schema: JSONMembers = ["type": "object"]
            schema.add("propertyNames", .object(names.schema))
            schema.add("additionalProperties", .object(self.schema(of: values)))
            if let count { schema.add("maxProperties", .integer(Int64(count))) }
            return schema
        case .mapping(let mapping): return ["$ref": .string("#/$defs/\(define(mapping))")]
        case .items:
            let list: JSONValue = ["type": "array", "maxItems": .integer(Int64(FanOutLimits.items))]
            return ["anyOf": [list, ["type": "string", "pattern": #"^\$\{.+\}$"#]]]
        case .anything: return [:]
        }
    }

    /// Defines the mapping, unless that has happened.
    /// - Returns: the name of the definition.
    private mutating func define(_ mapping: ConfigurationMapping) -> String {
        if keys.insert(ExactText(mapping.key)).inserted {
            let schema = schema(of: mapping)
            found.append((mapping.key, schema))
        }
        return mapping.key
    }
}

extension TextShape {
    fileprivate var schema: JSONMembers {
        var schema: JSONMembers = ["type": takesScalars ? ["string", "number", "boolean"] : "string"]
        if let pattern { schema.add("pattern", .string(pattern)) }
        if let longest { schema.add("maxLength", .integer(Int64(longest))) }
        return schema
    }
}

extension NameShape {
    fileprivate var schema: JSONMembers {
        var schema: JSONMembers = ["pattern": .string(pattern)]
        if let refused { schema.add("not", ["pattern": .string(refused)]) }
        return schema
    }
}

extension MappingRule {
    fileprivate var schema: JSONValue {
        switch self {
        case .exactlyOne(let names): return ["oneOf": .array(names.map(Self.requiring))]
        case .atMostOne(let names):
            let required = JSONValue.array(names.map(JSONValue.string))
            return ["not": ["required": required]]
        case .needs(let name, let other): return ["if": Self.requiring(name), "then": Self.requiring(other)]
        case .needsValue(let name, let other, let values):
            let property: JSONValue = ["enum": .array(values.map(JSONValue.string))]
            let properties: JSONValue = .object(JSONMembers([other: property]))
            return ["if": Self.requiring(name), "then": ["required": [.string(other)], "properties": properties]]
        }
    }

    private static func requiring(_ name: String) -> JSONValue {
        ["required": [.string(name)]]
    }
}

/// The examples of members.
enum ConfigurationExample {
    /// The value that YAML text on one line has; nil when it is not YAML.
    static func value(of text: String) -> JSONValue? {
        guard let node = YAMLTree.read(text, Complaints()) else { return nil }
        return JSONValue(json: node.json.text.utf8)
    }
}
