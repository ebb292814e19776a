public import NIOCore
public import WorkflowModel

/// Events of the audit log on the wire. Every member but `object_name` is always there, empty where it is not known.
extension JSONWriter {
    public mutating func auditEvent(_ event: AuditEvent) {
        object { json in
            json.member("event_id", event.id.rawValue)
            json.member("event_type", event.type)
            json.member("tenant", event.tenant.name)
            json.member("tenant_family", event.tenantFamily.name)
            json.member("happened_at", event.happenedAt)
            json.member("principal_id", event.principal.id)
            json.member("principal_name", event.principal.name)
            json.member("principal_email", event.principal.email ?? "")
            json.member("object_id", event.object.id)
            json.member("object_name", event.object.name)
            json.member("origin_ip", event.origin.address)
            json.member("user_agent", event.origin.userAgent)
            json.member("session_id", event.origin.session)
        }
    }
}

extension AuditEvent {
    /// The production's tenant of a sandbox, else the tenant. This service does not know which tenants are sandboxes of others.
    var tenantFamily: Tenant { tenant }
}

extension AuditEventPage {
    /// - Parameter nextToken: nil on the last page.
    public func document(nextToken: String?) -> ByteBuffer {
        JSONWriter.document(capacity: 64 + events.count * 512) { json in
            json.object { json in
                json.name("data")
                json.array(of: events) { json, event in json.auditEvent(event) }
                json.member("next_token", nextToken)
                json.member("total", total)
            }
        }
    }
}
