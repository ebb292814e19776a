/// Compares a run with another run of the same configuration, usually the previous successful one.
public struct RunComparison: Hashable, Sendable {
    /// A task of the definition in both runs; nil where a run has no such task.
    public struct Task: Hashable, Sendable {
        public var definitionID: String
        public var label: String
        public var this: TaskEnding?
        public var other: TaskEnding?
    }

    /// How a task ended in a run.
    public struct TaskEnding: Hashable, Sendable {
        public var state: TaskState
        /// From the first attempt to the end; nil when no attempt was made, or the task has not ended.
        public var took: Duration?
        public var keptFrom: RunID?
        public var skipReason: SkipReason?
    }

    /// In the order of this run, followed by the tasks that only the other run has.
    public private(set) var tasks: [Task]
    public private(set) var outputs: [OutputDifference]
    /// Differences of outputs beyond ``OutputDifference/most``.
    public private(set) var hiddenOutputs: Int

    public init(_ this: ComparedRun, against other: ComparedRun) {
        let (mine, theirs) = (this.endings, other.endings)
        let own = this.details.tasks.map { ($0.definitionID, $0.label) }
        let foreign = other.details.tasks.filter { mine[$0.definitionID] == nil }.map { ($0.definitionID, $0.label) }
        tasks = (own + foreign).map { id, label in Task(definitionID: id, label: label, this: mine[id], other: theirs[id]) }
        let (left, before) = (this.outputsByID, other.outputsByID)
        let differences = tasks.flatMap { task -> [OutputDifference] in
            // Only tasks that succeeded in both runs have outputs that can be compared.
            guard task.this?.state == .succeeded, task.other?.state == .succeeded else { return [] }
            return OutputDifference.all(of: task.definitionID, left[task.definitionID], before: before[task.definitionID])
        }
        outputs = Array(differences.prefix(OutputDifference.most))
        hiddenOutputs = differences.count - outputs.count
    }
}

/// A run with everything that is compared.
public struct ComparedRun: Sendable {
    public var details: WorkflowRunDetails
    public var attempts: [TaskAttemptRecord]
    public var outputs: [TaskOutputs]

    public init(details: WorkflowRunDetails, attempts: [TaskAttemptRecord], outputs: [TaskOutputs]) {
        self.details = details
        self.attempts = attempts
        self.outputs = outputs
    }

    fileprivate var endings: [ExactText: RunComparison.TaskEnding] {
        let began = Dictionary(attempts.map { ($0.task, $0.startedAt) }, uniquingKeysWith: min)
        let endings = details.tasks.map { task in
            let took = began[task.id].flatMap { began in task.endedAt.map { $0 - began } }
            return (
                ExactText(task.definitionID),
                RunComparison.TaskEnding(
                    state: task.state, took: took, keptFrom: task.keptFrom, skipReason: task.skipReason)
            )
        }
        return Dictionary(endings, uniquingKeysWith: { first, _ in first })
    }

    fileprivate var outputsByID: [ExactText: TaskOutputs] {
        Dictionary(outputs.map { (ExactText($0.definitionID), $0) }, uniquingKeysWith: { first, _ in first })
    }
}

/// A member of a task's outputs that differs between the two runs.
public struct OutputDifference: Hashable, Sendable {
    /// Differences reported at most, over all tasks of a run.
    public static let most = 200
    /// Bytes of outputs whose members are compared. Longer outputs are only compared by size.
    public static let longestCompared = 16_384

    public var definitionID: String
    /// nil for outputs that are too long to compare by member.
    public var member: String?
    /// nil when this run has no such member.
    public var this: String?
    public var other: String?

    static func all(of id: String, _ this: TaskOutputs?, before other: TaskOutputs?) -> [OutputDifference] {
        guard let mine = members(of: this), let theirs = members(of: other) else {
            guard this?.length != other?.length else { return [] }
            func length(_ outputs: TaskOutputs?) -> String? { outputs.map { "\($0.length) bytes" } }
            return [OutputDifference(definitionID: id, member: nil, this: length(this), other: length(other))]
        }
        return Set((mine.keys + theirs.keys).map { ExactText($0) }).sorted().map(\.text).compactMap { name in
            guard mine[name] != theirs[name] else { return nil }
            return OutputDifference(
                definitionID: id, member: name, this: mine[name].map { JSONText($0).text },
                other: theirs[name].map { JSONText($0).text })
        }
    }

    /// - Returns: nil for outputs that are too long to compare.
    private static func members(of outputs: TaskOutputs?) -> JSONMembers? {
        guard let outputs else { return [:] }
        guard let text = outputs.text, case .object(let members) = JSONValue(json: text.text.utf8) else { return nil }
        return members
    }
}
