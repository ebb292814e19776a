import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func secrets(of tenant: Tenant) async throws -> [TenantSecret] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows(SecretStatement.facts, number) { try $0.nextSecretFacts() }
        }
    }

    public func sealedSecrets(named names: [String]?, of tenant: Tenant) async throws -> [SealedSecret] {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            guard let names else { return try database.rows(SecretStatement.all, number) { try $0.nextSealedSecret() } }
            return try names.sorted { $0.precedesByBytes($1) }.compactMap { name in
                try database.row(SecretStatement.one, number, name) { try $0.nextSealedSecret() }
            }
        }
    }

    public func setSecret(_ sealed: SealedSecret, of tenant: Tenant) async throws -> TenantSecret? {
        try await write { database in
            let number = try database.findOrCreate(tenant)
            var secret = sealed.secret
            let others = try database.row(SecretStatement.others, number, secret.name) { try $0.next(Int.self) } ?? 0
            guard others < SecretRule.most else { return nil }
            secret.version = try (database.row(SecretStatement.version, number, secret.name) { try $0.next(Int.self) } ?? 0) + 1
            try database.set(secret, sealed.value, of: number)
            try database.record(.secretSet, secret.auditObject, of: tenant, numbered: number)
            return secret
        }
    }

    public func deleteSecret(named name: String, of tenant: Tenant) async throws -> Bool {
        try await write { database in
            guard let number = try database.number(of: tenant) else { return false }
            let isDeleted = try database.change("DELETE FROM tenant_secrets WHERE tenant = ? AND name = ?", number, name) > 0
            if isDeleted { try database.record(.secretDeleted, AuditObject(name), of: tenant, numbered: number) }
            return isDeleted
        }
    }

    public func resealSecrets(_ secrets: [ResealedSecret], of tenant: Tenant) async throws -> Int {
        try await write { database in
            guard let number = try database.number(of: tenant) else { return 0 }
            var count = 0
            for one in secrets {
                count += try database.change(
                    SecretStatement.reseal, one.value.key, one.value.bytes, number, one.name, one.former.bytes)
            }
            if count > 0 { try database.record(.secretsRekeyed, .secrets(count, of: tenant), of: tenant, numbered: number) }
            return count
        }
    }

    public func secretKeysOfAllTenants() async throws -> [String] {
        try await read { try $0.rows(SecretStatement.keys) { try $0.next() } }
    }
}

extension DatabaseConnection {
    fileprivate func set(_ secret: TenantSecret, _ value: SealedValue, of tenant: Int) throws {
        try change(
            """
            INSERT INTO tenant_secrets (tenant, name, version, key, sealed, set_by, set_at) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, name) DO UPDATE SET version = excluded.version, key = excluded.key, sealed = excluded.sealed,
                set_by = excluded.set_by, set_at = excluded.set_at
            """, tenant, secret.name, secret.version, value.key, value.bytes, try findOrCreate(secret.setBy, in: tenant),
            secret.setAt)
    }

    func allTenantSecrets() throws -> [TransferredTenantSecret] {
        try rows(
            """
            SELECT t.name, \(SecretStatement.sealed) FROM tenant_secrets AS s
            CROSS JOIN tenants AS t ON t.number = s.tenant
            CROSS JOIN principals AS p ON p.number = s.set_by
            ORDER BY s.tenant, s.name
            """
        ) { TransferredTenantSecret(tenant: try $0.nextTenant(), secret: try $0.nextSealedSecret()) }
    }
}

enum SecretStatement {
    static let list = "s.name, s.version, p.id, p.name, p.email, s.set_at"
    static let sealed = "\(list), s.key, s.sealed"
    private static let tables = "FROM tenant_secrets AS s CROSS JOIN principals AS p ON p.number = s.set_by"
    static let facts = "SELECT \(list) \(tables) WHERE s.tenant = ? ORDER BY s.name"
    static let all = "SELECT \(sealed) \(tables) WHERE s.tenant = ? ORDER BY s.name"
    static let one = "SELECT \(sealed) \(tables) WHERE s.tenant = ? AND s.name = ?"
    static let others = "SELECT count(*) FROM tenant_secrets WHERE tenant = ? AND name <> ?"
    static let version = "SELECT version FROM tenant_secrets WHERE tenant = ? AND name = ?"
    static let reseal = "UPDATE tenant_secrets SET key = ?, sealed = ? WHERE tenant = ? AND name = ? AND sealed = ?"
    static let keys = "SELECT DISTINCT key FROM tenant_secrets ORDER BY key"
}
