/// Reads the `parameters` of a configuration.
struct ParametersReader {
    let complaints: Complaints

    func parameters(_ members: MemberReader) -> [ParameterDefinition] {
        guard let node = members.node(WorkflowMembers.parameters) else { return [] }
        guard case .mapping(let entries) = node.content else {
            members.complain(
                node,
                "`parameters` must be a mapping such as `\(WorkflowMembers.parameters.description.example)`, not \(node.kind)")
            return []
        }
        guard entries.count <= ParameterLimits.count else {
            members.complain(node, "there may be \(ParameterLimits.count) parameters at most, not \(entries.count)")
            return []
        }
        return entries.compactMap { entry in
            guard RunParameters.isName(entry.name) else {
                members.complain(
                    entry.line, "`parameters` has the name \(entry.name.quoted); accepted are \(RunParameters.acceptedNames)")
                return nil
            }
            return parameter(entry)
        }
    }

    private func parameter(_ entry: SourceNode.Entry) -> ParameterDefinition? {
        let place = "parameter \(entry.name.quoted)"
        guard let members = MemberReader(entry.value, ParameterMembers.mapping, place: place, complaints) else { return nil }
        let about = members[ParameterMembers.about]
        let required = members[ParameterMembers.required]
        guard let kind = members[ParameterMembers.type] else { return nil }
        checkMembers(of: kind, members)
        let pattern = members[ParameterMembers.pattern].flatMap { try? TextPattern($0) }
        var definition = ParameterDefinition(
            name: entry.name, kind: kind, about: about, minimum: bound(ParameterMembers.minimum, kind, members),
            maximum: bound(ParameterMembers.maximum, kind, members), length: length(members), pattern: pattern,
            choices: choices(members))
        if let least = definition.minimum, let most = definition.maximum, kind.precedes(most, least) {
            members.complain(members.line(of: ParameterMembers.maximum), "`maximum` must not be less than `minimum`")
        }
        definition.standard = standard(of: definition, members)
        definition.isRequired = required ?? (definition.standard == nil)
        if required == true, members.has(ParameterMembers.standard) {
            members.complain(
                members.line(of: ParameterMembers.required),
                "`required: true` and `default` exclude each other, because a parameter with a default is never missing; leave one out"
            )
        }
        return definition
    }

    /// Limits that the type does not have.
    private func checkMembers(of kind: ParameterDefinition.Kind, _ members: MemberReader) {
        let ofStrings: [any DescribedMember] = [
            ParameterMembers.pattern, ParameterMembers.choices, ParameterMembers.minLength, ParameterMembers.maxLength,
        ]
        for member in ofStrings where kind != .string && members.has(member) {
            members.complain(members.line(of: member), "\(member.name.quoted) needs `type: string`")
        }
        let ordered = ParameterDefinition.Kind.allCases.filter(\.isOrdered).map(\.rawValue)
        for member in [ParameterMembers.minimum, ParameterMembers.maximum] where !kind.isOrdered && members.has(member) {
            members.complain(
                members.line(of: member), "\(member.name.quoted) needs a `type` that is \(ordered.listed(before: "or"))")
        }
    }

    private func bound(
        _ member: Member<SourceNode>, _ kind: ParameterDefinition.Kind, _ members: MemberReader
    ) -> JSONValue? {
        guard kind.isOrdered, let node = members.node(member) else { return nil }
        guard let value = node.value(as: kind).flatMap(kind.value) else {
            members.complain(node, "\(member.name.quoted) must be \(kind.accepted), not \(node.kind)")
            return nil
        }
        return value
    }

    private func length(_ members: MemberReader) -> ClosedRange<Int>? {
        let (least, most) = (members[ParameterMembers.minLength], members[ParameterMembers.maxLength])
        guard least != nil || most != nil else { return nil }
        guard least ?? 0 <= most ?? ParameterLimits.valueBytes else {
            members.complain(members.line(of: ParameterMembers.maxLength), "`max_length` must not be less than `min_length`")
            return nil
        }
        return (least ?? 0)...(most ?? ParameterLimits.valueBytes)
    }

    private func choices(_ members: MemberReader) -> [ExactText]? {
        guard let node = members.node(ParameterMembers.choices) else { return nil }
        guard case .list(let items) = node.content, ParameterLimits.choices.contains(items.count) else {
            let kind = if case .list(let items) = node.content { "a list of \(items.count)" } else { node.kind }
            members.complain(
                node,
                "`enum` must be a list of \(ParameterLimits.choices.lowerBound) to \(ParameterLimits.choices.upperBound) texts, not \(kind)"
            )
            return nil
        }
        var texts: [ExactText] = []
        for item in items {
            guard let text = members.text(of: item, "enum", "a list of texts") else { continue }
            if texts.contains(ExactText(text)) { members.complain(item, "`enum` names \(text.quoted) twice") }
            texts.append(ExactText(text))
        }
        return texts
    }

    private func standard(of definition: ParameterDefinition, _ members: MemberReader) -> JSONTemplate? {
        guard let node = members.node(ParameterMembers.standard) else { return nil }
        return ParameterValueReader(definition: definition, members: members).template(node, ParameterMembers.standard.name)
    }
}

/// Reads a value of a parameter in a configuration: a default, or that of a schedule.
struct ParameterValueReader {
    let definition: ParameterDefinition
    let members: MemberReader

    /// - Parameter problem: why an expression is not accepted, as the end of a sentence; by default, values of the run are accepted.
    /// - Returns: nil for a value that is not accepted, after a complaint.
    func template(
        _ node: SourceNode, _ name: String, problem: (Reference) -> String? = Self.problemUnlessOfRun
    ) -> JSONTemplate? {
        guard let written = node.value(as: definition.kind) else {
            members.complain(node, "\(name.quoted) must be \(definition.accepted), not \(node.kind)")
            return nil
        }
        let template: JSONTemplate
        do throws(SubstitutionProblem) {
            template = try JSONTemplate(written)
        } catch {
            members.complain(node, "\(name.quoted) \(error.message)")
            return nil
        }
        for reference in template.references {
            guard let problem = problem(reference) else { continue }
            members.complain(node, "\(name.quoted) has \(reference.quoted), \(problem)")
            return nil
        }
        guard let literal = template.value else { return template }
        guard let value = definition.value(of: literal) else {
            members.complain(node, "\(name.quoted) \(definition.refusal(of: literal, written: "\(node.kind)"))")
            return nil
        }
        return .literal(value)
    }

    private static func problemUnlessOfRun(_ reference: Reference) -> String? {
        let isOfRun = reference.root == .run && reference.steps.count == 1 && RunContext.Name(rawValue: reference.name) != nil
        let names = RunContext.Name.allCases.map { "run.\($0.rawValue)" }
        return isOfRun ? nil : "but it can only name \(names.listed(before: "and"))"
    }
}

extension SourceNode {
    /// The value as a parameter of a type takes it. Those of most types are read from the text of a scalar, however it looks.
    func value(as kind: ParameterDefinition.Kind) -> JSONValue? {
        if kind == .json { return JSONValue(json: json.text.utf8) }
        guard case .scalar(let text, _) = content, !isNull else { return nil }
        return .string(text)
    }
}
