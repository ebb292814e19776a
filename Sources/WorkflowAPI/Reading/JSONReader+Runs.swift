public import WorkflowModel

/// The members of a run in any order, before the check for missing ones.
struct RunMembers {
    var id: String?
    var name: String?
    var type: String?
    var state: WorkflowState?
    var tenant: Tenant?
    var createdAt: Timestamp?
    var endedAt: Timestamp?
    var principalID: String?
    var principalName: String?
    var principalEmail: String?
    var error: RunError?
    var launchedVersion: String?
    var currentVersion: String?
    var code: CodeVersion?
    var currentCode: CodeVersion?
    var warnAfter: Duration?
    var configuration: String?
    var labels = RunLabels()
    var parameters = RunParameters()
    var runMode: RunMode?
    var rangeFrom: Timestamp?
    var rangeTo: Timestamp?
    var scheduledFor: Timestamp?
    var schedule: String?
    var rerunOf: String?
    var trigger: RunTrigger?
    var calledBy: RunCaller?
    var firings: [TriggerFiring] = []
    var attempts: Int?
    var warnings: Int?
    var stop: RunStop?
    var closingUntil: Timestamp?
    var notes: [RunNote] = []
    var resolutions: [RunResolution] = []
    var tasks: [TaskMembers] = []

    /// Unknown members are skipped: a newer service may send more, and so may exported history.
    init(from reader: inout JSONReader) throws {
        var members = RunMembers()
        try reader.object { reader, name in try members.take(name, from: &reader) }
        self = members
    }

    private init() {}

    private mutating func take(_ member: String, from reader: inout JSONReader) throws {
        switch member {
        case "id": id = try reader.optional { try $0.identifier() }
        case "name": name = try reader.optional { try $0.label() }
        case "type": type = try reader.optional { try $0.label() }
        case "state": state = try reader.optional { try $0.state() }
        case "tenant": tenant = try reader.optional { try $0.tenant() }
        case "created_at": createdAt = try reader.optional { try $0.timestamp() }
        case "ended_at": endedAt = try reader.optional { try $0.timestamp() }
        case "principal_id": principalID = try reader.optional { try $0.label() }
        case "principal_name": principalName = try reader.optional { try $0.label() }
        case "principal_email": principalEmail = try reader.optional { try $0.label() }
        case "error": error = try reader.optional { try $0.runError() }
        case "launched_version": launchedVersion = try reader.optional { try $0.identifier() }
        case "current_version": currentVersion = try reader.optional { try $0.identifier() }
        case "code": code = try reader.optional { try $0.codeVersion() } ?? nil
        case "current_code": currentCode = try reader.optional { try $0.codeVersion() } ?? nil
        case "warn_after_ms": warnAfter = try reader.optional { try $0.milliseconds() }
        case "config_id": configuration = try reader.optional { try $0.identifier() }
        case "labels": labels = try reader.optional { try $0.labelsOfRun() } ?? RunLabels()
        case "parameters": parameters = try reader.optional { try $0.parametersOfRun() } ?? RunParameters()
        case "run_mode": runMode = try reader.optional { try $0.runMode() } ?? nil
        case "range_from": rangeFrom = try reader.optional { try $0.timestamp() }
        case "range_to": rangeTo = try reader.optional { try $0.timestamp() }
        case "scheduled_for": scheduledFor = try reader.optional { try $0.timestamp() }
        case "schedule": schedule = try reader.optional { try $0.identifier() }
        case "rerun_of": rerunOf = try reader.optional { try $0.identifier() }
        case "triggered_by": trigger = try reader.optional { try $0.runTrigger() }
        case "called_by": calledBy = try reader.optional { try $0.runCaller() } ?? nil
        case "firings": firings = try reader.optional { try $0.array { try $0.firing() } } ?? []
        case "attempts": attempts = try reader.optional { try $0.attempts() }
        case "warnings": warnings = try reader.optional { try $0.numberOfWarnings() }
        case "closing_until": closingUntil = try reader.optional { try $0.timestamp() }
        case "stop": stop = try reader.optional { try $0.runStop() } ?? nil
        case "notes": notes = try reader.optional { try $0.notes() } ?? []
        case "resolutions": resolutions = try reader.optional { try $0.resolutions() } ?? []
        case "task_instances": tasks = try reader.optional { try $0.array { try TaskMembers(from: &$0) } } ?? []
        default: try reader.skip()
        }
    }
}

/// The members of a task instance in any order, before the check for missing ones.
struct TaskMembers {
    var id: String?
    var run: String?
    var tenant: Tenant?
    var label: String?
    var state: WorkflowState?
    var stateChangedAt: Timestamp?
    var createdAt: Timestamp?
    var endedAt: Timestamp?
    var executionType: String?
    var engineRunID: String?
    var definitionID: String?
    var definitionType: String?
    var timeout: Duration?
    var error: RunError?
    var keptFrom: String?
    var skipReason: SkipReason?
    var when = TaskCondition.success
    var resolution: Resolution?
    var warnings = TaskWarnings()
    var items: ItemCounts?
    var item: JSONText?

    init(from reader: inout JSONReader) throws {
        var members = TaskMembers()
        try reader.object { reader, name in try members.take(name, from: &reader) }
        self = members
    }

    private init() {}

    private mutating func take(_ member: String, from reader: inout JSONReader) throws {
        switch member {
        case "id", "task_instance_id":
            guard let value = try reader.optional({ try $0.identifier() }) else { return }
            guard id.map(value.isIdentical) ?? true else { throw JSONProblem("is not the same as the task's other id") }
            id = value
        case "workflow_id": run = try reader.optional { try $0.identifier() }
        case "tenant": tenant = try reader.optional { try $0.tenant() }
        case "label": label = try reader.optional { try $0.label() }
        case "state": state = try reader.optional { try $0.state() }
        case "state_changed_at": stateChangedAt = try reader.optional { try $0.timestamp() }
        case "created_at": createdAt = try reader.optional { try $0.timestamp() }
        case "ended_at": endedAt = try reader.optional { try $0.timestamp() }
        case "execution_type": executionType = try reader.optional { try $0.label() }
        case "run_id": engineRunID = try reader.optional { try $0.label() }
        case "task_definition_id": definitionID = try reader.optional { try $0.label() }
        case "task_definition_type": definitionType = try reader.optional { try $0.label() }
        case "timeout_ms": timeout = try reader.optional { try $0.milliseconds() }
        case "kept_from": keptFrom = try reader.optional { try $0.identifier() }
        // A newer service may know other reasons.
        case "skip_reason": skipReason = try reader.optional { SkipReason(rawValue: try $0.string()) } ?? nil
        case "when": when = (try reader.optional { TaskCondition(rawValue: try $0.string()) } ?? nil) ?? .success
        case "resolution": resolution = try reader.optional { Resolution(rawValue: try $0.string()) } ?? nil
        case "error": error = try reader.optional { try $0.runError() }
        case "warnings": warnings = try reader.optional { try $0.taskWarnings() } ?? TaskWarnings()
        // Imported history keeps the task instances alone.
        case "items" where !reader.readsHistory: items = try reader.optional { try $0.itemCounts() } ?? nil
        case "item" where !reader.readsHistory: item = try reader.json()
        default: try reader.skip()
        }
    }
}

extension JSONReader {
    /// - Returns: nil for an answer without the total.
    fileprivate mutating func itemCounts() throws -> ItemCounts? {
        var total: Int?
        var (active, succeeded, failed, canceled, skipped) = (0, 0, 0, 0, 0)
        try object { reader, member in
            switch member {
            case "total": total = try reader.integer()
            case "active": active = try reader.integer()
            case "succeeded": succeeded = try reader.integer()
            case "failed": failed = try reader.integer()
            case "canceled": canceled = try reader.integer()
            case "skipped": skipped = try reader.integer()
            default: try reader.skip()
            }
        }
        return total.map {
            ItemCounts(total: $0, active: active, succeeded: succeeded, failed: failed, canceled: canceled, skipped: skipped)
        }
    }
}

extension JSONReader {
    /// - Returns: nil for an answer that lacks the time or the principal. History has to have the time.
    fileprivate mutating func runCaller() throws -> RunCaller? {
        var (run, task): (String?, String?) = (nil, nil)
        try object { reader, member in
            switch member {
            case "workflow_id": run = try reader.optional { try $0.identifier() }
            case "task_instance_id": task = try reader.optional { try $0.identifier() }
            default: try reader.skip()
            }
        }
        guard let run, let task else { return nil }
        return RunCaller(run: RunID(rawValue: run), task: TaskID(rawValue: task))
    }

    fileprivate mutating func runStop() throws -> RunStop? {
        var requestedAt: Timestamp?
        var (id, name, email): (String?, String?, String?) = (nil, nil, nil)
        var reason: String?
        try object { reader, member in
            switch member {
            case "reason": reason = try reader.optional { try $0.stopReason() }
            case "requested_at": requestedAt = try reader.optional { try $0.timestamp() }
            case "principal_id": id = try reader.optional { try $0.label() }
            case "principal_name": name = try reader.optional { try $0.label() }
            case "principal_email": email = try reader.optional { try $0.label() }
            default: try reader.skip()
            }
        }
        if readsHistory {
            // Imported history does not always name the principal.
            let principal = Principal(id: id ?? "unknown", name: name ?? id ?? "unknown", email: email)
            return RunStop(requestedAt: try requestedAt.required("requested_at"), requestedBy: principal, reason: reason)
        }
        guard let requestedAt, let id else { return nil }
        return RunStop(requestedAt: requestedAt, requestedBy: Principal(id: id, name: name ?? id, email: email), reason: reason)
    }

    private mutating func stopReason() throws -> String {
        let text = try string()
        guard readsHistory, let flaw = ReasonRule.flaw(of: text) else { return text }
        throw JSONProblem("\(flaw). Accepted: \(ReasonRule.words)")
    }

    /// - Throws: ``JSONProblem`` for a label that the rules exclude, or more than ``RunLabels/most``.
    mutating func labels() throws -> RunLabels {
        var labels: [RunLabel] = []
        try object { reader, key in
            guard RunLabel.isKey(key) else { throw JSONProblem("is not the key of a label. Accepted: \(RunLabel.acceptedKeys)") }
            let value = try reader.string()
            guard let label = RunLabel(key: key, value: value) else {
                throw JSONProblem("is \(value.quoted), which is not the value of a label. Accepted: \(RunLabel.acceptedValues)")
            }
            labels.append(label)
        }
        guard labels.count <= RunLabels.most else {
            throw JSONProblem("has \(labels.count) labels. Accepted: at most \(RunLabels.most)")
        }
        return RunLabels(labels)
    }

    /// The labels in an answer or in history. A newer service may have other rules: an answer's labels that these exclude are left out.
    mutating func labelsOfRun() throws -> RunLabels {
        if readsHistory { return try labels() }
        var labels = RunLabels()
        try object { reader, key in
            if let label = RunLabel(key: key, value: try reader.string()) { labels.set(label) }
        }
        return labels
    }

    /// The parameters of a start.
    mutating func parameters() throws -> RunParameters {
        let parameters = try parametersOfAnyRun()
        if let excess = parameters.excess { throw JSONProblem(excess) }
        return parameters
    }

    /// The parameters in an answer or in history. A newer service may have other limits.
    fileprivate mutating func parametersOfRun() throws -> RunParameters {
        try readsHistory ? parameters() : parametersOfAnyRun()
    }

    mutating func parametersOfAnyRun() throws -> RunParameters {
        var values: [(name: String, value: JSONValue)] = []
        try object { reader, name in
            guard let value = JSONValue(json: try reader.json().text.utf8) else {
                throw JSONProblem("is nested more than \(JSONValue.depthLimit) levels deep")
            }
            values.append((name, value))
        }
        return RunParameters(values)
    }

    /// - Returns: nil for a mode that only a newer service knows; history has none of those.
    fileprivate mutating func runMode() throws -> RunMode? {
        if readsHistory { return try choice() as RunMode }
        return RunMode(rawValue: try string())
    }

    fileprivate mutating func attempts() throws -> Int {
        let attempts = try integer()
        guard !readsHistory || Limits.importedAttempts.contains(attempts) else {
            let accepted = Limits.importedAttempts
            throw JSONProblem("is not a number of attempts. Accepted: \(accepted.lowerBound) to \(accepted.upperBound)")
        }
        return attempts
    }

    fileprivate mutating func numberOfWarnings() throws -> Int {
        let warnings = try integer()
        guard !readsHistory || Limits.importedWarnings.contains(warnings) else {
            let accepted = Limits.importedWarnings
            throw JSONProblem("is not a number of warnings. Accepted: \(accepted.lowerBound) to \(accepted.upperBound)")
        }
        return warnings
    }

    fileprivate mutating func taskWarnings() throws -> TaskWarnings {
        var texts = try array { try $0.string() }
        // As those that a command leaves.
        if readsHistory { texts = texts.map { TerminalText.plain($0) } }
        do throws(TaskWarningsError) {
            return try TaskWarnings(texts)
        } catch {
            throw JSONProblem("\(error.problem). Accepted: \(TaskWarnings.accepted)")
        }
    }

    mutating func identifier() throws -> String {
        let text = try string()
        guard !text.isEmpty, text.utf8.count <= RunID.longestID, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw JSONProblem("is not an id. Accepted: 1 to \(RunID.longestID) bytes without control characters")
        }
        return text
    }

    mutating func label() throws -> String {
        let text = try string()
        guard !readsHistory || (1...Limits.importedText).contains(text.utf8.count) else {
            throw JSONProblem("has \(text.utf8.count) bytes. Accepted: 1 to \(Limits.importedText)")
        }
        return text
    }

    mutating func state() throws -> WorkflowState {
        let text = try string()
        guard let state = WorkflowState(name: text) else {
            throw JSONProblem("\(text.quoted) is not a state. Accepted: \(WorkflowState.allNames)")
        }
        return state
    }

    mutating func tenant() throws -> Tenant {
        let text = try string()
        guard let tenant = Tenant(text) else { throw JSONProblem("\(text.quoted) is not a tenant; a tenant is \(Tenant.rule)") }
        return tenant
    }

    /// Longer than the range of timestamps is not accepted.
    mutating func milliseconds() throws -> Duration {
        let value = try integer()
        guard (0...Int(Timestamp.latest.milliseconds)).contains(value) else {
            throw JSONProblem("is not a number of milliseconds from 0 to \(Timestamp.latest.milliseconds)")
        }
        return .milliseconds(value)
    }

    mutating func runError() throws -> RunError {
        var attribution: Attribution?
        var type: String?
        var message: String?
        var data: JSONText?
        var omitted: Int?
        try object { reader, name in
            switch name {
            case "attribution":
                guard let text = try reader.optional({ try $0.string() }) else { return }
                attribution = Attribution(rawValue: text)
                guard attribution != nil else {
                    throw JSONProblem("\(text.quoted) is not an attribution. Accepted: customer, platform")
                }
            case "type": type = try reader.label()
            case "message": message = try reader.message()
            case "data": data = try reader.optional { try $0.json() }
            case "data_omitted_bytes": omitted = try reader.optional { try $0.integer() }
            default: try reader.skip()
            }
        }
        return RunError(
            attribution: attribution, type: try type.required("type"),
            message: try message.required("message"), data: data,
            omittedDataBytes: omitted)
    }

    private mutating func message() throws -> String {
        let text = try string()
        guard !readsHistory || text.utf8.count <= Limits.importedMessage else {
            throw JSONProblem("has \(text.utf8.count) bytes. Accepted: at most \(Limits.importedMessage)")
        }
        return text
    }
}

extension Optional {
    func required(_ member: String) throws(JSONProblem) -> Wrapped {
        guard let self else { throw JSONProblem(path: member, "is missing") }
        return self
    }
}

extension WorkflowState {
    /// The wire values, for messages.
    public static var allNames: String {
        allCases.map(\.rawValue).joined(separator: ", ")
    }
}
