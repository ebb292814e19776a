import WorkflowAPI
import WorkflowModel

/// The forms of bodies and answers.
extension APIReference {
    var schemas: [(name: String, value: JSONValue)] {
        document["components"]?["schemas"].members.sorted { $0.name < $1.name } ?? []
    }

    var forms: String {
        Markdown.wrapped("The JSON of bodies and answers. A member without `required` may be missing. Times are in UTC.")
    }

    func schema(_ name: String, _ schema: JSONValue) -> String {
        var parts = ["### \(name)"]
        if let description = schema["description"]?.string { parts.append(Markdown.wrapped(Markdown.prose(description))) }
        let rows = self.rows(of: schema)
        if !rows.isEmpty {
            parts.append(Markdown.table(["Member", "Type", "", "Meaning"], rows))
        } else {
            parts.append(Markdown.wrapped("Type: \(type(schema)). \(limits(of: schema) ?? "")"))
        }
        let examples = schema["examples"].items
        if !examples.isEmpty { parts.append("Examples: " + examples.map { "`\(plain($0))`" }.joined(separator: ", ") + ".") }
        return parts.joined(separator: "\n\n")
    }

    /// A row for each property. Those of an inner object follow it: `record.ended`, or `data[].attempt` in a list.
    private func rows(of schema: JSONValue, below path: String = "") -> [[String]] {
        let required = schema["required"].items.compactMap(\.string)
        return properties(of: schema).flatMap { name, value -> [[String]] in
            let isList = value["type"]?.string == "array"
            let inner = (isList ? value["items"] : value) ?? .null
            let row = [
                "`\(path)\(name)`", type(value), required.contains(name) ? "required" : "",
                sentence(description(of: value), and: limits(of: value)),
            ]
            return [row] + (inner["$ref"] == nil ? rows(of: inner, below: path + name + (isList ? "[]." : ".")) : [])
        }
    }

    private func properties(of schema: JSONValue) -> [(name: String, value: JSONValue)] {
        schema["properties"].members + schema["allOf"].items.flatMap { properties(of: resolved($0)) }
    }

    /// Its own, or that of the form that it refers to.
    private func description(of schema: JSONValue) -> String? {
        if let description = schema["description"]?.string { return description }
        return schema["$ref"] == nil ? nil : resolved(schema)["properties"] == nil ? resolved(schema)["description"]?.string : nil
    }

    func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string else { return value }
        return reference.dropFirst(2).split(separator: "/").reduce(document) { $0[String($1)] ?? .null }
    }

    func type(_ schema: JSONValue) -> String {
        if let reference = schema["$ref"]?.string, let name = reference.split(separator: "/").last.map(String.init) {
            return "[\(name)](#\(Markdown.anchor(name)))"
        }
        if case .array(let values)? = schema["enum"] { return values.map { "`\(plain($0))`" }.joined(separator: ", ") }
        if let value = schema["const"] { return "`\(plain(value))`" }
        for keyword in ["oneOf", "anyOf"] {
            if case .array(let kinds)? = schema[keyword] { return kinds.map(type).joined(separator: " or ") }
        }
        switch schema["type"] {
        case .string("array")?:
            let item = type(schema["items"] ?? .null)
            return "list of \(["string", "integer", "object"].contains(item) ? item + "s" : item)"
        case .string("object")?:
            if let values = schema["additionalProperties"], case .object = values { return "mapping to \(type(values))" }
            return "object"
        case .string(let type)?: return type
        case .array(let types)?: return types.compactMap(\.string).joined(separator: " or ")
        default: return "any value"
        }
    }

    /// Limits as sentences of few words.
    func limits(of schema: JSONValue) -> String? {
        var parts: [String] = []
        switch (schema["minimum"], schema["maximum"]) {
        case (let least?, let most?): parts.append("\(grouped(least)) to \(grouped(most)).")
        case (let least?, nil): parts.append("At least \(grouped(least)).")
        case (nil, let most?): parts.append("At most \(grouped(most)).")
        case (nil, nil): break
        }
        if let longest = schema["maxLength"] { parts.append("At most \(grouped(longest)) characters.") }
        if let most = schema["maxItems"] { parts.append("At most \(grouped(most)) values.") }
        if let pattern = schema["pattern"]?.string { parts.append("Pattern: `\(pattern)`.") }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    func sentence(_ description: String?, and limits: String?) -> String {
        [description.map(Markdown.prose), limits].compactMap(\.self).joined(separator: " ")
    }

    func plain(_ value: JSONValue) -> String {
        value.string ?? value.text
    }

    private func grouped(_ value: JSONValue) -> String {
        if case .integer(let number) = value { Markdown.grouped(Int(number)) } else { value.text }
    }

    var limits: String {
        let rows: [(String, Int, String)] = [
            ("Path and query", Limits.requestTarget, "bytes"), ("All headers of a request", Limits.headers, "bytes"),
            ("Headers of a request", Limits.headerCount, ""), ("Parameters of a request", Limits.parameterCount, ""),
            ("Value of a parameter", Limits.parameterValue, "bytes"),
            ("Values of a parameter that may be repeated", Limits.repeatedParameter, ""),
            ("Body of a start", Limits.startBody, "bytes"), ("Body of a rerun", Limits.rerunBody, "bytes"),
            ("Body of a stop", Limits.stopBody, "bytes"), ("Text of a configuration", Limits.configurationBody, "bytes"),
            ("Body of an alert receiver", Limits.receiverBody, "bytes"), ("Body of a token request", Limits.tokenBody, "bytes"),
            ("Body that issues a token", Limits.issueBody, "bytes"), ("Form of a page", Limits.formBody, "bytes"),
            ("Body that saves a view", Limits.viewBody, "bytes"), ("Search of a view", Limits.viewSearch, "bytes"),
            ("Body that sets a secret", Limits.secretBody, "bytes"),
            ("Access token", Limits.bearerToken, "bytes"), ("`Idempotency-Key`", Limits.idempotencyKey, "bytes"),
            ("`Request-Id`", Limits.requestID, "bytes"), ("Records in a page", RunQuery.limits.upperBound, ""),
            ("Runs that an export reads at a time", Limits.exportPage, ""),
            ("Exports of a tenant at the same time, per process", Limits.concurrentExports, ""),
            ("Output of a task in one answer", Limits.outputSlice, "bytes"),
            ("Output of a run in one answer", Limits.runOutput, "bytes"),
            ("Name, label or type in imported history", Limits.importedText, "bytes"),
            ("Body that resolves a task", Limits.resolveBody, "bytes"),
            ("Body of a bulk operation", Limits.bulkBody, "bytes"), ("Body of a change of labels", Limits.labelBody, "bytes"),
            ("Body of a call of a webhook", TriggerLimits.bodyBytes, "bytes"), ("Body of a note", Limits.noteBody, "bytes"),
            ("Body of a pause, and of a resume", Limits.pauseBody, "bytes"),
            ("Message of an error in imported history", Limits.importedMessage, "bytes"),
            ("Attempts of a run in imported history", Limits.importedAttempts.upperBound, ""),
            ("Warnings of a run in imported history", Limits.importedWarnings.upperBound, ""),
        ]
        return Markdown.table(
            ["Input or answer", "At most"], rows.map { [$0.0, Markdown.grouped($0.1) + ($0.2.isEmpty ? "" : " \($0.2)")] })
            + "\n\n[Limits](limits.md) has those of answers, tasks and connections as well."
    }
}
