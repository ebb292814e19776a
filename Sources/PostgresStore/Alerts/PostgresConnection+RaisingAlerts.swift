import WorkflowModel

// Raising alerts, in the transaction in which happened what they are about. A tenant without receivers pays one look.
extension PostgresConnection {
    /// Runs have just ended.
    func raiseAlerts(for runs: [StoredRun]) throws {
        for run in runs where !run.isImported {
            guard let event = AlertEvent(endedIn: run.progress.state), let endedAt = run.progress.endedAt else { continue }
            try raiseAlerts(
                event, of: run.key, attribution: event == .failed ? run.progress.error?.attribution : nil, at: endedAt)
        }
    }

    /// - Parameter attribution: whose fault it is; nil when it is nobody's.
    func raiseAlerts(_ event: AlertEvent, of run: RunKey, attribution: Attribution? = nil, at now: Timestamp) throws {
        let own = try receiversOwnRoutes(of: run.tenant)
        guard !own.isEmpty else { return }
        let matter = try row(
            """
            SELECT r.name, r.configuration, t.name FROM runs AS r JOIN run_types AS t ON t.number = r.type
            WHERE r.tenant = $1 AND r.created_at = $2 AND r.id = $3
            """, run.tenant, run.createdAt, run.id
        ) { columns in
            AlertMatter(
                event, of: .run(run.id), title: try columns.next(), configuration: try columns.next(String?.self) ?? "",
                type: try columns.next(), attribution: attribution, at: now)
        }
        if let matter { try raise(matter, run: run, tenant: run.tenant, own: own) }
    }

    /// Ticks were missed, perhaps.
    func raiseAlerts(for decision: ScheduleDecision, tenant: Int, at now: Timestamp) throws {
        guard decision.ticks.contains(where: { $0.outcome == .missed }) else { return }
        let own = try receiversOwnRoutes(of: tenant)
        guard !own.isEmpty else { return }
        let current = try row(
            """
            SELECT v.name, v.type FROM configurations AS c JOIN configuration_versions AS v ON v.number = c.version
            WHERE c.tenant = $1 AND c.id = $2
            """, tenant, decision.configuration
        ) { (name: try $0.next(String.self), type: try $0.next(String.self)) }
        let (title, type) = (current?.name ?? decision.configuration, current?.type ?? "")
        for matter in decision.missedTicks(title: title, type: type, at: now) {
            try raise(matter, run: nil, tenant: tenant, own: own)
        }
    }

    /// The rules of receivers that are told of anything; one that says nothing is there too.
    private func receiversOwnRoutes(of tenant: Int) throws -> [AlertRoute] {
        try rows(
            """
            SELECT name, events, attribution, types, configurations FROM alert_receivers
            WHERE tenant = $1 AND disabled_at IS NULL
            """, tenant
        ) { columns in
            AlertRoute(
                to: try columns.next(),
                when: AlertRule(
                    events: try columns.nextEvents(), attribution: try columns.next(), types: try Needs.ids(try columns.next()),
                    configurations: try Needs.ids(try columns.next())))
        }
    }

    private func raise(_ matter: AlertMatter, run: RunKey?, tenant: Int, own: [AlertRoute]) throws {
        let known = Set(own.map(\.receiver))
        let ofConfiguration = try rows(
            "SELECT receiver, events, attribution FROM alert_rules WHERE tenant = $1 AND configuration = $2",
            tenant, matter.configuration
        ) { columns in
            AlertRoute(
                to: try columns.next(), when: AlertRule(events: try columns.nextEvents(), attribution: try columns.next()))
        }.filter { known.contains($0.receiver) }
        let name = try self.tenant(numbered: tenant)
        let alerts = (own + ofConfiguration).receivers(for: matter).map { Alert(matter, of: name, to: $0) }
        try insert(alerts.map { TransferredAlert(alert: $0, runCreatedAt: run?.createdAt) }, of: tenant)
    }

    /// Those that are there already stay as they are.
    func insert(_ alerts: [TransferredAlert], of tenant: Int) throws {
        for record in alerts {
            let alert = record.alert
            var run: RunID?
            var schedule: String?
            var nominal: Timestamp?
            switch alert.subject {
            case .run(let id): run = id
            case .tick(let text, let instant): (schedule, nominal) = (text, instant)
            }
            try change(
                """
                INSERT INTO alerts (tenant, id, receiver, event, run, run_created_at, schedule, nominal_at, title, configuration,
                    occurred_at, state, attempts, next_at, last_attempt_at, answer)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
                ON CONFLICT (tenant, id) DO NOTHING
                """,
                tenant, alert.id, alert.receiver, alert.event, run, record.runCreatedAt, schedule, nominal, alert.title,
                alert.configuration, alert.occurredAt, alert.state, alert.attempts, alert.nextAttemptAt, alert.lastAttemptAt,
                alert.answer)
        }
    }
}
