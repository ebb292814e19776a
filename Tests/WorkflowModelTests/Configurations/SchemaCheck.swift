import Foundation
import Testing

@testable import WorkflowModel

/// The part of JSON Schema that the schema of configurations uses, so that tests need no process to hold the schema and the reader
/// together. `make lint` checks the committed schema with another implementation.
struct SchemaCheck {
    static let ofConfigurations = SchemaCheck(root: ConfigurationSchema.value)

    let root: JSONValue

    /// Whether a text is valid; nil when it is no tree that JSON has.
    func accepts(_ text: String, as format: ConfigurationSource.Format) -> Bool? {
        let complaints = Complaints()
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        let tree = format == .yaml ? YAMLTree.read(text, complaints) : JSONTree.read(text, complaints)
        guard complaints.isEmpty, let tree, let value = JSONValue(json: tree.json.text.utf8) else { return nil }
        return isValid(value, root)
    }

    private func isValid(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        guard case .object(let keywords) = schema else { return schema == .bool(true) }
        return keywords.allSatisfy { holds($0.name, $0.value, of: value, in: schema) }
    }

    private func holds(_ keyword: String, _ rule: JSONValue, of value: JSONValue, in schema: JSONValue) -> Bool {
        switch keyword {
        case "$schema", "$defs", "title", "description", "default", "examples", "then": true
        case "$ref": isValid(value, definition(rule))
        case "type": types(rule).contains { value.isOf(type: $0) }
        case "enum": items(rule).contains(value)
        case "anyOf": items(rule).contains { isValid(value, $0) }
        case "allOf": items(rule).allSatisfy { isValid(value, $0) }
        case "oneOf": items(rule).count { isValid(value, $0) } == 1
        case "not": !isValid(value, rule)
        case "if": !isValid(value, rule) || isValid(value, schema["then"] ?? .bool(true))
        default: holds(keyword, rule, ofKind: value, in: schema)
        }
    }

    /// Keywords that only concern values of one type.
    private func holds(_ keyword: String, _ rule: JSONValue, ofKind value: JSONValue, in schema: JSONValue) -> Bool {
        switch (keyword, value) {
        case ("pattern", .string(let text)): matches(text, rule.string ?? "")
        case ("maxLength", .string(let text)): Double(text.unicodeScalars.count) <= rule.double
        case ("minimum", .integer), ("minimum", .number): value.double >= rule.double
        case ("maximum", .integer), ("maximum", .number): value.double <= rule.double
        case ("items", .array(let values)): values.allSatisfy { isValid($0, rule) }
        case ("minItems", .array(let values)): Double(values.count) >= rule.double
        case ("maxItems", .array(let values)): Double(values.count) <= rule.double
        case ("uniqueItems", .array(let values)): Set(values).count == values.count
        case ("required", .object(let members)): items(rule).allSatisfy { members[$0.string ?? ""] != nil }
        case ("properties", .object(let members)):
            members.allSatisfy { member in rule[member.name].map { isValid(member.value, $0) } ?? true }
        case ("additionalProperties", .object(let members)):
            members.allSatisfy { schema["properties"]?[$0.name] != nil || isValid($0.value, rule) }
        case ("propertyNames", .object(let members)): members.keys.allSatisfy { isValid(.string($0), rule) }
        case ("maxProperties", .object(let members)): Double(members.count) <= rule.double
        case ("pattern", _), ("maxLength", _), ("minimum", _), ("maximum", _), ("items", _), ("minItems", _), ("maxItems", _),
            ("uniqueItems", _), ("required", _), ("properties", _), ("additionalProperties", _), ("propertyNames", _),
            ("maxProperties", _):
            true
        // One that is unknown here must not pass unseen.
        default: false
        }
    }

    private func definition(_ reference: JSONValue) -> JSONValue {
        let name = (reference.string ?? "").split(separator: "/").last.map(String.init) ?? ""
        return root["$defs"]?[name] ?? .bool(false)
    }

    private func types(_ rule: JSONValue) -> [String] {
        rule.string.map { [$0] } ?? items(rule).compactMap(\.string)
    }

    private func items(_ rule: JSONValue) -> [JSONValue] {
        guard case .array(let values) = rule else { return [] }
        return values
    }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return false }
        return expression.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }
}

extension JSONValue {
    fileprivate func isOf(type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .integer: ["integer", "number"].contains(type)
        case .number(let text): type == "number" || type == "integer" && Double(text).map { $0 == $0.rounded() } == true
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    fileprivate var double: Double { Double(text) ?? .nan }
}
