import StoreCore
import WorkflowModel

// Alerts are raised in the transaction of the change that they are about.
extension DatabaseConnection: AlertTransaction {
    func receiverRoutes(of tenant: Int) throws -> [AlertRoute] {
        try rows(
            """
            SELECT name, events, attribution, types, configurations FROM alert_receivers
            WHERE tenant = ? AND disabled_at IS NULL
            """, tenant
        ) { try $0.nextReceiverRoute() }
    }

    func configurationRoutes(of configuration: String, tenant: Int) throws -> [AlertRoute] {
        try rows(
            "SELECT receiver, events, attribution FROM alert_rules WHERE tenant = ? AND configuration = ?", tenant, configuration
        ) { try $0.nextConfigurationRoute() }
    }

    func alertedRun(_ run: Int, of tenant: Int) throws -> AlertedRun? {
        try row(SubscriptionStatement.alertedRun, run) { try $0.nextAlertedRun() }
    }

    func currentTitle(of configuration: String, tenant: Int) throws -> (name: String, type: String)? {
        try row(
            """
            SELECT v.name, v.type FROM configurations AS c CROSS JOIN configuration_versions AS v ON v.number = c.version
            WHERE c.tenant = ? AND c.id = ?
            """, tenant, configuration
        ) { (try $0.next(String.self), try $0.next(String.self)) }
    }

    func insert(_ alerts: [Alert], about run: Int?, of tenant: Int) throws {
        for alert in alerts {
            let tick = alert.subject.tick
            try change(
                """
                INSERT INTO alerts (tenant, id, receiver, event, run, schedule, nominal_at, title, configuration, occurred_at, state,
                    attempts, next_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING
                """,
                tenant, alert.id, alert.receiver, alert.event, run, tick?.schedule, tick?.nominal, alert.title,
                alert.configuration, alert.occurredAt, alert.state, alert.attempts, alert.nextAttemptAt)
        }
    }

    func lockedReceiver(_ name: String, of tenant: Int) throws -> AlertReceiver? {
        try row(ReceiverStatement.columns + "WHERE r.tenant = ? AND r.name = ?", tenant, name) { try $0.nextReceiver() }
    }

    func lockedAlert(_ id: String, of tenant: Int) throws -> StoredAlert? {
        let name = try self.tenant(numbered: tenant)
        return try row(AlertStatement.columns + "WHERE a.tenant = ? AND a.id = ?", tenant, id) { try $0.nextAlert(of: name) }
    }

    func save(_ stored: StoredAlert) throws {
        let alert = stored.alert
        try change(
            "UPDATE alerts SET state = ?, attempts = ?, next_at = ?, last_attempt_at = ?, answer = ? WHERE number = ?",
            alert.state, alert.attempts, alert.nextAttemptAt, alert.lastAttemptAt, alert.answer, stored.number)
    }

    func release(_ receiver: String, of tenant: Int, busyUntil expiry: Timestamp?) throws {
        try change(
            "UPDATE alert_receivers SET busy_until = NULL WHERE tenant = ? AND name = ? AND busy_until = ?", tenant, receiver,
            expiry)
    }

    func giveUpAlerts(to receiver: String, of tenant: Int, _ reason: String) throws {
        try change(
            """
            UPDATE alerts SET state = 'given-up', next_at = NULL, answer = ?
            WHERE tenant = ? AND receiver = ? AND next_at IS NOT NULL
            """, reason, tenant, receiver)
    }
}
