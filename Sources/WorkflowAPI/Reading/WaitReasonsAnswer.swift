public import WorkflowModel

/// The wait reasons of a run, as a client reads them.
public struct WaitReasonsAnswer: Hashable, Sendable {
    public struct Task: Hashable, Sendable {
        public var label: String
        public var state: TaskState
        public var since: Timestamp
        public var message: String
    }

    public var message: String
    public var tasks: [Task]
    /// The whole answer.
    public var json: JSONText

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        var message: String?
        var tasks: [Task] = []
        try JSONReader.read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "message": message = try reader.string()
                case "tasks": tasks = try reader.array { try Self.task(&$0) }
                default: try reader.skip()
                }
            }
        }
        self.message = try message.required("message")
        self.tasks = tasks
        json = JSONText(validated: String(decoding: bytes, as: UTF8.self))
    }

    private static func task(_ reader: inout JSONReader) throws -> Task {
        var texts: [String: String] = [:]
        var state: TaskState?
        var since: Timestamp?
        try reader.object { reader, name in
            switch name {
            case "label", "message": texts[name] = try reader.string()
            case "state": state = TaskState(try reader.state())
            case "since": since = try reader.timestamp()
            default: try reader.skip()
            }
        }
        return Task(
            label: try texts["label"].required("label"), state: try state.required("state"), since: try since.required("since"),
            message: try texts["message"].required("message"))
    }
}
