import StoreCore
import WorkflowModel

enum ReceiverStatement {
    static let columns = """
        SELECT r.tenant, r.name, r.kind, r.url, r.events, r.attribution, r.types, r.configurations, r.secret, r.former_secret,
            r.rotated_at, r.created_at, r.disabled_at, r.disabled_reason
        FROM alert_receivers AS r

        """
}

enum AlertStatement {
    static let columns = """
        SELECT a.tenant, a.number, a.token, a.id, a.receiver, a.event, a.run, a.schedule, a.nominal_at, a.title, a.configuration,
            a.occurred_at, a.state, a.attempts, a.next_at, a.last_attempt_at, a.answer, a.run_created_at
        FROM alerts AS a

        """
}

extension PostgresConnection {
    func nextReceiver(_ columns: inout ColumnReader) throws -> AlertReceiver {
        let tenant = try tenant(numbered: try columns.next())
        return try columns.nextReceiver(of: tenant)
    }

    func nextAlert(_ columns: inout ColumnReader) throws -> StoredAlert {
        let tenant = try tenant(numbered: try columns.next())
        return try columns.nextAlert(of: tenant)
    }
}
