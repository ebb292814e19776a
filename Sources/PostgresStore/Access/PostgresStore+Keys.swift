public import WorkflowModel

extension PostgresStore {
    public func createKey(_ key: APIKey) async throws {
        try await changeKeys { (database, attempt: inout WriteAttempt<Void>) in
            // Made by the try before, whose answer was lost.
            if attempt.former != nil, try database.key(key.id) == key { return }
            do {
                try database.change(
                    """
                    INSERT INTO api_keys (id, tenant, name, policy, created_at, secret_hash, secret_number, deposed_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                    """,
                    key.id, try database.numberMaking(key.tenant), key.name, key.policy, key.createdAt, key.secretHash,
                    key.secretNumber, key.deposedAt)
            } catch let failure as PostgresFailure where failure.isRefusal(.uniqueViolation) {
                throw StoreError(.duplicate, "A key with the id \(key.id) is there already.", cause: failure)
            }
        }
    }

    public func recordUseOfAnyTenant(_ uses: [String: Timestamp]) async throws {
        // In one order, so that two nodes that record the same keys never wait for each other. A request does not ask for them.
        let uses = uses.sorted { $0.key < $1.key }
        try await write { database in
            for (id, time) in uses {
                try database.change(
                    "UPDATE api_keys SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $1)", time, id)
            }
        }
    }

    public func keyOfAnyTenant(_ id: String) async throws -> APIKey? {
        try await read(reusingPlans: nil) { try $0.key(id) }
    }

    public func recentKeyOfAnyTenant(_ id: String) async throws -> APIKey? {
        try await recentKeys.key(id) { try await keyOfAnyTenant(id) }
    }

    public func keysOfAllTenants(only tenant: Tenant?) async throws -> [APIKey] {
        try await read { database in
            guard let tenant else {
                return try database.rows(KeyStatement.columns + "ORDER BY k.number") { try $0.nextKey() }
            }
            return try database.rows(KeyStatement.columns + "WHERE t.name = $1 ORDER BY k.number", tenant.name) {
                try $0.nextKey()
            }
        }
    }

    public func rotateKeyOfAnyTenant(_ id: String, secretHash: [UInt8], at now: Timestamp) async throws -> APIKey? {
        try await changeKeys { (database, attempt: inout WriteAttempt<APIKey?>) in
            // A second rotation would depose the secret that the first one made.
            if attempt.former != nil, let key = try database.key(id), key.secretHash == secretHash { return key }
            try database.change(
                "UPDATE api_keys SET secret_hash = $1, secret_number = secret_number + 1, deposed_at = $2 WHERE id = $3",
                secretHash, now, id)
            return try database.key(id)
        }
    }

    public func dropKeyOfAnyTenant(_ id: String, onlyDeposed: Bool) async throws -> Bool {
        try await changeKeys { (database, attempt: inout WriteAttempt<Bool>) in
            let dropped =
                if onlyDeposed {
                    try database.change("UPDATE api_keys SET deposed_at = NULL WHERE id = $1 AND deposed_at IS NOT NULL", id)
                } else {
                    try database.change("DELETE FROM api_keys WHERE id = $1", id)
                }
            return dropped > 0 || attempt.former == true
        }
    }

    private func changeKeys<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection, inout WriteAttempt<Value>) throws -> Value
    ) async throws -> Value {
        // Also when it failed: it may have happened.
        defer { recentKeys.forget() }
        return try await write(body)
    }
}

private enum KeyStatement {
    static let columns = """
        SELECT k.id, t.name, k.name, k.policy, k.created_at, k.secret_hash, k.secret_number, k.deposed_at,
            k.last_used_at
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

extension PostgresConnection {
    fileprivate func key(_ id: String) throws -> APIKey? {
        try row(KeyStatement.columns + "WHERE k.id = $1", id) { try $0.nextKey() }
    }
}
