import StoreCore
import WorkflowModel

// Idempotency keys of starts.
extension PostgresConnection {
    /// Takes a key for a plan. Of several concurrent starts one gets it, and the others wait for its commit.
    ///
    /// - Returns: false when another start has a valid key.
    func take(_ key: IdempotencyKey, for plan: RunPlan, of tenant: Int) throws -> Bool {
        try change(
            """
            INSERT INTO start_keys AS k (tenant, owner, key, fingerprint, run, run_created_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6)
            ON CONFLICT (tenant, owner, key) DO UPDATE SET fingerprint = excluded.fingerprint, run = excluded.run,
                run_created_at = excluded.run_created_at, created_at = excluded.created_at
            WHERE k.created_at <= $7
            """, tenant, key.owner, key.text, key.fingerprint, plan.id, plan.createdAt, Self.lastForgotten(at: plan.createdAt)) > 0
    }

    /// The answer that an earlier start with this key got, unchanged; nil when this is the first.
    ///
    /// - Throws: ``StoreError/Code/idempotencyMismatch`` when the key was used for another request.
    func acceptedRun(
        for key: IdempotencyKey, of tenant: Int, named name: Tenant, at now: Timestamp
    ) throws -> WorkflowRunDetails? {
        let found = try row(
            """
            SELECT fingerprint, run, run_created_at FROM start_keys
            WHERE tenant = $1 AND owner = $2 AND key = $3 AND created_at > $4
            """, tenant, key.owner, key.text, Self.lastForgotten(at: now)
        ) { (try $0.next([UInt8].self), try $0.next(RunID.self), try $0.next(Timestamp.self)) }
        guard let (fingerprint, id, createdAt) = found else { return nil }
        guard fingerprint == key.fingerprint else { throw StoreError.idempotencyMismatch() }
        // The run was deleted, but not by retention, which deletes its keys too.
        guard !id.rawValue.isEmpty else { throw StoreError.startedRunIsDeleted() }
        return try row(
            """
            SELECT name, type, principal, \(RunColumns.origin), launched_version, warn_after_ms
            FROM runs WHERE tenant = $1 AND id = $2 AND created_at = $3
            """, tenant, id, createdAt
        ) { columns in
            let title = try columns.next(String.self)
            let (type, principal) = (try columns.next(Int.self), try columns.next(Int.self))
            try learn(types: [type], principals: [principal])
            let run = WorkflowRun(
                id: id, tenant: name, name: title, type: try typeName(numbered: type), state: .scheduled, createdAt: createdAt,
                principal: try self.principal(numbered: principal), origin: try columns.nextOrigin())
            return try columns.nextAcceptedDetails(of: run)
        }
    }

    /// Removes a few expired keys: more than are added, so that none stay.
    func removeOldStartKeys(at now: Timestamp) throws {
        try change(
            """
            WITH old AS MATERIALIZED (
                SELECT tenant, owner, key FROM start_keys WHERE created_at <= $1
                ORDER BY created_at LIMIT 4 FOR UPDATE SKIP LOCKED)
            DELETE FROM start_keys AS k USING old AS o WHERE k.tenant = o.tenant AND k.owner = o.owner AND k.key = o.key
            """, Self.lastForgotten(at: now))
    }

    /// Keys that were used at that time or before have expired.
    private static func lastForgotten(at now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds - IdempotencyKey.validity.milliseconds)
    }
}
