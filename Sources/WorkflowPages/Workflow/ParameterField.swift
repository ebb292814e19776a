public import WorkflowModel

/// A parameter in the form that starts a run.
struct ParameterField: Sendable {
    struct Input: Sendable {
        var type: String
        var field: String
        var value: String
    }

    struct Choice: Sendable {
        var field: String
        var options: [Option]
    }

    var name: String
    var about: String?
    /// Accepted values, and whether the field may stay empty.
    var hint: String
    /// One line; nil for choices and JSON.
    var input: Input?
    /// The values of an `enum` or a flag.
    var choice: Choice?
    /// JSON, which may have several lines. Its type is not used.
    var area: Input?

    /// Says that the value is that of the last run, and which one the default is; nil for the default itself.
    var remembered: String?

    /// - Parameter isRemembered: whether the value is that of the last run.
    init(_ definition: ParameterDefinition, value: String, isRemembered: Bool = false) {
        name = definition.name
        about = definition.about?.visible().replacing("`", with: "")
        let plain = definition.standard?.value?.plainText
        if isRemembered, !value.isEmpty, !(plain?.isIdentical(to: value) ?? false) {
            remembered = "As in the last run" + (Self.standard(definition).map { "; the default is \($0)" } ?? "") + "."
        }
        hint = Self.hint(definition)
        let field = StartFields.parameterPrefix + definition.name
        let choices = definition.kind == .boolean ? ["true", "false"] : definition.choices?.map(\.text)
        if let choices {
            let none = Self.standard(definition).map { "default (\($0))" } ?? (definition.isRequired ? "choose" : "not set")
            // A default that is one of the choices stands there once.
            let known = plain.flatMap { choices.containsExactly($0) ? $0 : nil }
            let first = known == nil ? [Option(value: "", label: none, isChosen: value.isEmpty)] : []
            choice = Choice(
                field: field,
                options: first
                    + choices.map { choice in
                        let isStandard = known?.isIdentical(to: choice) ?? false
                        return Option(
                            value: choice, label: choice.visible() + (isStandard ? " (default)" : ""),
                            isChosen: value.isEmpty ? isStandard : choice.isIdentical(to: value))
                    })
            return
        }
        switch definition.kind {
        case .json: area = Input(type: "", field: field, value: value)
        case .date: input = Input(type: "date", field: field, value: value)
        case .datetime:
            input = Input(type: "datetime-local", field: field, value: Timestamp(iso8601: value)?.field ?? value)
        case .string, .integer, .number, .boolean: input = Input(type: "text", field: field, value: value)
        }
    }

    private static func hint(_ definition: ParameterDefinition) -> String {
        let accepted = definition.accepted.visible(upTo: 300)
        if definition.kind == .boolean || definition.choices != nil { return accepted }
        if let standard = standard(definition) { return "\(accepted); empty for \(standard)" }
        return definition.isRequired ? accepted : "\(accepted); may be left out"
    }

    /// The default, as the configuration writes it.
    private static func standard(_ definition: ParameterDefinition) -> String? {
        guard let standard = definition.standard else { return nil }
        if let value = standard.value { return value.plainText.visible(upTo: 80) }
        return standard.references.map { "${\($0.description)}" }.joined(separator: ", ")
    }
}

extension WorkflowConfiguration {
    /// The values that the form begins with: those of the last run. A default that is made anew for each run is left to be made.
    public func parametersToStartWith(after last: RunParameters) -> [ExactText: String] {
        var values: [ExactText: String] = [:]
        for definition in parameters where definition.standard.map({ $0.value != nil }) ?? true {
            guard let value = last[definition.name].flatMap(definition.value) else { continue }
            let text = definition.kind == .json ? value.text : value.plainText
            values[ExactText(definition.name)] = text
        }
        return values
    }
}
