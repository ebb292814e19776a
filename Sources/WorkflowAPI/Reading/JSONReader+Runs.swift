public import WorkflowModel

/// A run's members as they are met, in any order, before anything is known to be missing.
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
    var warnAfter: Duration?
    var scheduledFor: Timestamp?
    var rerunOf: String?
    var tasks: [TaskMembers] = []

    /// Unknown members are passed over: a newer server may send more, and histories of other makers do.
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
        case "warn_after_ms": warnAfter = try reader.optional { try $0.milliseconds() }
        case "scheduled_for": scheduledFor = try reader.optional { try $0.timestamp() }
        case "rerun_of": rerunOf = try reader.optional { try $0.identifier() }
        case "task_instances": tasks = try reader.optional { try $0.array { try TaskMembers(from: &$0) } } ?? []
        default: try reader.skip()
        }
    }
}

/// A task instance's members, likewise.
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
            guard id == nil || id == value else { throw JSONProblem("is not the same as the task's other id") }
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
        case "error": error = try reader.optional { try $0.runError() }
        default: try reader.skip()
        }
    }
}

extension JSONReader {
    mutating func identifier() throws -> String {
        let text = try string()
        guard !text.isEmpty, text.utf8.count <= RunID.longestID, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw JSONProblem("is not an id; accepted are 1 to \(RunID.longestID) bytes without control characters")
        }
        return text
    }

    mutating func label() throws -> String {
        let text = try string()
        guard !text.isEmpty, text.utf8.count <= Limits.importedText else {
            throw JSONProblem("is empty or too long; accepted are 1 to \(Limits.importedText) bytes")
        }
        return text
    }

    mutating func state() throws -> WorkflowState {
        let text = try string()
        guard let state = WorkflowState(name: text) else {
            throw JSONProblem("\(text.quoted) is not a state; accepted are \(WorkflowState.allNames)")
        }
        return state
    }

    mutating func tenant() throws -> Tenant {
        let text = try string()
        guard let tenant = Tenant(text) else { throw JSONProblem("\(text.quoted) is not a tenant; a tenant is \(Tenant.rule)") }
        return tenant
    }

    /// More than the years that a timestamp can have is no span of time that anything could take.
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
        try object { reader, name in
            switch name {
            case "attribution":
                let text = try reader.string()
                attribution = Attribution(rawValue: text)
                guard attribution != nil else {
                    throw JSONProblem("\(text.quoted) is not an attribution; accepted are customer and platform")
                }
            case "type": type = try reader.label()
            case "message": message = try reader.string()
            case "data": data = try reader.optional { try $0.json() }
            default: try reader.skip()
            }
        }
        return RunError(
            attribution: try attribution.required("attribution"), type: try type.required("type"),
            message: try message.required("message"), data: data)
    }
}

extension Optional {
    func required(_ member: String) throws(JSONProblem) -> Wrapped {
        guard let self else { throw JSONProblem(path: member, "is missing") }
        return self
    }
}

extension WorkflowState {
    /// The wire values, for messages that refuse another one.
    public static var allNames: String {
        allCases.map(\.rawValue).joined(separator: ", ")
    }
}
