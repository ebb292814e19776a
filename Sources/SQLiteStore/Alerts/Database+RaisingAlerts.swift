import GRDB
import WorkflowModel

// Raising alerts, in the transaction in which happened what they are about. A tenant without receivers pays one look.
extension Database {
    /// A run has just ended.
    func raiseAlerts(for run: StoredRun) throws {
        guard !run.isImported, let event = AlertEvent(endedIn: run.progress.state), let endedAt = run.progress.endedAt else {
            return
        }
        try raiseAlerts(
            event, of: run.number, tenant: run.tenant,
            attribution: event == .failed ? run.progress.error?.attribution : nil, at: endedAt)
    }

    /// - Parameter attribution: whose fault it is; nil when it is nobody's.
    func raiseAlerts(
        _ event: AlertEvent, of run: Int64, tenant: Int64, attribution: Attribution? = nil, at now: Timestamp
    ) throws {
        guard try hasReceivers(tenant) else { return }
        let matter = try row(
            """
            SELECT r.id, r.name, r.configuration, t.name FROM runs AS r CROSS JOIN run_types AS t ON t.number = r.type
            WHERE r.number = ?
            """, run
        ) { columns in
            AlertMatter(
                event, of: .run(try columns.next()), title: try columns.next(), configuration: try columns.next(),
                type: try columns.next(), attribution: attribution, at: now)
        }
        if let matter { try raise(matter, run: run, tenant: tenant) }
    }

    /// Ticks were missed, perhaps.
    func raiseAlerts(for decision: ScheduleDecision, tenant: Int64, at now: Timestamp) throws {
        guard decision.ticks.contains(where: { $0.outcome == .missed }), try hasReceivers(tenant) else { return }
        let current = try row(
            """
            SELECT v.name, v.type FROM configurations AS c CROSS JOIN configuration_versions AS v ON v.number = c.version
            WHERE c.tenant = ? AND c.id = ?
            """, tenant, decision.configuration
        ) { (name: try $0.next(String.self), type: try $0.next(String.self)) }
        let (title, type) = (current?.name ?? decision.configuration, current?.type ?? "")
        for matter in decision.missedTicks(title: title, type: type, at: now) { try raise(matter, run: nil, tenant: tenant) }
    }

    private func hasReceivers(_ tenant: Int64) throws -> Bool {
        try row("SELECT 1 FROM alert_receivers WHERE tenant = ? LIMIT 1", tenant) { _ in true } ?? false
    }

    private func raise(_ matter: AlertMatter, run: Int64?, tenant: Int64) throws {
        guard let name = try self.tenant(numbered: tenant) else { return }
        for receiver in try routes(for: matter.configuration, tenant: tenant).receivers(for: matter) {
            try insert(Alert(matter, of: name, to: receiver), run: run, tenant: tenant)
        }
    }

    /// The rules of receivers that are told of anything, and those of the configuration that name one.
    private func routes(for configuration: String, tenant: Int64) throws -> [AlertRoute] {
        let own = try rows(
            """
            SELECT name, events, attribution, types, configurations FROM alert_receivers
            WHERE tenant = ? AND disabled_at IS NULL
            """, tenant
        ) { columns in
            AlertRoute(
                to: try columns.next(),
                when: AlertRule(
                    events: try columns.nextEvents(), attribution: try columns.next(), types: try Needs.ids(try columns.next()),
                    configurations: try Needs.ids(try columns.next())))
        }
        let ofConfiguration = try rows(
            """
            SELECT u.receiver, u.events, u.attribution FROM alert_rules AS u
            CROSS JOIN alert_receivers AS r ON r.tenant = u.tenant AND r.name = u.receiver
            WHERE u.tenant = ? AND u.configuration = ? AND r.disabled_at IS NULL
            """, tenant, configuration
        ) { columns in
            AlertRoute(
                to: try columns.next(), when: AlertRule(events: try columns.nextEvents(), attribution: try columns.next()))
        }
        return own + ofConfiguration
    }

    private func insert(_ alert: Alert, run: Int64?, tenant: Int64) throws {
        var schedule: String?
        var nominal: Timestamp?
        if case .tick(let text, let instant) = alert.subject { (schedule, nominal) = (text, instant) }
        try change(
            """
            INSERT INTO alerts (tenant, id, receiver, event, run, schedule, nominal_at, title, configuration, occurred_at, state,
                attempts, next_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING
            """,
            tenant, alert.id, alert.receiver, alert.event, run, schedule, nominal, alert.title, alert.configuration,
            alert.occurredAt, alert.state, alert.attempts, alert.nextAttemptAt)
    }
}
