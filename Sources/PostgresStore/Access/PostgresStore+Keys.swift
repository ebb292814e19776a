import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func createKey(_ key: APIKey) async throws {
        try await changeKeys { (database, attempt: inout WriteAttempt<Void>) in
            // An earlier try, whose answer was lost, has created it.
            if attempt.former != nil, try database.key(key.id) == key { return }
            do {
                try database.change(
                    """
                    INSERT INTO api_keys (id, tenant, name, policy, created_at, secret_hash, secret_number, deposed_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                    """,
                    key.id, try database.findOrCreate(key.tenant), key.name, key.policy, key.createdAt, key.secretHash,
                    key.secretNumber, key.rotatedAt)
            } catch let failure as PostgresFailure where failure.isRefusal(.uniqueViolation) {
                throw StoreError.exists("A key with the id \(key.id)", cause: failure)
            }
            try database.record(.keyCreated, about: key)
        }
    }

    public func recordKeyUses(_ uses: [String: Timestamp]) async throws {
        // In one order, so that two nodes that record the same keys never deadlock. No request waits for it.
        let uses = uses.sorted { $0.key < $1.key }
        try await write { database in
            for (id, time) in uses {
                try database.change(
                    """
                    UPDATE api_keys SET last_used_at = greatest($1, created_at)
                    WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $1)
                    """, time, id)
            }
        }
    }

    public func key(_ id: String) async throws -> APIKey? {
        try await read(reusingPlans: nil) { try $0.key(id) }
    }

    public func recentKey(_ id: String) async throws -> APIKey? {
        try await recentKeys.key(id) { try await key(id) }
    }

    public func keys(of tenant: Tenant?) async throws -> [APIKey] {
        try await read { database in
            guard let tenant else {
                return try database.rows(KeyStatement.columns + "ORDER BY k.number") { try $0.nextKey() }
            }
            return try database.rows(KeyStatement.columns + "WHERE t.name = $1 ORDER BY k.number", tenant.name) {
                try $0.nextKey()
            }
        }
    }

    public func rotateKey(_ id: String, secretHash: [UInt8], at now: Timestamp) async throws -> APIKey? {
        try await changeKeys { (database, attempt: inout WriteAttempt<APIKey?>) in
            // A second rotation would replace the secret that the first one made.
            if attempt.former != nil, let key = try database.key(id), key.secretHash == secretHash { return key }
            try database.change(
                """
                UPDATE api_keys SET secret_hash = $1, secret_number = secret_number + 1, deposed_at = greatest($2, created_at)
                WHERE id = $3
                """, secretHash, now, id)
            let key = try database.key(id)
            try database.record(.keyRotated, about: key)
            return key
        }
    }

    public func deleteKey(_ id: String, onlyPreviousSecret: Bool) async throws -> Bool {
        try await changeKeys { (database, attempt: inout WriteAttempt<Bool>) in
            let key = try database.key(id)
            let dropped =
                if onlyPreviousSecret {
                    try database.change("UPDATE api_keys SET deposed_at = NULL WHERE id = $1 AND deposed_at IS NOT NULL", id)
                } else {
                    try database.change("DELETE FROM api_keys WHERE id = $1", id)
                }
            if dropped > 0 { try database.record(onlyPreviousSecret ? .previousSecretDropped : .keyDropped, about: key) }
            return dropped > 0 || attempt.former == true
        }
    }

    private func changeKeys<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection, inout WriteAttempt<Value>) throws -> Value
    ) async throws -> Value {
        // Also after a failure: the change may have been committed.
        defer { recentKeys.forget() }
        return try await write(body)
    }
}

enum KeyStatement {
    static let list = """
        k.id, t.name, k.name, k.policy, k.created_at, k.secret_hash, k.secret_number, k.deposed_at, k.last_used_at
        """
    static let columns = "SELECT \(list) FROM api_keys AS k JOIN tenants AS t ON t.number = k.tenant "
}

extension PostgresConnection {
    fileprivate func key(_ id: String) throws -> APIKey? {
        try row(KeyStatement.columns + "WHERE k.id = $1", id) { try $0.nextKey() }
    }

    fileprivate func record(_ type: AuditEventType, about key: APIKey?) throws {
        guard actor != nil, let key else { return }
        let tenant = try findOrCreate(key.tenant)
        try record(type, AuditObject(key.id, name: key.name), of: key.tenant, numbered: tenant)
    }
}
