import StoreCore
import WorkflowModel

enum ReceiverStatement {
    static let columns = """
        SELECT t.name, r.name, r.kind, r.url, r.events, r.attribution, r.types, r.configurations, r.secret, r.former_secret,
            r.rotated_at, r.created_at, r.disabled_at, r.disabled_reason
        FROM alert_receivers AS r CROSS JOIN tenants AS t ON t.number = r.tenant

        """
}

enum AlertStatement {
    static let columns = """
        SELECT a.number, a.token, a.id, a.receiver, a.event, u.id, a.schedule, a.nominal_at, a.title, a.configuration,
            a.occurred_at, a.state, a.attempts, a.next_at, a.last_attempt_at, a.answer, u.created_at
        FROM alerts AS a LEFT JOIN runs AS u ON u.number = a.run

        """
}

extension ColumnReader {
    mutating func nextReceiver() throws -> AlertReceiver {
        let tenant = try nextTenant()
        return try nextReceiver(of: tenant)
    }
}
