import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func settings(of tenant: Tenant) async throws -> TenantSettings {
        try await read(reusingPlans: nil) { try $0.settings(of: tenant) }
    }

    public func saveSettings(_ settings: TenantSettings) async throws {
        try await write { database, attempt in
            let tenant = try database.findOrCreate(settings.tenant)
            if try database.settings(of: settings.tenant) != settings {
                try database.record(
                    .settingsChanged, AuditObject(settings.tenant.name), of: settings.tenant, numbered: tenant)
            }
            try database.change("UPDATE tenants SET rate_limit = $1 WHERE number = $2", settings.rateLimit, tenant)
            let sizes = Dictionary(uniqueKeysWithValues: settings.limits.map { ($0.key.rawValue, $0.value) })
            if try database.saveLimits(sizes, of: tenant) { attempt.signals.insert(.work) }
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
            try database.change(
                "INSERT INTO service_secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, candidate)
            return try database.row("SELECT value FROM service_secrets WHERE name = $1", name) { try $0.next() } ?? candidate
        }
    }
}

extension PostgresConnection {
    fileprivate func settings(of tenant: Tenant) throws -> TenantSettings {
        try row("SELECT \(SettingsStatement.columns) FROM tenants AS t WHERE t.name = $1", tenant.name) {
            try $0.nextSettings()
        } ?? TenantSettings(tenant: tenant)
    }
}

/// A tenant with what was set for it.
enum SettingsStatement {
    static let columns = """
        t.name, t.rate_limit, (
            SELECT string_agg(l.name || '=' || l.size, ',') FROM limits AS l
            WHERE l.tenant = t.number AND l.name NOT LIKE 'runs:%')
        """
}
