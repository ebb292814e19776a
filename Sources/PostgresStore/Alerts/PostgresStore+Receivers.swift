import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func createReceiver(_ receiver: AlertReceiver) async throws {
        try await write { (database, attempt: inout WriteAttempt<Void>) in
            let tenant = try database.findOrCreate(receiver.tenant)
            // An earlier try, whose answer was lost, has created it.
            if attempt.former != nil, try database.receiver(receiver.name, of: tenant) == receiver { return }
            do {
                try database.insert(receiver, of: tenant)
            } catch let failure as PostgresFailure where failure.isRefusal(.uniqueViolation) {
                throw StoreError.exists("A receiver with the name \(receiver.name)", cause: failure)
            }
            try database.record(.receiverCreated, AuditObject(receiver.name), of: receiver.tenant, numbered: tenant)
        }
    }

    public func receivers(of tenant: Tenant) async throws -> [AlertReceiver] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows(ReceiverStatement.columns + "WHERE r.tenant = $1 ORDER BY r.name", number) {
                try database.nextReceiver(&$0)
            }
        }
    }

    public func receiversOfAllTenants() async throws -> [AlertReceiver] {
        let all = try await read { database in
            try database.rows(ReceiverStatement.columns + "ORDER BY r.tenant, r.name") { try database.nextReceiver(&$0) }
        }
        return all.sorted { ($0.tenant.name, $0.name) < ($1.tenant.name, $1.name) }
    }

    public func changeReceiver(_ update: ReceiverUpdate, at now: Timestamp) async throws -> AlertReceiver? {
        try await write { (database, attempt: inout WriteAttempt<AlertReceiver?>) in
            guard let number = try database.number(of: update.tenant),
                let receiver = try database.lockedReceiver(update.receiver, of: number)
            else { return nil }
            // A second rotation would make the new secret the previous one.
            if let former = attempt.former, former == receiver { return receiver }
            let changed = try database.apply(update.change, to: receiver, of: number, at: now)
            if changed != receiver, let event = update.change.auditEvent {
                try database.record(event, AuditObject(update.receiver), of: update.tenant, numbered: number)
            }
            return changed
        }
    }

    public func deleteReceiver(_ name: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await write { (database, attempt: inout WriteAttempt<Bool>) in
            guard let number = try database.number(of: tenant) else { return false }
            let dropped = try database.change("DELETE FROM alert_receivers WHERE tenant = $1 AND name = $2", number, name)
            try database.giveUpAlerts(to: name, of: number, "The receiver was dropped.")
            try database.deleteSubscriptions(of: name, tenant: number)
            if dropped > 0 { try database.record(.receiverDropped, AuditObject(name), of: tenant, numbered: number) }
            return dropped > 0 || attempt.former == true
        }
    }

    public func configurationAlerts(of tenant: Tenant) async throws -> [ConfigurationAlerts] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.configurationAlerts(of: number, named: tenant)
        }
    }
}

extension PostgresConnection {
    fileprivate func receiver(_ name: String, of tenant: Int) throws -> AlertReceiver? {
        try row(ReceiverStatement.columns + "WHERE r.tenant = $1 AND r.name = $2", tenant, name) { try nextReceiver(&$0) }
    }

    func insert(_ receiver: AlertReceiver, of tenant: Int) throws {
        try change(
            """
            INSERT INTO alert_receivers (tenant, name, kind, url, events, attribution, types, configurations, secret,
                former_secret, rotated_at, created_at, disabled_at, disabled_reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """,
            tenant, receiver.name, receiver.kind, receiver.url, receiver.rule.eventNames, receiver.rule.attribution,
            Needs.text(receiver.rule.types), Needs.text(receiver.rule.configurations), receiver.secret, receiver.previousSecret,
            receiver.rotatedAt, receiver.createdAt, receiver.disabledAt, receiver.disabledReason)
    }

    func update(_ receiver: AlertReceiver, of tenant: Int) throws {
        try change(
            """
            UPDATE alert_receivers SET kind = $3, url = $4, events = $5, attribution = $6, types = $7, configurations = $8,
                secret = $9, former_secret = $10, rotated_at = $11, disabled_at = $12, disabled_reason = $13
            WHERE tenant = $1 AND name = $2
            """,
            tenant, receiver.name, receiver.kind, receiver.url, receiver.rule.eventNames, receiver.rule.attribution,
            Needs.text(receiver.rule.types), Needs.text(receiver.rule.configurations), receiver.secret, receiver.previousSecret,
            receiver.rotatedAt, receiver.disabledAt, receiver.disabledReason)
    }

    func configurationAlerts(of tenant: Int, named name: Tenant) throws -> [ConfigurationAlerts] {
        let rules = try rows(
            """
            SELECT configuration, receiver, events, attribution FROM alert_rules WHERE tenant = $1
            ORDER BY configuration, position
            """, tenant
        ) { (configuration: try $0.next(String.self), route: try $0.nextConfigurationRoute()) }
        return [ConfigurationAlerts](rules, of: name)
    }

    /// Replaces the alert rules of a configuration by those of its new current version.
    func saveRoutes(_ routes: [AlertRoute], of configuration: String, tenant: Int) throws {
        try change("DELETE FROM alert_rules WHERE tenant = $1 AND configuration = $2", tenant, configuration)
        guard !routes.isEmpty else { return }
        _ = try execute(
            """
            INSERT INTO alert_rules (tenant, configuration, position, receiver, events, attribution)
            SELECT $1, $2, c.* FROM unnest($3, $4, $5, $6) AS c
            """,
            [
                tenant, configuration, Column(Array(routes.indices)), Column(routes.map(\.receiver)),
                Column(routes.map(\.rule.eventNames)), Column(routes.map(\.rule.attribution)),
            ])
    }
}
