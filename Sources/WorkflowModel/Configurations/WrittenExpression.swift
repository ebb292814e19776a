/// The names in one text of a task, with its place, until they are checked against the whole configuration.
struct WrittenExpression {
    var references: [Reference]
    /// The place in messages: ``an item of `command` ``.
    var place: String
    var line: Int
    /// Whether it can name the reply of a call.
    var takesResponse = false

    init(references: [Reference], place: String, line: Int) {
        self.references = references
        self.place = place
        self.line = line
    }

    /// Reads a text. One that cannot be read is complained of, unless it was accepted before, and has no names.
    init(_ text: String, in kind: TemplatePlace, place: String, line: Int, _ members: MemberReader) {
        self.init(references: [], place: place, line: line)
        guard TextTemplate.hasSyntax(text), !members.complaints.areOfAcceptedText else { return }
        do throws(SubstitutionProblem) {
            references = try kind.template(text).references
        } catch {
            members.complain(line, "\(place) \(error.message)")
        }
    }
}

/// Checks names against what a configuration has. Messages are the end of a sentence.
struct ReferenceCheck {
    let parameters: [ParameterDefinition]
    /// Whether the place belongs to a task that runs once for each of several items.
    var hasItem = false

    /// - Parameter outputs: why the outputs of a task cannot be named; nil when they can.
    func problem(with reference: Reference, outputs: (String) -> String?) -> String? {
        switch reference.root {
        case .outputs: return outputs(reference.name)
        case .item: return hasItem ? nil : "but only a task with `for_each` has items, and only in its own texts"
        case .response: return "but only `poll` of an HTTP call can name its reply"
        case .run:
            let names = RunContext.Name.allCases.map(\.rawValue)
            guard names.contains(where: { $0.isIdentical(to: reference.name) }) else {
                return
                    "but a run has no \(reference.name.quoted)\(hint(reference.name, names)) Accepted: \(names.listed(before: "and"))"
            }
            return reference.steps.count == 1 ? nil : "but `run.\(reference.name)` is a text and has no members"
        case .secrets:
            guard SecretRule.accepts(name: reference.name) else {
                return "but that is no name of a secret. Accepted: \(SecretRule.nameWords)"
            }
            return reference.steps.count == 1 ? nil : "but a secret is a text and has no members"
        case .trigger:
            return "but only the `parameters` of a trigger can name values of it; give the value to a parameter of the workflow"
        case .parameters:
            let names = parameters.map(\.name)
            guard let definition = parameters.first(where: { $0.name.isIdentical(to: reference.name) }) else {
                guard !names.isEmpty else { return "but the configuration has no `parameters`" }
                return
                    "but there is no parameter \(reference.name.quoted)\(hint(reference.name, names)) Accepted: \(names.listed(before: "and"))"
            }
            guard reference.steps.count > 1, definition.kind != .json else { return nil }
            return "but the parameter \(reference.name.quoted) is \(definition.kind.accepted) and has no members"
        }
    }

    /// The name of a value in the reply of a call, where it can be named.
    func problem(withResponse reference: Reference) -> String? {
        let names = ResponseName.allCases.map(\.rawValue)
        guard let name = ResponseName(rawValue: reference.name) else {
            return
                "but a reply has no \(reference.name.quoted)\(hint(reference.name, names)) Accepted: \(names.listed(before: "and"))"
        }
        return name == .status && reference.steps.count > 1 ? "but `response.status` is a number and has no members" : nil
    }

    private func hint(_ name: String, _ names: [String]) -> String {
        suggestion(for: name, among: names).map { "; did you mean \($0.quoted)?" } ?? "."
    }

    /// The type of a value, as far as it is known.
    func kind(of reference: Reference) -> ValueKind {
        switch reference.root {
        case .outputs: return reference.steps.count == 1 ? .object : .unknown
        case .response: return .unknown
        case .run, .secrets: return .text
        case .item, .trigger: return .unknown
        case .parameters:
            guard reference.steps.count == 1,
                let definition = parameters.first(where: { $0.name.isIdentical(to: reference.name) })
            else { return .unknown }
            return ValueKind(definition.kind)
        }
    }
}
