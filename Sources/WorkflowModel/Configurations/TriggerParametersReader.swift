/// Reads the `parameters` of a trigger, and checks that its runs have all that they need, because an event cannot be asked for them.
struct TriggerParametersReader {
    /// Those of the configuration.
    let definitions: [ParameterDefinition]
    let members: MemberReader

    /// - Parameter event: nil when it could not be read, and so any value of a trigger may be named.
    func settings(of event: WorkflowTrigger.Event?) -> [ParameterSetting] {
        let entries = members.parameterEntries(TriggerMembers.parameters)
        var settings: [ParameterSetting] = []
        for entry in entries {
            guard let definition = definitions.first(where: { $0.name.isIdentical(to: entry.name) }) else {
                let names = definitions.map(\.name)
                let accepted = names.isEmpty ? "the configuration has none" : "accepted are \(names.listed(before: "and"))"
                members.complain(entry.line, "`parameters` has \(entry.name.quoted), which is no parameter; \(accepted)")
                continue
            }
            let reader = ParameterValueReader(definition: definition, members: members)
            if let value = reader.template(entry.value, entry.name, problem: { problem(with: $0, of: event) }) {
                settings.append(ParameterSetting(name: definition.name, value: value))
            }
        }
        for definition in definitions
        where definition.isRequired && !entries.contains(where: { $0.name.isIdentical(to: definition.name) }) {
            members.complain(
                members.line(of: TriggerMembers.parameters),
                "the parameter \(definition.name.quoted) needs a value, because it has no default; set it in `parameters` of the trigger"
            )
        }
        return settings
    }

    private func problem(with reference: Reference, of event: WorkflowTrigger.Event?) -> String? {
        let names: [String]
        // Names of values that have members.
        let deep: String
        switch event {
        case nil: return nil
        case .after?:
            names = TriggerValues.RunName.allCases.map(\.rawValue)
            deep = TriggerValues.RunName.parameters.rawValue
        case .webhook?:
            names = TriggerValues.WebhookName.allCases.map(\.rawValue)
            deep = TriggerValues.WebhookName.body.rawValue
        }
        guard reference.root == .trigger, names.contains(where: { $0.isIdentical(to: reference.name) }) else {
            let hint =
                reference.root == .trigger
                ? suggestion(for: reference.name, among: names).map { "; did you mean `trigger.\($0)`?" } ?? "." : "."
            return
                "but it can only name values of its trigger\(hint) Accepted: \(names.map { "trigger.\($0)" }.listed(before: "and"))"
        }
        guard reference.steps.count == 1 || reference.name.isIdentical(to: deep) else {
            return "but `trigger.\(reference.name)` is a text and has no members"
        }
        return nil
    }
}
