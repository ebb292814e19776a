public import HTTPTypes
public import WorkflowModel

/// Reads one line of history: a run in the form of lists and exports, or in its verbose form. `id`, `name`, `type`, `state` and
/// `created_at` are required, and `ended_at` if and only if the state is final. Unknown members are skipped. Members that contradict
/// each other, such as a stop of a run that succeeded, are refused. An end before the beginning, from a clock that was set back,
/// becomes the beginning: ``HistoryLine/hasCorrectedEnd``.
///
/// - Parameters:
///   - line: UTF-8, without the newline.
///   - tenant: the tenant to import into; a line that names another one is refused.
/// - Throws: ``JSONProblem`` naming the member; the caller adds the number of the line.
public func historyLine(_ line: [UInt8], tenant: Tenant) throws(JSONProblem) -> HistoryLine {
    try JSONReader.read(line) { reader in
        reader.readsHistory = true
        let members = try RunMembers(from: &reader)
        let run = try members.run(of: tenant)
        let read = ImportedRun(
            run: run, launchedVersion: members.launchedVersion.map(ConfigurationVersionID.init(rawValue:)),
            currentVersion: members.currentVersion.map(ConfigurationVersionID.init(rawValue:)), warnAfter: members.warnAfter,
            stop: members.stop, tasks: try members.taskInstances(of: run), notes: members.notes)
        try read.checkRange()
        try read.checkIDs()
        try read.checkStop()
        try read.checkWarnings()
        let ordered = read.withOrderedTimes
        return HistoryLine(run: ordered, hasCorrectedEnd: ordered.run.endedAt != run.endedAt)
    }
}

/// A line of history.
public struct HistoryLine: Hashable, Sendable {
    public var run: ImportedRun
    /// Whether the line has an end before the beginning.
    public var hasCorrectedEnd: Bool
}

/// The run of a line of history; see ``historyLine(_:tenant:)``.
/// - Throws: ``JSONProblem``
public func importedRun(fromLine line: [UInt8], tenant: Tenant) throws(JSONProblem) -> ImportedRun {
    try historyLine(line, tenant: tenant).run
}

/// A page of runs, as a client reads it.
public struct RunListAnswer: Hashable, Sendable {
    public var runs: [WorkflowRun]
    /// nil on the last page. A page may have fewer runs than requested, or none, and still a next one.
    public var nextToken: String?
    /// nil when it was not requested.
    public var total: RunTotal?
    /// Where the search stopped because its budget was used up; nil for a page that is full or the last one.
    public var searchedTo: SearchPlace?

    /// - Parameter headers: of the answer.
    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8], headers: HTTPFields = [:]) throws(JSONProblem) {
        var runs: [WorkflowRun]?
        var token: String?
        var total: Int?
        try JSONReader.read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "data": runs = try reader.array { try RunMembers(from: &$0).run(of: nil) }
                case "next_token": token = try reader.optional { try $0.string() }
                case "total": total = try reader.optional { try $0.integer() }
                default: try reader.skip()
                }
            }
        }
        self.runs = try runs.required("data")
        nextToken = token
        let counted = headers[HeaderNames.totalCounted].flatMap { Int($0) }
        self.total = total.map(RunTotal.exactly) ?? counted.map(RunTotal.moreThan)
        searchedTo = headers[HeaderNames.searchedTo].flatMap(SearchPlace.init(header:))
    }

    /// Whether the search stopped before the page was full.
    public var endedEarly: Bool { searchedTo != nil }
}

/// A run in the view `overview`, as a client reads it.
public struct RunOverview: Hashable, Sendable {
    public var id: RunID
    public var tenant: Tenant
    public var name: String
    public var type: String
    public var state: RunState
    public var createdAt: Timestamp
    public var endedAt: Timestamp?

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        let run = try JSONReader.read(bytes) { try RunMembers(from: &$0).run(of: nil) }
        id = run.id
        tenant = run.tenant
        name = run.name
        type = run.type
        state = run.state
        createdAt = run.createdAt
        endedAt = run.endedAt
    }
}

extension WorkflowRunDetails {
    /// Reads the verbose form of a run.
    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { reader in
            let members = try RunMembers(from: &reader)
            let run = try members.run(of: nil)
            var details = WorkflowRunDetails(
                run: run, launchedVersion: members.launchedVersion.map(ConfigurationVersionID.init(rawValue:)),
                currentVersion: members.currentVersion.map(ConfigurationVersionID.init(rawValue:)), warnAfter: members.warnAfter,
                stop: members.stop, closingUntil: members.closingUntil, notes: members.notes, resolutions: members.resolutions)
            (details.calledBy, details.firings) = (members.calledBy, members.firings)
            (details.code, details.currentCode) = (members.code, members.currentCode)
            for task in try members.taskInstances(of: run) {
                if task.item == nil { details.tasks.append(task) } else { details.items.append(task) }
            }
            return details
        }
    }
}

extension TaskAttemptRecord {
    /// Reads a list of attempts.
    /// - Throws: ``JSONProblem``
    public static func list(json bytes: [UInt8]) throws(JSONProblem) -> [TaskAttemptRecord] {
        try JSONReader.list(bytes) { reader in
            var task: String?
            var number: Int?
            var startedAt: Timestamp?
            var endedAt: Timestamp?
            var outcome: TaskState?
            var error: RunError?
            var ending: TaskEnding?
            try reader.object { reader, name in
                switch name {
                case "stop": ending = try reader.optional { try $0.ending() }
                case "task_instance_id": task = try reader.identifier()
                case "attempt": number = try reader.integer()
                case "started_at": startedAt = try reader.timestamp()
                case "ended_at": endedAt = try reader.optional { try $0.timestamp() }
                case "state": outcome = try reader.optional { TaskState(try $0.state()) } ?? nil
                case "error": error = try reader.optional { try $0.runError() }
                default: try reader.skip()
                }
            }
            return TaskAttemptRecord(
                task: TaskID(rawValue: try task.required("task_instance_id")), number: try number.required("attempt"),
                startedAt: try startedAt.required("started_at"), endedAt: endedAt, outcome: outcome, error: error,
                ending: ending)
        }
    }
}

extension JSONReader {
    fileprivate mutating func ending() throws -> TaskEnding {
        var times: [EndingMember: Timestamp] = [:]
        try object { reader, name in
            if let known = EndingMember(rawValue: name) {
                times[known] = try reader.optional { try $0.timestamp() }
            } else {
                try reader.skip()
            }
        }
        return TaskEnding(
            terminatedAt: times[.terminated], killedAt: times[.killed], callCanceledAt: times[.callCanceled],
            goneAt: try times[.gone].required("gone_at"))
    }

    private enum EndingMember: String {
        case terminated = "terminated_at"
        case killed = "killed_at"
        case callCanceled = "call_canceled_at"
        case gone = "gone_at"
    }

    /// Reads `{"data": […]}`.
    public static func list<Element>(
        _ bytes: [UInt8], _ element: (inout JSONReader) throws -> Element
    ) throws(JSONProblem) -> [Element] {
        var elements: [Element]?
        try read(bytes) { reader in
            try reader.object { reader, name in
                if name == "data" {
                    elements = try reader.array(element)
                } else {
                    try reader.skip()
                }
            }
        }
        return try elements.required("data")
    }
}
