import HTTPTypes
import WorkflowModel

/// The audit log.
public enum AuditEndpoints {
    public static let all = [list]

    public static let list = Endpoint(
        "listAuditEvents", .get, "/api/audit-events", .policy(.admin), tag: .audit,
        summary: "Lists the events of the tenant's audit log, newest first.",
        details: """
            By happened_at, equal times by event_id. Every change that a person or a key makes is an event, written in the transaction \
            of the change. Walking all pages shows every event that was there when the walk began exactly once.
            """,
        parameters: AuditQueryParameters.parameters,
        responses: [.json("A page of events.", "AuditEventList")])
}
