import StoreCore
import WorkflowModel

// Alerts are raised in the transaction of the change that they are about.
extension PostgresConnection: AlertTransaction {
    func receiverRoutes(of tenant: Int) throws -> [AlertRoute] {
        try rows(
            """
            SELECT name, events, attribution, types, configurations FROM alert_receivers
            WHERE tenant = $1 AND disabled_at IS NULL
            """, tenant
        ) { try $0.nextReceiverRoute() }
    }

    func configurationRoutes(of configuration: String, tenant: Int) throws -> [AlertRoute] {
        try rows(
            "SELECT receiver, events, attribution FROM alert_rules WHERE tenant = $1 AND configuration = $2", tenant, configuration
        ) { try $0.nextConfigurationRoute() }
    }

    func alertedRun(_ run: RunKey, of tenant: Int) throws -> AlertedRun? {
        try row(SubscriptionStatement.alertedRun, tenant, run.createdAt, run.id) { try $0.nextAlertedRun() }
    }

    func currentTitle(of configuration: String, tenant: Int) throws -> (name: String, type: String)? {
        try row(
            """
            SELECT v.name, v.type FROM configurations AS c JOIN configuration_versions AS v ON v.number = c.version
            WHERE c.tenant = $1 AND c.id = $2
            """, tenant, configuration
        ) { (try $0.next(String.self), try $0.next(String.self)) }
    }

    func insert(_ alerts: [Alert], about run: RunKey?, of tenant: Int) throws {
        for alert in alerts { try insert(TransferredAlert(alert: alert, runCreatedAt: run?.createdAt), of: tenant) }
    }

    func insert(_ record: TransferredAlert, of tenant: Int) throws {
        let alert = record.alert
        let tick = alert.subject.tick
        try change(
            """
            INSERT INTO alerts (tenant, id, receiver, event, run, run_created_at, schedule, nominal_at, title, configuration,
                occurred_at, state, attempts, next_at, last_attempt_at, answer)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            ON CONFLICT (tenant, id) DO NOTHING
            """,
            tenant, alert.id, alert.receiver, alert.event, alert.subject.run, record.runCreatedAt, tick?.schedule, tick?.nominal,
            alert.title, alert.configuration, alert.occurredAt, alert.state, alert.attempts, alert.nextAttemptAt,
            alert.lastAttemptAt, alert.answer)
    }

    func lockedReceiver(_ name: String, of tenant: Int) throws -> AlertReceiver? {
        try row(ReceiverStatement.columns + "WHERE r.tenant = $1 AND r.name = $2 FOR UPDATE", tenant, name) {
            try nextReceiver(&$0)
        }
    }

    func lockedAlert(_ id: String, of tenant: Int) throws -> StoredAlert? {
        try row(AlertStatement.columns + "WHERE a.tenant = $1 AND a.id = $2 FOR UPDATE", tenant, id) { try nextAlert(&$0) }
    }

    func save(_ stored: StoredAlert) throws {
        let alert = stored.alert
        try change(
            "UPDATE alerts SET state = $1, attempts = $2, next_at = $3, last_attempt_at = $4, answer = $5 WHERE number = $6",
            alert.state, alert.attempts, alert.nextAttemptAt, alert.lastAttemptAt, alert.answer, stored.number)
    }

    func release(_ receiver: String, of tenant: Int, busyUntil expiry: Timestamp?) throws {
        try change(
            "UPDATE alert_receivers SET busy_until = NULL WHERE tenant = $1 AND name = $2 AND busy_until = $3", tenant, receiver,
            expiry)
    }

    func giveUpAlerts(to receiver: String, of tenant: Int, _ reason: String) throws {
        try change(
            """
            UPDATE alerts SET state = 'given-up', next_at = NULL, answer = $1
            WHERE tenant = $2 AND receiver = $3 AND next_at IS NOT NULL
            """, reason, tenant, receiver)
    }
}
