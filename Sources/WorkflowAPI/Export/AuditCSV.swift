public import NIOCore
public import WorkflowModel

/// The audit log as CSV, with the columns of its JSON form.
public enum AuditCSV {
    /// - Parameter isFirst: whether the names of the columns come first.
    public static func document(_ events: [AuditEvent], isFirst: Bool) -> ByteBuffer {
        var csv = CSVWriter(capacity: 256 + events.count * 320)
        if isFirst {
            for column in AuditColumn.allCases { csv.text(column.rawValue) }
            csv.endRow()
        }
        for event in events {
            for column in AuditColumn.allCases { csv.text(column.text(of: event)) }
            csv.endRow()
        }
        return csv.buffer
    }
}

/// A column of the audit log as CSV.
enum AuditColumn: String, CaseIterable, Sendable {
    case eventID = "event_id"
    case eventType = "event_type"
    case tenant
    case tenantFamily = "tenant_family"
    case happenedAt = "happened_at"
    case principalID = "principal_id"
    case principalName = "principal_name"
    case principalEmail = "principal_email"
    case objectID = "object_id"
    case objectName = "object_name"
    case originIP = "origin_ip"
    case userAgent = "user_agent"
    case sessionID = "session_id"

    func text(of event: AuditEvent) -> String {
        switch self {
        case .eventID: event.id.rawValue
        case .eventType: event.type
        case .tenant: event.tenant.name
        case .tenantFamily: event.tenantFamily.name
        case .happenedAt: event.happenedAt.iso8601
        case .principalID: event.principal.id
        case .principalName: event.principal.name
        case .principalEmail: event.principal.email ?? ""
        case .objectID: event.object.id
        case .objectName: event.object.name ?? ""
        case .originIP: event.origin.address
        case .userAgent: event.origin.userAgent
        case .sessionID: event.origin.session
        }
    }
}
