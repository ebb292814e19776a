public import WorkflowModel

extension PostgresStore {
    public func settings(of tenant: Tenant) async throws -> TenantSettings {
        try await read { database in
            let found = try database.row("SELECT rate_limit FROM tenants WHERE name = $1", tenant.name) {
                try $0.next(Int?.self)
            }
            return TenantSettings(tenant: tenant, rateLimit: found ?? nil)
        }
    }

    public func saveSettings(_ settings: TenantSettings) async throws {
        try await write { database in
            let tenant = try database.numberMaking(settings.tenant)
            try database.change("UPDATE tenants SET rate_limit = $1 WHERE number = $2", settings.rateLimit, tenant)
        }
    }

    public func allTenants() async throws -> [TenantSettings] {
        try await read { database in
            try database.rows(
                """
                SELECT name, rate_limit FROM tenants AS t
                WHERE rate_limit IS NOT NULL
                    OR EXISTS (SELECT 1 FROM api_keys AS k WHERE k.tenant = t.number)
                    OR EXISTS (SELECT 1 FROM runs AS r WHERE r.tenant = t.number)
                    OR EXISTS (SELECT 1 FROM configurations AS c WHERE c.tenant = t.number)
                ORDER BY name
                """
            ) { TenantSettings(tenant: try $0.nextTenant(), rateLimit: try $0.next()) }
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
