/// Why the parameters of a run are refused.
public struct ParameterRefusal: Error, Hashable, Sendable {
    public enum Problem: Hashable, Sendable {
        /// A required parameter has no value.
        case missing(ParameterDefinition)
        case unknown(String)
        case invalid(ParameterDefinition, JSONValue)
        /// All values together are larger than ``ParameterLimits/bytes``.
        case tooLarge(Int)
    }

    public var problems: [Problem]
    /// The names of the workflow's parameters.
    public var accepted: [String]

    /// One sentence for each problem, for the person who starts the run.
    public var message: String { problems.map(sentence).joined(separator: " ") }

    private func sentence(_ problem: Problem) -> String {
        switch problem {
        case .missing(let definition):
            return "The parameter \(definition.name.quoted) is missing; it must be \(definition.accepted)."
        case .invalid(let definition, let value):
            return "The parameter \(definition.name.quoted) \(definition.refusal(of: value, written: value.text.quoted))."
        case .unknown(let name):
            guard !accepted.isEmpty else { return "There is no parameter \(name.quoted): the workflow has none." }
            let hint = suggestion(for: name, among: accepted).map { " Did you mean \($0.quoted)?" } ?? ""
            return "There is no parameter \(name.quoted).\(hint) Accepted: \(accepted.listed(before: "and"))."
        case .tooLarge(let bytes):
            return "The parameters have \(bytes) bytes together, written as JSON. Accepted: \(ParameterLimits.bytes) at most."
        }
    }
}

extension WorkflowConfiguration {
    /// The parameters of a run: the given values, and defaults for the others.
    /// - Throws: ``ParameterRefusal`` with all problems.
    public func parameters(given: RunParameters, in run: RunContext) throws(ParameterRefusal) -> RunParameters {
        var problems: [ParameterRefusal.Problem] = given.names.filter { name in
            !parameters.contains { $0.name.isIdentical(to: name) }
        }.map { .unknown($0) }
        var values: [(name: String, value: JSONValue)] = []
        for definition in parameters {
            guard let written = given[definition.name] ?? definition.standard?.value(in: run) else {
                if definition.isRequired { problems.append(.missing(definition)) }
                continue
            }
            if let value = definition.value(of: written) {
                values.append((definition.name, value))
            } else {
                problems.append(.invalid(definition, written))
            }
        }
        let bound = RunParameters(values)
        let size = bound.json.text.utf8.count
        if size > ParameterLimits.bytes { problems.append(.tooLarge(size)) }
        guard problems.isEmpty else {
            throw ParameterRefusal(problems: problems, accepted: parameters.map(\.name))
        }
        return bound
    }

    /// The parameters of a rerun: the values of the old run. A parameter that the version of the rerun does not have is left out, and
    /// one that the old run did not have gets its default.
    /// - Throws: ``ParameterRefusal``
    func parameters(of old: RunParameters, in run: RunContext) throws(ParameterRefusal) -> RunParameters {
        let kept = RunParameters(old.filter { name, _ in parameters.contains { $0.name.isIdentical(to: name) } })
        return try parameters(given: kept, in: run)
    }
}
