/// Why a task cannot have the values that its configuration names. A mistake of the workflow or of its inputs.
public struct SubstitutionFault: Error, Hashable, Sendable {
    /// One or two sentences.
    public var message: String

    init(_ message: String) {
        self.message = message
    }
}

/// Bounds the size of what values are put into, before it is built.
struct SubstitutionBudget {
    private var left: Int
    private let limit: Int
    /// The subject of the message: `The command`.
    private let subject: String

    init(_ limit: Int, of subject: String) {
        left = limit
        self.limit = limit
        self.subject = subject
    }

    mutating func spend(_ bytes: Int) throws(SubstitutionFault) {
        left -= bytes
        guard left >= 0 else {
            throw SubstitutionFault("\(subject) has more than \(limit) bytes with its values. Accepted: \(limit) bytes at most.")
        }
    }
}

extension SubstitutionValues {
    /// The value as a part of a text. Its size counts.
    func text(of reference: Reference, _ budget: inout SubstitutionBudget) throws(SubstitutionFault) -> String {
        let text = try found(reference).plainText
        try budget.spend(text.utf8.count)
        return text
    }

    func found(_ reference: Reference) throws(SubstitutionFault) -> JSONValue {
        do {
            return try value(of: reference)
        } catch {
            throw SubstitutionFault("A value that the task needs is missing: \(error.sentence)")
        }
    }

    /// The text of a template. Its size counts.
    func text(of template: TextTemplate, _ budget: inout SubstitutionBudget) throws(SubstitutionFault) -> String {
        var result = ""
        for part in template.parts {
            switch part {
            case .literal(let text):
                try budget.spend(text.text.utf8.count)
                result += text.text
            case .reference(let reference): result += try text(of: reference, &budget)
            }
        }
        return result
    }

    /// The value of a template. The size of each value in it counts.
    func value(of template: JSONTemplate, _ budget: inout SubstitutionBudget) throws(SubstitutionFault) -> JSONValue {
        switch template {
        case .literal(let value): return value
        case .text(let text):
            guard let only = text.only else { return .string(try self.text(of: text, &budget)) }
            let value = try found(only)
            try budget.spend(value.text.utf8.count)
            return value
        case .array(let items):
            var result: [JSONValue] = []
            for item in items { result.append(try value(of: item, &budget)) }
            return .array(result)
        case .object(let members):
            var result = JSONMembers()
            for member in members { result.add(member.name, try value(of: member.value, &budget)) }
            return .object(result)
        }
    }
}
