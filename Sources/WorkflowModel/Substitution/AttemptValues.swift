/// The values that a task can name: of its run, its parameters, the outputs of tasks that it needs, and the item that it runs for.
public struct AttemptValues: SubstitutionValues {
    private let run: RunContext?
    private let parameters: RunParameters?
    private let outputs: [ExactText: JSONValue]
    private let secrets: [ExactText: SecretValue]
    private let item: (index: Int, value: JSONValue)?
    private let response: ResponseValues?

    /// - Parameters:
    ///  - outputs: of the tasks that the expressions name, by definition id. A task that is not there has none.
    ///  - run: nil when it is not known.
    ///  - parameters: nil when they are not known.
    init(
        outputs: [ExactText: JSONValue], parameters: RunParameters? = nil, run: RunContext? = nil,
        secrets: [ExactText: SecretValue] = [:], response: ResponseValues? = nil, item: (index: Int, value: JSONValue)? = nil
    ) {
        self.item = item
        self.secrets = secrets
        self.response = response
        self.outputs = outputs
        self.parameters = parameters
        self.run = run
    }

    /// - Parameters:
    ///  - response: values of the reply that started a job; nil when there is none.
    ///  - references: the names that are needed. Other outputs are not read.
    public init(
        of run: RunContext, parameters: RunParameters, outputs: [String: JSONText],
        secrets: [ExactText: SecretValue] = [:], response: ResponseValues? = nil, item: TaskItem? = nil,
        naming references: [Reference]
    ) {
        var read: [ExactText: JSONValue] = [:]
        for reference in references where reference.root == .outputs && read[reference.name] == nil {
            // A text that came from elsewhere, and is not JSON, has no members.
            read[reference.name] = outputs[reference.name].flatMap { JSONValue(json: $0.text.utf8) }
        }
        let named = references.contains { $0.root == .item } ? item : nil
        self.init(
            outputs: read, parameters: parameters, run: run, secrets: secrets, response: response,
            item: named.flatMap { item in JSONValue(json: item.value.text.utf8).map { (item.index, $0) } })
    }

    public func value(of reference: Reference) throws(MissingValue) -> JSONValue {
        switch reference.root {
        case .run:
            guard let run else { throw MissingValue(reference: reference, reason: "is not known yet") }
            return try run.value(of: reference)
        case .parameters:
            guard let parameters else { throw MissingValue(reference: reference, reason: "is not known yet") }
            return try (parameters[reference.name] ?? .null).member(reference)
        case .secrets:
            guard let secret = secrets[reference.name] else { throw MissingValue(reference: reference, reason: "is not set") }
            return .string(secret.text)
        case .item:
            guard let item else { throw MissingValue(reference: reference, reason: "is not there: the task runs for no item") }
            if reference.isIndexOfItem, !Self.hasIndex(item.value) { return .integer(Int64(item.index)) }
            return try item.value.member(reference, after: 0)
        case .response:
            guard let response else { throw MissingValue(reference: reference, reason: "is not known yet") }
            return try response.value(of: reference)
        case .outputs: return try (outputs[reference.name] ?? .object(JSONMembers())).member(reference)
        case .trigger: throw MissingValue(reference: reference, reason: "is not a value of a run")
        }
    }
}

extension AttemptValues {
    /// Whether an item has a member of its own that is called like its number.
    private static func hasIndex(_ item: JSONValue) -> Bool {
        if case .object(let members) = item { members["index"] != nil } else { false }
    }
}

extension JSONValue {
    /// Follows the steps behind the name in a reference, of which this is the value, or behind the root.
    func member(_ reference: Reference, after first: Int = 1) throws(MissingValue) -> JSONValue {
        var value = self
        for (place, step) in reference.steps.enumerated().dropFirst(first) {
            let before = reference.steps[..<place]
            switch (step, value) {
            case (.member(let name), .object(let members)):
                guard let member = members[name.text] else {
                    throw MissingValue(reference: reference, reason: Self.lacks(name.text, before, reference))
                }
                value = member
            case (.item(let number), .array(let items)):
                guard items.indices.contains(number) else {
                    let count = items.count == 1 ? "1 item" : "\(items.count) items"
                    throw MissingValue(reference: reference, reason: "is not there: \(Self.words(before, reference)) has \(count)")
                }
                value = items[number]
            case (.member, _), (.item, _):
                let kind = ValueKind(value).words
                let wanted = if case .item = step { "not a list" } else { "not a JSON object" }
                throw MissingValue(
                    reference: reference, reason: "is not there: \(Self.words(before, reference)) is \(kind), \(wanted)")
            }
        }
        return value
    }

    private static func lacks(_ name: String, _ before: ArraySlice<Reference.Step>, _ reference: Reference) -> String {
        guard reference.root == .outputs, before.count == 1 else {
            return "is not there: \(words(before, reference)) has no \(name.quoted)"
        }
        return "is not there: the task \(reference.name.quoted) gave no output \(name.quoted)"
    }

    private static func words(_ steps: ArraySlice<Reference.Step>, _ reference: Reference) -> String {
        (reference.root.rawValue + Reference.text(of: steps)).quoted
    }
}

extension Reference {
    /// `item.index`: the number of the item, from 0, unless the item has a member of that name.
    fileprivate var isIndexOfItem: Bool { root == .item && steps == [.member(ExactText("index"))] }
}
