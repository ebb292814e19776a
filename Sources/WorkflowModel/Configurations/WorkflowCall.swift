/// The start of a run of another workflow of the tenant.
public struct WorkflowCall: Hashable, Sendable {
    /// Runs above a run at most: a chain of calls has one run more.
    public static let deepest = 10

    /// The id of the workflow.
    @Exact public var configuration: String
    /// nil for the mode of that workflow.
    public var runMode: RunMode?
    /// A JSON object, whose texts can hold expressions.
    public var parameters: JSONText

    public init(configuration: String, runMode: RunMode? = nil, parameters: JSONText = JSONText(validated: "{}")) {
        self.configuration = configuration
        self.runMode = runMode
        self.parameters = parameters
    }
}

extension WorkflowCall {
    /// nil when no text has an expression.
    var template: JSONTemplate? {
        guard TextTemplate.hasSyntax(parameters.text), let value = JSONValue(json: parameters.text.utf8) else { return nil }
        return try? JSONTemplate(value)
    }

    func substituted(from values: some SubstitutionValues) throws(SubstitutionFault) -> WorkflowCall {
        guard let template else { return self }
        var budget = SubstitutionBudget(ExpressionLimits.jsonBytes, of: "The parameters of the called workflow")
        var result = self
        result.parameters = JSONText(try values.value(of: template, &budget))
        return result
    }

    /// The values for the run that it starts.
    public var values: RunParameters {
        guard case .object(let members)? = JSONValue(json: parameters.text.utf8) else { return RunParameters() }
        return RunParameters(members.map { (name: $0.name, value: $0.value) })
    }
}

extension WorkflowConfiguration {
    /// The ids of the workflows that its tasks call, each once.
    public var calledWorkflows: [String] {
        var seen: Set<ExactText> = []
        return tasks.compactMap { task in
            guard case .workflow(let call) = task.action, seen.insert(ExactText(call.configuration)).inserted else { return nil }
            return call.configuration
        }
    }
}

/// A chain of workflows that call each other and come back to the first one.
public struct WorkflowCallCycle: Error, Hashable, Sendable {
    /// Begins and ends with the same workflow.
    public var chain: [String]

    public init(chain: [String]) {
        self.chain = chain
    }

    /// For the author of the first workflow.
    public var message: String {
        chain.count == 2
            ? "the workflow \(chain[0].quoted) calls itself, so that its runs would never end"
            : "workflows call each other in a circle, so that their runs would never end: \(chain.joined(separator: " → "))"
    }

    /// Finds a cycle through a workflow.
    /// - Parameter calls: the workflows that a workflow calls; none for one that does not exist. Each is asked for once.
    public static func find(
        from start: String, _ calls: (String) async throws -> [String]
    ) async rethrows -> WorkflowCallCycle? {
        var search = WorkflowCallSearch(from: start)
        while let next = search.next { search.follow(try await calls(next)) }
        return search.found
    }

    /// The same among workflows that are known.
    public static func find(among calls: [ExactText: [String]], from start: String) -> WorkflowCallCycle? {
        var search = WorkflowCallSearch(from: start)
        while let next = search.next { search.follow(calls[ExactText(next)] ?? []) }
        return search.found
    }
}

/// Follows the calls of a workflow until they come back to it.
private struct WorkflowCallSearch {
    let start: String
    private(set) var found: WorkflowCallCycle?
    private var seen: Set<ExactText> = []
    private var open: [[String]]

    init(from start: String) {
        self.start = start
        open = [[start]]
    }

    /// The workflow whose calls are to be followed; nil at the end.
    var next: String? { found == nil ? open.last?.last : nil }

    mutating func follow(_ calls: [String]) {
        let path = open.removeLast()
        for next in calls {
            if next.isIdentical(to: start) {
                found = WorkflowCallCycle(chain: path + [next])
                return
            }
            if seen.insert(ExactText(next)).inserted { open.append(path + [next]) }
        }
    }
}
