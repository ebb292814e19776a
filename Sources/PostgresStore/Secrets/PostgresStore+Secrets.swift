import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func secrets(of tenant: Tenant) async throws -> [TenantSecret] {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return [] }
            return try database.rows(SecretStatement.facts, number) { try $0.nextSecretFacts() }
        }
    }

    public func sealedSecrets(named names: [String]?, of tenant: Tenant) async throws -> [SealedSecret] {
        try await read(consistently: true) { database in
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
            // Two secrets that are set at once would both be the last one that the tenant may have.
            _ = try database.execute("SELECT 1 FROM tenants WHERE number = $1 FOR NO KEY UPDATE", [number])
            guard let version = try database.set(sealed, of: number) else { return nil }
            var secret = sealed.secret
            secret.version = version
            try database.record(.secretSet, secret.auditObject, of: tenant, numbered: number)
            return secret
        }
    }

    public func deleteSecret(named name: String, of tenant: Tenant) async throws -> Bool {
        try await write { (database, attempt: inout WriteAttempt<Bool>) in
            guard let number = try database.number(of: tenant) else { return false }
            let deleted = try database.change(SecretStatement.delete, number, name)
            if deleted > 0 { try database.record(.secretDeleted, AuditObject(name), of: tenant, numbered: number) }
            // An earlier try, whose answer was lost, has deleted it.
            return deleted > 0 || attempt.former == true
        }
    }

    public func resealSecrets(_ secrets: [ResealedSecret], of tenant: Tenant) async throws -> Int {
        try await write { (database, attempt: inout WriteAttempt<Int>) in
            guard let number = try database.number(of: tenant) else { return 0 }
            var count = 0
            // In the order of their names, in which two nodes that do so at once lock them.
            for one in secrets.sorted(by: { $0.name.precedesByBytes($1.name) }) {
                count += try database.change(
                    SecretStatement.reseal, one.value.key, one.value.bytes, number, one.name, one.former.bytes)
            }
            if count > 0 { try database.record(.secretsRekeyed, .secrets(count, of: tenant), of: tenant, numbered: number) }
            // An earlier try, whose answer was lost, has replaced them.
            return count > 0 ? count : attempt.former ?? 0
        }
    }

    public func secretKeysOfAllTenants() async throws -> [String] {
        try await read { try $0.rows(SecretStatement.keys) { try $0.next() } }
    }
}

extension PostgresConnection {
    /// An earlier try, whose answer was lost, may have set the same encryption, which no other request has.
    /// - Returns: the version; nil when the tenant has too many others.
    fileprivate func set(_ sealed: SealedSecret, of tenant: Int) throws -> Int? {
        let (secret, value) = (sealed.secret, sealed.value)
        return try row(
            SecretStatement.set, tenant, secret.name, value.key, value.bytes, try findOrCreate(secret.setBy, in: tenant),
            secret.setAt, SecretRule.most
        ) { try $0.next(Int.self) }
    }

    func allTenantSecrets() throws -> [TransferredTenantSecret] {
        let tenants = try rows("SELECT number FROM tenants ORDER BY number") { try $0.next(Int.self) }
        return try tenants.flatMap { number in
            let tenant = try tenant(numbered: number)
            return try rows(SecretStatement.all, number) {
                TransferredTenantSecret(tenant: tenant, secret: try $0.nextSealedSecret())
            }
        }
    }

    func add(_ secrets: [TransferredTenantSecret]) throws {
        for one in secrets {
            let (secret, value) = (one.secret.secret, one.secret.value)
            let tenant = try findOrCreate(one.tenant)
            try change(
                """
                INSERT INTO tenant_secrets (tenant, name, version, key, sealed, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                """, tenant, secret.name, secret.version, value.key, value.bytes, try findOrCreate(secret.setBy, in: tenant),
                secret.setAt)
        }
    }
}

enum SecretStatement {
    private static let list = "s.name, s.version, p.id, p.name, p.email, s.set_at"
    private static let tables = "FROM tenant_secrets AS s JOIN principals AS p ON p.number = s.set_by"
    static let facts = "SELECT \(list) \(tables) WHERE s.tenant = $1 ORDER BY s.name"
    static let all = "SELECT \(list), s.key, s.sealed \(tables) WHERE s.tenant = $1 ORDER BY s.name"
    static let one = "SELECT \(list), s.key, s.sealed \(tables) WHERE s.tenant = $1 AND s.name = $2"
    static let set = """
        INSERT INTO tenant_secrets AS s (tenant, name, version, key, sealed, set_by, set_at)
        SELECT $1, $2, 1, $3, $4, $5, $6 WHERE (SELECT count(*) FROM tenant_secrets WHERE tenant = $1 AND name <> $2) < $7
        ON CONFLICT (tenant, name) DO UPDATE SET
            version = s.version + CASE WHEN s.sealed = excluded.sealed THEN 0 ELSE 1 END, key = excluded.key,
            sealed = excluded.sealed, set_by = excluded.set_by, set_at = excluded.set_at
        RETURNING version
        """
    static let reseal = "UPDATE tenant_secrets SET key = $1, sealed = $2 WHERE tenant = $3 AND name = $4 AND sealed = $5"
    static let delete = "DELETE FROM tenant_secrets WHERE tenant = $1 AND name = $2"
    static let keys = "SELECT DISTINCT key FROM tenant_secrets ORDER BY key"
}
