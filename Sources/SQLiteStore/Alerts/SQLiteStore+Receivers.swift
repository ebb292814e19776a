import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func createReceiver(_ receiver: AlertReceiver) async throws {
        try await write { database in
            let tenant = try database.findOrCreate(receiver.tenant)
            guard try database.lockedReceiver(receiver.name, of: tenant) == nil else {
                throw StoreError.exists("A receiver with the name \(receiver.name)")
            }
            try database.update(receiver, of: tenant)
            try database.record(.receiverCreated, AuditObject(receiver.name), of: receiver.tenant, numbered: tenant)
        }
    }

    public func receivers(of tenant: Tenant) async throws -> [AlertReceiver] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows(ReceiverStatement.columns + "WHERE r.tenant = ? ORDER BY r.name", number) {
                try $0.nextReceiver()
            }
        }
    }

    public func receiversOfAllTenants() async throws -> [AlertReceiver] {
        let all = try await read { database in
            try database.rows(ReceiverStatement.columns) { try $0.nextReceiver() }
        }
        return all.sorted { ($0.tenant.name, $0.name) < ($1.tenant.name, $1.name) }
    }

    public func changeReceiver(_ update: ReceiverUpdate, at now: Timestamp) async throws -> AlertReceiver? {
        try await write { database in
            guard let number = try database.number(of: update.tenant),
                let receiver = try database.lockedReceiver(update.receiver, of: number)
            else { return nil }
            let changed = try database.apply(update.change, to: receiver, of: number, at: now)
            if changed != receiver, let event = update.change.auditEvent {
                try database.record(event, AuditObject(update.receiver), of: update.tenant, numbered: number)
            }
            return changed
        }
    }

    public func deleteReceiver(_ name: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await write { database in
            guard let number = try database.number(of: tenant) else { return false }
            try database.giveUpAlerts(to: name, of: number, "The receiver was dropped.")
            let isDropped = try database.change("DELETE FROM alert_receivers WHERE tenant = ? AND name = ?", number, name) > 0
            try database.deleteSubscriptions(of: name, tenant: number)
            if isDropped { try database.record(.receiverDropped, AuditObject(name), of: tenant, numbered: number) }
            return isDropped
        }
    }

    public func configurationAlerts(of tenant: Tenant) async throws -> [ConfigurationAlerts] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.configurationAlerts(of: number, named: tenant)
        }
    }
}

extension DatabaseConnection {
    /// Writes a receiver, or replaces the one of that name.
    func update(_ receiver: AlertReceiver, of tenant: Int) throws {
        try change(
            """
            INSERT INTO alert_receivers (tenant, name, kind, url, events, attribution, types, configurations, secret,
                former_secret, rotated_at, created_at, disabled_at, disabled_reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, name) DO UPDATE SET kind = excluded.kind, url = excluded.url, events = excluded.events,
                attribution = excluded.attribution, types = excluded.types, configurations = excluded.configurations,
                secret = excluded.secret, former_secret = excluded.former_secret, rotated_at = excluded.rotated_at,
                disabled_at = excluded.disabled_at, disabled_reason = excluded.disabled_reason
            """,
            tenant, receiver.name, receiver.kind, receiver.url, receiver.rule.eventNames, receiver.rule.attribution,
            Needs.text(receiver.rule.types), Needs.text(receiver.rule.configurations), receiver.secret, receiver.previousSecret,
            receiver.rotatedAt, receiver.createdAt, receiver.disabledAt, receiver.disabledReason)
    }

    func configurationAlerts(of tenant: Int, named name: Tenant) throws -> [ConfigurationAlerts] {
        let rules = try rows(
            """
            SELECT configuration, receiver, events, attribution FROM alert_rules WHERE tenant = ?
            ORDER BY configuration, position
            """, tenant
        ) { (configuration: try $0.next(String.self), route: try $0.nextConfigurationRoute()) }
        return [ConfigurationAlerts](rules, of: name)
    }

    /// Replaces the alert rules of a configuration by those of its new current version.
    func saveRoutes(_ routes: [AlertRoute], of configuration: String, tenant: Int) throws {
        try change("DELETE FROM alert_rules WHERE tenant = ? AND configuration = ?", tenant, configuration)
        for (position, route) in routes.enumerated() {
            try change(
                """
                INSERT INTO alert_rules (tenant, configuration, position, receiver, events, attribution) VALUES (?, ?, ?, ?, ?, ?)
                """, tenant, configuration, position, route.receiver, route.rule.eventNames, route.rule.attribution)
        }
    }
}
