import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func settings(of tenant: Tenant) async throws -> TenantSettings {
        try await read { try $0.settings(of: tenant) }
    }

    public func saveSettings(_ settings: TenantSettings) async throws {
        try await write { database, signals in
            let tenant = try database.findOrCreate(settings.tenant)
            if try database.settings(of: settings.tenant) != settings {
                try database.record(
                    .settingsChanged, AuditObject(settings.tenant.name), of: settings.tenant, numbered: tenant)
            }
            try database.change("UPDATE tenants SET rate_limit = ? WHERE number = ?", settings.rateLimit, tenant)
            if try database.saveLimits(settings.limits, of: tenant), try database.admitWaiting(of: tenant, for: nil) {
                signals.insert(.work)
            }
        }
    }

    public func allTenants() async throws -> [TenantSettings] {
        try await read { database in
            try database.rows(
                """
                SELECT \(SettingsStatement.columns) FROM tenants AS t
                WHERE rate_limit IS NOT NULL
                    OR EXISTS (SELECT 1 FROM api_keys AS k WHERE k.tenant = t.number)
                    OR EXISTS (SELECT 1 FROM runs AS r WHERE r.tenant = t.number)
                    OR EXISTS (SELECT 1 FROM configurations AS c WHERE c.tenant = t.number)
                    OR EXISTS (SELECT 1 FROM limits AS l WHERE l.tenant = t.number)
                    OR EXISTS (SELECT 1 FROM tenant_secrets AS s WHERE s.tenant = t.number)
                ORDER BY name
                """
            ) { try $0.nextSettings() }
        }
    }

    public func serviceSecret(_ name: String, orElse candidate: [UInt8]) async throws -> [UInt8] {
        try await write { database in
            try database.change("INSERT INTO service_secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", name, candidate)
            return try database.row("SELECT value FROM service_secrets WHERE name = ?", name) { try $0.next() } ?? candidate
        }
    }
}

/// The columns of a tenant's settings.
enum SettingsStatement {
    static let columns = """
        t.name, t.rate_limit, (
            SELECT group_concat(l.name || '=' || l.size) FROM limits AS l WHERE l.tenant = t.number AND l.name NOT LIKE 'runs:%')
        """
}

extension DatabaseConnection {
    fileprivate func settings(of tenant: Tenant) throws -> TenantSettings {
        try row("SELECT \(SettingsStatement.columns) FROM tenants AS t WHERE t.name = ?", tenant.name) {
            try $0.nextSettings()
        } ?? TenantSettings(tenant: tenant)
    }

    /// - Returns: whether any limit has changed.
    fileprivate func saveLimits(_ limits: [Limit: Int], of tenant: Int) throws -> Bool {
        let former = try rows("SELECT name, size FROM limits WHERE tenant = ? AND name NOT LIKE 'runs:%'", tenant) {
            (try $0.next(String.self), try $0.next(Int.self))
        }
        let wanted = Dictionary(uniqueKeysWithValues: limits.map { ($0.key.rawValue, $0.value) })
        guard Dictionary(uniqueKeysWithValues: former) != wanted else { return false }
        for (name, _) in former { try setLimit(name, nil, of: tenant) }
        for (name, size) in wanted { try setLimit(name, size, of: tenant) }
        return true
    }

    /// - Parameter size: nil removes the limit.
    func setLimit(_ name: String, _ size: Int?, of tenant: Int) throws {
        guard let size else {
            try change("DELETE FROM limits WHERE tenant = ? AND name = ?", tenant, name)
            return
        }
        try change(
            """
            INSERT INTO limits (tenant, name, size) VALUES (?, ?, ?)
            ON CONFLICT (tenant, name) DO UPDATE SET size = excluded.size
            """, tenant, name, size)
    }

    /// - Returns: whether a worker may find something to claim.
    func setConcurrency(_ runs: Int?, of configuration: String, tenant: Int) throws -> Bool {
        let limit = Limit.runs(of: configuration)
        guard try size(of: limit, tenant: tenant) != runs else { return false }
        try setLimit(limit.rawValue, runs, of: tenant)
        return try admitWaiting(of: tenant, for: [limit])
    }
}

extension DatabaseConnection {
    func tenant(numbered number: Int) throws -> Tenant {
        let found = try row("SELECT name FROM tenants WHERE number = ?", number) { try $0.nextTenant() }
        guard let found else { throw StoreError.unreadable("the number of a tenant, \(number)") }
        return found
    }
}
