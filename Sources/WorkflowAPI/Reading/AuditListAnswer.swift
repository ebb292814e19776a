public import WorkflowModel

/// A page of the audit log, as a client reads it.
public struct AuditListAnswer: Hashable, Sendable {
    public var events: [AuditEvent]
    /// nil on the last page.
    public var nextToken: String?
    /// nil when it was not requested.
    public var total: Int?

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        var events: [AuditEvent]?
        var token: String?
        var total: Int?
        try JSONReader.read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "data": events = try reader.array { try $0.auditEvent() }
                case "next_token": token = try reader.optional { try $0.string() }
                case "total": total = try reader.optional { try $0.integer() }
                default: try reader.skip()
                }
            }
        }
        self.events = try events.required("data")
        nextToken = token
        self.total = total
    }
}

extension JSONReader {
    fileprivate mutating func auditEvent() throws -> AuditEvent {
        var texts: [String: String] = [:]
        var tenant: Tenant?
        var happenedAt: Timestamp?
        try object { reader, name in
            switch name {
            case "tenant": tenant = try reader.tenant()
            case "happened_at": happenedAt = try reader.timestamp()
            case "event_id", "event_type", "principal_id", "principal_name", "principal_email", "object_id", "object_name",
                "origin_ip", "user_agent", "session_id":
                texts[name] = try reader.optional { try $0.string() }
            default: try reader.skip()
            }
        }
        let email = texts["principal_email"].flatMap { $0.isEmpty ? nil : $0 }
        return AuditEvent(
            id: AuditEventID(rawValue: try texts["event_id"].required("event_id")),
            type: try texts["event_type"].required("event_type"), tenant: try tenant.required("tenant"),
            happenedAt: try happenedAt.required("happened_at"),
            principal: Principal(id: texts["principal_id"] ?? "", name: texts["principal_name"] ?? "", email: email),
            object: AuditObject(texts["object_id"] ?? "", name: texts["object_name"]),
            origin: AuditOrigin(
                address: texts["origin_ip"] ?? "", userAgent: texts["user_agent"] ?? "", session: texts["session_id"] ?? ""))
    }
}
