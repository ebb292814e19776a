import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func createReceiver(_ receiver: AlertReceiver) async throws {
        try await write { database in
            let tenant = try database.numberMaking(receiver.tenant)
            guard try database.receiver(receiver.name, of: tenant) == nil else {
                throw StoreError(.duplicate, "A receiver with the name \(receiver.name) is there already.")
            }
            try database.save(receiver, of: tenant)
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

    public func changeReceiver(
        _ name: String, of tenant: Tenant, _ change: AlertReceiver.Change, at now: Timestamp
    ) async throws -> AlertReceiver? {
        try await write { database in
            guard let number = try database.number(of: tenant), var receiver = try database.receiver(name, of: number) else {
                return nil
            }
            receiver.apply(change, at: now)
            try database.save(receiver, of: number)
            if case .silenced(let reason) = change { try database.giveUpAlerts(to: name, of: number, reason) }
            return receiver
        }
    }

    public func dropReceiver(_ name: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await write { database in
            guard let number = try database.number(of: tenant) else { return false }
            try database.giveUpAlerts(to: name, of: number, "The receiver was dropped.")
            return try database.change("DELETE FROM alert_receivers WHERE tenant = ? AND name = ?", number, name) > 0
        }
    }

    public func configurationAlerts(of tenant: Tenant) async throws -> [ConfigurationAlerts] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.configurationAlerts(of: number, named: tenant)
        }
    }
}

extension Database {
    func receiver(_ name: String, of tenant: Int64) throws -> AlertReceiver? {
        try row(ReceiverStatement.columns + "WHERE r.tenant = ? AND r.name = ?", tenant, name) { try $0.nextReceiver() }
    }

    func save(_ receiver: AlertReceiver, of tenant: Int64) throws {
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
            Needs.text(receiver.rule.types), Needs.text(receiver.rule.configurations), receiver.secret, receiver.formerSecret,
            receiver.rotatedAt, receiver.createdAt, receiver.disabledAt, receiver.disabledReason)
    }

    func giveUpAlerts(to receiver: String, of tenant: Int64, _ reason: String) throws {
        try change(
            """
            UPDATE alerts SET state = 'given-up', next_at = NULL, answer = ?
            WHERE tenant = ? AND receiver = ? AND next_at IS NOT NULL
            """, reason, tenant, receiver)
    }

    func configurationAlerts(of tenant: Int64, named name: Tenant) throws -> [ConfigurationAlerts] {
        let rules = try rows(
            """
            SELECT configuration, receiver, events, attribution FROM alert_rules WHERE tenant = ?
            ORDER BY configuration, position
            """, tenant
        ) { columns in
            (
                try columns.next(String.self),
                AlertRoute(
                    to: try columns.next(), when: AlertRule(events: try columns.nextEvents(), attribution: try columns.next()))
            )
        }
        var found: [ConfigurationAlerts] = []
        for (configuration, route) in rules {
            if found.last?.configuration == configuration {
                found[found.count - 1].routes.append(route)
            } else {
                found.append(ConfigurationAlerts(tenant: name, configuration: configuration, routes: [route]))
            }
        }
        return found
    }

    /// What the version of a configuration says that is current from now on.
    func saveRoutes(_ routes: [AlertRoute], of configuration: String, tenant: Int64) throws {
        try change("DELETE FROM alert_rules WHERE tenant = ? AND configuration = ?", tenant, configuration)
        for (position, route) in routes.enumerated() {
            try change(
                """
                INSERT INTO alert_rules (tenant, configuration, position, receiver, events, attribution) VALUES (?, ?, ?, ?, ?, ?)
                """, tenant, configuration, position, route.receiver, route.rule.eventNames, route.rule.attribution)
        }
    }
}
