import WorkflowAPI
import WorkflowModel

/// The paths of the control socket.
enum ControlPaths {
    static let keys = "/keys"
    static let tenants = "/tenants"
    static let history = "/history"
    static let check = "/check"
    static let checkAudit = "/check-audit"
    static let rekeySecrets = "/rekey-secrets"
    static let auditEvents = "/audit-events"

    static func auditEvents(_ cutoff: Timestamp) -> String {
        "\(auditEvents)?happened_before=\(cutoff.milliseconds)"
    }

    static let endedRuns = "/ended-runs"

    /// - Parameter isCounting: whether deleted runs are added to the statistics.
    static func endedRuns(
        _ cutoff: Timestamp, from place: RetentionPlace? = nil, addingToStatistics isCounting: Bool = true
    ) -> String {
        let from = place.map { "&from=\(Paths.escaped($0.text))" } ?? ""
        return "\(endedRuns)?created_before=\(cutoff.milliseconds)\(from)\(isCounting ? "" : "&statistics=false")"
    }

    static func statistics(before day: Timestamp) -> String {
        "/statistics?created_before=\(day.milliseconds)"
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
