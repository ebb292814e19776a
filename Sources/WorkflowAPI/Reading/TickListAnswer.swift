public import WorkflowModel

/// A page of ticks, as a client reads it.
public struct TickListAnswer: Hashable, Sendable {
    public var ticks: [ScheduleTick]
    /// nil on the last page.
    public var nextToken: String?

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        var ticks: [ScheduleTick]?
        var token: String?
        try JSONReader.read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "data": ticks = try reader.array { try $0.tick() }
                case "next_token": token = try reader.optional { try $0.string() }
                default: try reader.skip()
                }
            }
        }
        self.ticks = try ticks.required("data")
        nextToken = token
    }
}

extension JSONReader {
    fileprivate mutating func tick() throws -> ScheduleTick {
        var texts: [String: String] = [:]
        var times: [String: Timestamp] = [:]
        var isBackfilled = false
        var tenant: Tenant?
        try object { reader, name in
            switch name {
            case "tenant": tenant = try reader.tenant()
            case "config_id", "schedule", "outcome", "reason", "note", "workflow_id":
                texts[name] = try reader.optional { try $0.string() }
            case "scheduled_for", "merged_into", "due_at", "range_from", "decided_at":
                times[name] = try reader.optional { try $0.timestamp() }
            case "is_backfilled": isBackfilled = try reader.boolean()
            default: try reader.skip()
            }
        }
        let outcome = try texts["outcome"].required("outcome")
        return ScheduleTick(
            tenant: try tenant.required("tenant"), configuration: try texts["config_id"].required("config_id"),
            schedule: try texts["schedule"].required("schedule"),
            instant: try times["scheduled_for"].required("scheduled_for"),
            outcome: try TickOutcome(rawValue: outcome).required("outcome"),
            reason: texts["reason"].flatMap(TickReason.init(rawValue:)), note: texts["note"],
            run: texts["workflow_id"].map(RunID.init(rawValue:)), mergedInto: times["merged_into"], dueAt: times["due_at"],
            periodFrom: times["range_from"],
            decidedAt: try times["decided_at"].required("decided_at"), isBackfilled: isBackfilled)
    }
}
