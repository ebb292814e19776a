public import WorkflowModel

/// A page of firings, as a client reads it.
public struct FiringListAnswer: Hashable, Sendable {
    public var firings: [TriggerFiring]
    /// nil on the last page.
    public var nextToken: String?

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        var firings: [TriggerFiring]?
        var token: String?
        try JSONReader.read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "data": firings = try reader.array { try $0.firing() }
                case "next_token": token = try reader.optional { try $0.string() }
                default: try reader.skip()
                }
            }
        }
        self.firings = try firings.required("data")
        nextToken = token
    }
}

extension JSONReader {
    mutating func firing() throws -> TriggerFiring {
        var texts: [String: String] = [:]
        var times: [String: Timestamp] = [:]
        var depth: Int?
        var parameters = RunParameters()
        var tenant: Tenant?
        try object { reader, name in
            switch name {
            case "tenant": tenant = try reader.tenant()
            case "config_id", "after", "after_workflow_id", "after_state", "webhook", "delivery_id", "outcome", "note",
                "workflow_id":
                texts[name] = try reader.optional { try $0.string() }
            case "fired_at", "due_at", "decided_at": times[name] = try reader.optional { try $0.timestamp() }
            case "depth": depth = try reader.integer()
            case "parameters": parameters = try reader.optional { try $0.parametersOfAnyRun() } ?? RunParameters()
            default: try reader.skip()
            }
        }
        let outcome = try texts["outcome"].required("outcome")
        return TriggerFiring(
            tenant: try tenant.required("tenant"), configuration: try texts["config_id"].required("config_id"),
            cause: try Self.cause(texts), firedAt: try times["fired_at"].required("fired_at"), depth: try depth.required("depth"),
            outcome: try FiringOutcome(rawValue: outcome).required("outcome"), note: texts["note"],
            run: texts["workflow_id"].map(RunID.init(rawValue:)), parameters: parameters, dueAt: times["due_at"],
            decidedAt: times["decided_at"])
    }

    private static func cause(_ texts: [String: String]) throws -> TriggerFiring.Cause {
        if let webhook = texts["webhook"] {
            return .webhook(ExactText(webhook), delivery: ExactText(try texts["delivery_id"].required("delivery_id")))
        }
        let state = try texts["after_state"].required("after_state")
        return .run(
            RunID(rawValue: try texts["after_workflow_id"].required("after_workflow_id")),
            of: ExactText(try texts["after"].required("after")), state: try RunState(rawValue: state).required("after_state"))
    }

    /// In bytes. Longer ones can only be in history of other services.
    private static let longestTrigger = 4_096

    /// The trigger that started a run.
    mutating func runTrigger() throws -> RunTrigger {
        let text = try json().text
        guard text.utf8.count <= Self.longestTrigger, let trigger = RunTrigger(storedText: text) else {
            throw JSONProblem("is not an object with firing_id, depth, and either workflow_id and config_id or webhook")
        }
        return trigger
    }
}
