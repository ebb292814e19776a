public import NIOCore
public import WorkflowModel

extension JSONWriter {
    /// A member `resolutions`; nothing without decisions.
    mutating func resolutions(_ resolutions: [RunResolution]) {
        guard !resolutions.isEmpty else { return }
        name("resolutions")
        array(of: resolutions) { json, resolution in json.resolution(resolution) }
    }

    mutating func resolution(_ resolution: RunResolution) {
        object { json in
            json.member("task_instance_id", resolution.task.rawValue)
            json.member("resolution", resolution.resolution.rawValue)
            json.member("resolved_at", resolution.resolvedAt)
            json.member("principal_id", resolution.resolvedBy.id)
            json.member("principal_name", resolution.resolvedBy.name)
            json.member("principal_email", resolution.resolvedBy.email)
            json.member("reason", resolution.reason)
        }
    }
}

/// The answer that lists what applies to the tasks of a run, and what was decided.
public struct ResolutionsAnswer: Hashable, Sendable {
    public struct Task: Hashable, Sendable {
        public var id: TaskID
        public var definitionID: String
        public var label: String
        public var state: TaskState
        public var offers: [ResolutionOffer]
    }

    public var run: RunID
    public var state: RunState
    public var tasks: [Task]
    public var resolutions: [RunResolution]

    public init(_ offers: RunOffers) {
        run = offers.run
        state = offers.state
        tasks = offers.tasks.map {
            Task(
                id: $0.task.id, definitionID: $0.task.definitionID, label: $0.task.label, state: $0.task.state, offers: $0.offers)
        }
        resolutions = offers.resolutions
    }

    public var document: ByteBuffer {
        JSONWriter.document(capacity: 1_024 + tasks.count * 1_024) { json in
            json.object { json in
                json.member("workflow_id", run.rawValue)
                json.member("state", state.rawValue)
                json.name("tasks")
                json.array(of: tasks) { json, task in json.resolvable(task) }
                json.name("resolutions")
                json.array(of: resolutions) { json, resolution in json.resolution(resolution) }
            }
        }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { try $0.resolutionsAnswer() }
    }

    fileprivate init(run: RunID, state: RunState, tasks: [Task], resolutions: [RunResolution]) {
        self.run = run
        self.state = state
        self.tasks = tasks
        self.resolutions = resolutions
    }
}

extension JSONWriter {
    fileprivate mutating func resolvable(_ task: ResolutionsAnswer.Task) {
        object { json in
            json.member("task_instance_id", task.id.rawValue)
            json.member("task_definition_id", task.definitionID)
            json.member("label", task.label)
            json.member("state", task.state.rawValue)
            json.name("offers")
            json.array(of: task.offers) { json, offer in
                json.object { json in
                    json.member("resolution", offer.resolution.rawValue)
                    json.name("starts_rerun")
                    json.boolean(offer.startsRerun)
                    json.member("sentence", offer.sentence)
                }
            }
        }
    }
}

extension JSONReader {
    /// Decisions that only a newer service knows are left out.
    mutating func resolutions() throws -> [RunResolution] {
        try array { try $0.resolution() }.compactMap(\.self)
    }

    private mutating func resolution() throws -> RunResolution? {
        var (task, word, reason): (String?, String?, String?) = (nil, nil, nil)
        var resolvedAt: Timestamp?
        var (id, name, email): (String?, String?, String?) = (nil, nil, nil)
        try object { reader, member in
            switch member {
            case "task_instance_id": task = try reader.optional { try $0.identifier() }
            case "resolution": word = try reader.string()
            case "resolved_at": resolvedAt = try reader.optional { try $0.timestamp() }
            case "principal_id": id = try reader.optional { try $0.label() }
            case "principal_name": name = try reader.optional { try $0.label() }
            case "principal_email": email = try reader.optional { try $0.label() }
            case "reason": reason = try reader.optional { try $0.label() }
            default: try reader.skip()
            }
        }
        guard let task, let resolution = word.flatMap(Resolution.init(rawValue:)), let resolvedAt, let id else { return nil }
        return RunResolution(
            task: TaskID(rawValue: task), resolution: resolution, by: Principal(id: id, name: name ?? id, email: email),
            at: resolvedAt, reason: reason)
    }

    fileprivate mutating func resolutionsAnswer() throws -> ResolutionsAnswer {
        var run: String?
        var state: WorkflowState?
        var tasks: [ResolutionsAnswer.Task] = []
        var resolutions: [RunResolution] = []
        try object { reader, member in
            switch member {
            case "workflow_id": run = try reader.identifier()
            case "state": state = try reader.state()
            case "tasks": tasks = try reader.array { try $0.resolvableTask() }
            case "resolutions": resolutions = try reader.resolutions()
            default: try reader.skip()
            }
        }
        guard let runState = RunState(try state.required("state")) else { throw JSONProblem(path: "state", "is no state of a run") }
        return ResolutionsAnswer(
            run: RunID(rawValue: try run.required("workflow_id")), state: runState, tasks: tasks, resolutions: resolutions)
    }

    private mutating func resolvableTask() throws -> ResolutionsAnswer.Task {
        var (id, definition, label): (String?, String?, String?) = (nil, nil, nil)
        var state: WorkflowState?
        var offers: [ResolutionOffer] = []
        try object { reader, member in
            switch member {
            case "task_instance_id": id = try reader.identifier()
            case "task_definition_id": definition = try reader.label()
            case "label": label = try reader.label()
            case "state": state = try reader.state()
            case "offers": offers = try reader.array { try $0.offer() }.compactMap(\.self)
            default: try reader.skip()
            }
        }
        guard let taskState = TaskState(try state.required("state")) else {
            throw JSONProblem(path: "state", "is no state of a task")
        }
        return ResolutionsAnswer.Task(
            id: TaskID(rawValue: try id.required("task_instance_id")), definitionID: try definition.required("task_definition_id"),
            label: try label.required("label"), state: taskState, offers: offers)
    }

    /// - Returns: nil for a resolution that only a newer service knows.
    private mutating func offer() throws -> ResolutionOffer? {
        var (word, sentence): (String?, String?) = (nil, nil)
        var startsRerun = false
        try object { reader, member in
            switch member {
            case "resolution": word = try reader.string()
            case "starts_rerun": startsRerun = try reader.boolean()
            case "sentence": sentence = try reader.string()
            default: try reader.skip()
            }
        }
        guard let resolution = word.flatMap(Resolution.init(rawValue:)), let sentence else { return nil }
        return ResolutionOffer(resolution: resolution, startsRerun: startsRerun, sentence: sentence)
    }
}
