import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func createKey(_ key: APIKey) async throws {
        try await write { database in
            do {
                try database.change(
                    """
                    INSERT INTO api_keys (id, tenant, name, policy, created_at, secret_hash, secret_number, deposed_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    key.id, try database.numberMaking(key.tenant), key.name, key.policy, key.createdAt, key.secretHash,
                    key.secretNumber, key.deposedAt)
            } catch let error as DatabaseError where error.isDuplicate {
                throw StoreError(.duplicate, "A key with the id \(key.id) is there already.", cause: error)
            }
        }
    }

    public func keyOfAnyTenant(_ id: String) async throws -> APIKey? {
        try await keys.record(id) { try await read { try $0.key(id) } }
    }

    /// There are no other nodes.
    public func recentKeyOfAnyTenant(_ id: String) async throws -> APIKey? {
        try await keyOfAnyTenant(id)
    }

    public func keysOfAllTenants(only tenant: Tenant?) async throws -> [APIKey] {
        try await read { database in
            guard let tenant else {
                return try database.rows(KeyStatement.columns + "ORDER BY k.number") { try $0.nextKey() }
            }
            return try database.rows(KeyStatement.columns + "WHERE t.name = ? ORDER BY k.number", tenant.name) { try $0.nextKey() }
        }
    }

    public func rotateKeyOfAnyTenant(_ id: String, secretHash: [UInt8], at now: Timestamp) async throws -> APIKey? {
        try await changeKeys { database in
            try database.change(
                "UPDATE api_keys SET secret_hash = ?, secret_number = secret_number + 1, deposed_at = ? WHERE id = ?",
                secretHash, now, id)
            return try database.key(id)
        }
    }

    public func recordUseOfAnyTenant(_ uses: [String: Timestamp]) async throws {
        try await changeKeys { database in
            for (id, time) in uses {
                try database.change(
                    "UPDATE api_keys SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)",
                    time, id, time)
            }
        }
    }

    public func dropKeyOfAnyTenant(_ id: String, onlyDeposed: Bool) async throws -> Bool {
        try await changeKeys { database in
            let dropped =
                if onlyDeposed {
                    try database.change("UPDATE api_keys SET deposed_at = NULL WHERE id = ? AND deposed_at IS NOT NULL", id)
                } else {
                    try database.change("DELETE FROM api_keys WHERE id = ?", id)
                }
            return dropped > 0
        }
    }

    private func changeKeys<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await keys.forgetting { try await write(body) }
    }
}

private enum KeyStatement {
    static let columns = """
        SELECT k.id, t.name, k.name, k.policy, k.created_at, k.secret_hash, k.secret_number, k.deposed_at, k.last_used_at
        FROM api_keys AS k JOIN tenants AS t ON t.number = k.tenant

        """
}

extension ColumnReader {
    mutating func nextKey() throws -> APIKey {
        APIKey(
            id: try next(), tenant: try nextTenant(), name: try next(), policy: try next(), createdAt: try next(),
            secretHash: try next(), secretNumber: try next(), deposedAt: try next(),
            lastUsedAt: try next())
    }
}

extension Database {
    fileprivate func key(_ id: String) throws -> APIKey? {
        try row(KeyStatement.columns + "WHERE k.id = ?", id) { try $0.nextKey() }
    }
}
