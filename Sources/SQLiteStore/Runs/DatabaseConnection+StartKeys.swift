import StoreCore
import WorkflowModel

// Idempotency keys of starts.
extension DatabaseConnection {
    /// The answer that an earlier start with this key got, unchanged; nil when this is the first.
    ///
    /// - Throws: ``StoreError/Code/idempotencyMismatch`` when the key was used for another request.
    func acceptedRun(
        for key: IdempotencyKey, of tenant: Int, named name: Tenant, at now: Timestamp
    ) throws -> WorkflowRunDetails? {
        let found = try row(
            """
            SELECT k.fingerprint, k.created_at, r.id, r.name, t.name, r.created_at, p.id, p.name, p.email, \(RunColumns.origin),
                r.launched_version, r.warn_after_ms
            FROM start_keys AS k
            LEFT JOIN runs AS r ON r.number = k.run
            LEFT JOIN run_types AS t ON t.number = r.type
            LEFT JOIN principals AS p ON p.number = r.principal
            WHERE k.tenant = ? AND k.owner = ? AND k.key = ?
            """, tenant, key.owner, key.text
        ) { columns in
            let fingerprint = try columns.next([UInt8].self)
            let usedAt = try columns.next(Timestamp.self)
            if columns.isNull { return (fingerprint, usedAt, WorkflowRunDetails?.none) }
            let run = WorkflowRun(
                id: try columns.next(), tenant: name, name: try columns.next(), type: try columns.next(), state: .scheduled,
                createdAt: try columns.next(), principal: try columns.nextPrincipal(), origin: try columns.nextOrigin())
            return (fingerprint, usedAt, .some(try columns.nextAcceptedDetails(of: run)))
        }
        guard let (fingerprint, usedAt, details) = found, now < usedAt + IdempotencyKey.validity else { return nil }
        guard fingerprint == key.fingerprint else { throw StoreError.idempotencyMismatch() }
        guard let details else { throw StoreError.startedRunIsDeleted() }
        return details
    }

    /// Stores a key, and removes a few expired ones: more than are added, so that none stay.
    func remember(_ key: IdempotencyKey, for run: Int, of tenant: Int, at now: Timestamp) throws {
        try change(
            """
            DELETE FROM start_keys WHERE (tenant, owner, key) IN (
                SELECT tenant, owner, key FROM start_keys INDEXED BY start_keys_age WHERE created_at <= ?
                ORDER BY created_at LIMIT 4)
            """, Timestamp(milliseconds: now.milliseconds - IdempotencyKey.validity.milliseconds))
        try change(
            """
            INSERT INTO start_keys (tenant, owner, key, fingerprint, run, created_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, owner, key) DO UPDATE SET
                fingerprint = excluded.fingerprint, run = excluded.run, created_at = excluded.created_at
            """, tenant, key.owner, key.text, key.fingerprint, run, now)
    }
}
