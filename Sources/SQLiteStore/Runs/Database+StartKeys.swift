import GRDB
import WorkflowModel

// What makes a start happen once.
extension Database {
    /// The answer that a start with this key got before, exactly as it was; nil when this is the first.
    ///
    /// - Throws: ``StoreError/Code/idempotencyMismatch`` when the key was used for another request.
    func acceptedRun(
        for key: IdempotencyKey, of tenant: Int64, named name: Tenant, at now: Timestamp
    ) throws -> WorkflowRunDetails? {
        let found = try row(
            """
            SELECT k.fingerprint, k.created_at, r.id, r.name, t.name, r.created_at, p.id, p.name, p.email, r.configuration,
                r.launched_version, r.warn_after_ms, r.run_mode, r.range_from, r.range_to,
                r.scheduled_for, r.schedule, r.rerun_of
            FROM start_keys AS k
            CROSS JOIN runs AS r ON r.number = k.run
            CROSS JOIN run_types AS t ON t.number = r.type
            CROSS JOIN principals AS p ON p.number = r.principal
            WHERE k.tenant = ? AND k.owner = ? AND k.key = ?
            """, tenant, key.owner, key.text
        ) { columns in
            let fingerprint = try columns.next([UInt8].self)
            let usedAt = try columns.next(Timestamp.self)
            let run = WorkflowRun(
                id: try columns.next(), tenant: name, name: try columns.next(), type: try columns.next(), state: .scheduled,
                createdAt: try columns.next(), principal: try columns.nextPrincipal())
            let configuration = try columns.next(String?.self)
            let version = try columns.next(ConfigurationVersionID?.self)
            let details = WorkflowRunDetails(
                run: run, configuration: configuration, launchedVersion: version, currentVersion: version,
                warnAfter: try columns.next(), runMode: try columns.next(), range: try columns.nextRange(),
                scheduledFor: try columns.next(), schedule: try columns.next(), rerunOf: try columns.next())
            return (fingerprint, usedAt, details)
        }
        guard let (fingerprint, usedAt, details) = found, now < usedAt + IdempotencyKey.validity else { return nil }
        guard fingerprint == key.fingerprint else {
            throw StoreError(.idempotencyMismatch, "This idempotency key was used for another request.")
        }
        return details
    }

    /// Keeps a key for as long as it is valid, and removes a few that no longer are: more than come in, so that none stay.
    func remember(_ key: IdempotencyKey, for run: Int64, of tenant: Int64, at now: Timestamp) throws {
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
