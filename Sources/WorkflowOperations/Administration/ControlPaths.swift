import WorkflowAPI
import WorkflowModel

/// The paths of the control socket.
enum ControlPaths {
    static let keys = "/keys"
    static let tenants = "/tenants"
    static let history = "/history"
    static let check = "/check"
    static let checkAudit = "/check-audit"
    static let auditEvents = "/audit-events"

    static func auditEvents(_ cutoff: Timestamp) -> String {
        "\(auditEvents)?happened_before=\(cutoff.milliseconds)"
    }

    static let endedRuns = "/ended-runs"

    static func endedRuns(_ cutoff: Timestamp, from place: RetentionPlace? = nil) -> String {
        let from = place.map { "&from=\(Paths.escaped($0.text))" } ?? ""
        return "\(endedRuns)?created_before=\(cutoff.milliseconds)\(from)"
    }

    static func key(_ id: String) -> String {
        "\(keys)/\(PathSegment.escaped(id))"
    }
}

extension ControlPaths {
    static let receivers = "/alert-receivers"

    static func receiver(_ name: String, of tenant: Tenant) -> String {
        "\(receivers)/\(tenant.name)/\(PathSegment.escaped(name))"
    }
}
