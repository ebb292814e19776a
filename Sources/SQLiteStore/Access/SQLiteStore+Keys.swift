import GRDB
import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func createKey(_ key: APIKey) async throws {
        try await write { database in
            let tenant = try database.findOrCreate(key.tenant)
            do {
                try database.change(
                    """
                    INSERT INTO api_keys (id, tenant, name, policy, created_at, secret_hash, secret_number, deposed_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    key.id, tenant, key.name, key.policy, key.createdAt, key.secretHash,
                    key.secretNumber, key.rotatedAt)
            } catch let error as DatabaseError where error.isDuplicate {
                throw StoreError.exists("A key with the id \(key.id)", cause: error)
            }
            try database.record(.keyCreated, about: key)
        }
    }

    public func key(_ id: String) async throws -> APIKey? {
        try await keys.record(id) { try await read { try $0.key(id) } }
    }

    /// This process is the only node, so that a key is never out of date.
    public func recentKey(_ id: String) async throws -> APIKey? {
        try await key(id)
    }

    public func keys(of tenant: Tenant?) async throws -> [APIKey] {
        try await read { database in
            guard let tenant else {
                return try database.rows(KeyStatement.columns + "ORDER BY k.number") { try $0.nextKey() }
            }
            return try database.rows(KeyStatement.columns + "WHERE t.name = ? ORDER BY k.number", tenant.name) { try $0.nextKey() }
        }
    }

    public func rotateKey(_ id: String, secretHash: [UInt8], at now: Timestamp) async throws -> APIKey? {
        try await changeKeys { database in
            try database.change(
                """
                UPDATE api_keys SET secret_hash = ?, secret_number = secret_number + 1, deposed_at = max(?, created_at) WHERE id = ?
                """, secretHash, now, id)
            let key = try database.key(id)
            try database.record(.keyRotated, about: key)
            return key
        }
    }

    public func recordKeyUses(_ uses: [String: Timestamp]) async throws {
        try await changeKeys { database in
            for (id, time) in uses {
                try database.change(
                    """
                    UPDATE api_keys SET last_used_at = max(?1, created_at)
                    WHERE id = ?2 AND (last_used_at IS NULL OR last_used_at < ?1)
                    """, time, id)
            }
        }
    }

    public func deleteKey(_ id: String, onlyPreviousSecret: Bool) async throws -> Bool {
        try await changeKeys { database in
            let key = try database.key(id)
            let dropped =
                if onlyPreviousSecret {
                    try database.change("UPDATE api_keys SET deposed_at = NULL WHERE id = ? AND deposed_at IS NOT NULL", id)
                } else {
                    try database.change("DELETE FROM api_keys WHERE id = ?", id)
                }
            if dropped > 0 { try database.record(onlyPreviousSecret ? .previousSecretDropped : .keyDropped, about: key) }
            return dropped > 0
        }
    }

    private func changeKeys<Value: Sendable>(
        _ body: @escaping @Sendable (DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try await keys.forgetting { try await write(body) }
    }
}

enum KeyStatement {
    static let list = """
        k.id, t.name, k.name, k.policy, k.created_at, k.secret_hash, k.secret_number, k.deposed_at, k.last_used_at
        """
    static let columns = "SELECT \(list) FROM api_keys AS k JOIN tenants AS t ON t.number = k.tenant "
}

extension DatabaseConnection {
    fileprivate func key(_ id: String) throws -> APIKey? {
        try row(KeyStatement.columns + "WHERE k.id = ?", id) { try $0.nextKey() }
    }

    fileprivate func record(_ type: AuditEventType, about key: APIKey?) throws {
        guard actor != nil, let key else { return }
        let tenant = try findOrCreate(key.tenant)
        try record(type, AuditObject(key.id, name: key.name), of: key.tenant, numbered: tenant)
    }
}
