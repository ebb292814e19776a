import StoreCore
import WorkflowModel

extension ConnectionPool {
    /// Seals events until none is left or another node does so.
    func sealAuditEvents(waiting: Bool = false) async throws {
        var sealed = AuditLimits.sealedAtOnce
        while sealed == AuditLimits.sealedAtOnce {
            sealed = try await run { connection in
                try connection.transaction {
                    guard try connection.takeAuditChains(waiting: waiting) else { return 0 }
                    return try connection.sealAuditEvents(limit: AuditLimits.sealedAtOnce)
                }
            }
        }
    }
}

extension PostgresConnection {
    /// The advisory lock of transactions that extend chains.
    private static let chainLock = 0x6175_6474

    /// Locks the chains for this transaction.
    /// - Returns: false when another one has them, or there is nothing to seal.
    fileprivate func takeAuditChains(waiting: Bool) throws -> Bool {
        let isNeeded = try row("SELECT 1 FROM audit_events WHERE place IS NULL ORDER BY number LIMIT 1") { _ in true } ?? false
        guard isNeeded else { return false }
        guard waiting else {
            return try row("SELECT pg_try_advisory_xact_lock($1)", Self.chainLock) { try $0.next(Bool.self) } ?? false
        }
        _ = try execute("SELECT pg_advisory_xact_lock($1)", [Self.chainLock])
        return true
    }

    /// Gives the oldest events without one their place in the chain of their tenant, and their hash. An event whose transaction
    /// commits later than those of newer events comes behind them.
    /// - Returns: the number of sealed events.
    fileprivate func sealAuditEvents(limit: Int) throws -> Int {
        let found = try rows(AuditStatement.unsealed, limit) { columns in
            let (number, tenant) = (try columns.next(Int.self), try columns.next(Int.self))
            return (number: number, tenant: tenant, event: try columns.nextAuditEvent(of: try self.tenant(numbered: tenant)))
        }
        guard !found.isEmpty else { return 0 }
        let known = try rows(
            "SELECT tenant, head FROM audit_chains WHERE tenant = ANY ($1)", Column(Array(Set(found.map(\.tenant))))
        ) { (try $0.next(Int.self), try $0.next([UInt8].self)) }
        var heads = Dictionary(uniqueKeysWithValues: known)
        var hashes: [[UInt8]] = []
        for one in found {
            let hash = AuditChain.hash(of: one.event, after: heads[one.tenant] ?? AuditChain.beginning)
            heads[one.tenant] = hash
            hashes.append(hash)
        }
        let first = try lastAuditPlace() + 1
        _ = try execute(
            """
            UPDATE audit_events AS e SET place = c.place, hash = c.hash FROM unnest($1, $2, $3) AS c (number, place, hash)
            WHERE e.number = c.number AND e.place IS NULL
            """, [Column(found.map(\.number)), Column(found.indices.map { first + $0 }), Column(hashes)])
        let sorted = heads.sorted { $0.key < $1.key }
        _ = try execute(
            """
            INSERT INTO audit_chains (tenant, base, head) SELECT c.tenant, $1, c.head FROM unnest($2, $3) AS c (tenant, head)
            ON CONFLICT (tenant) DO UPDATE SET head = excluded.head
            """, [AuditChain.beginning, Column(sorted.map(\.key)), Column(sorted.map(\.value))])
        return found.count
    }
}
