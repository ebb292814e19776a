import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func auditEvents(matching query: AuditQuery) async throws -> AuditEventPage {
        try await readAnywhere { try $0.auditPage(matching: query, of: try $0.number(of: query.tenant)) }
    }

    public func append(_ events: [AuditEvent]) async throws {
        guard !events.isEmpty else { return }
        try await write { database in
            for event in events { try database.append(event, tenant: try database.findOrCreate(event.tenant)) }
        }
    }

    public func auditEventCountOfAllTenants(happenedBefore cutoff: Timestamp) async throws -> Int {
        try await read { try $0.row(AuditStatement.countOfAllTenants, cutoff) { try $0.next(Int?.self) ?? 0 } ?? 0 }
    }

    public func deleteAuditEventsOfAllTenants(happenedBefore cutoff: Timestamp) async throws -> Int {
        // Only sealed events are deleted.
        try await seal()
        return try await write { try $0.deleteOldestAuditEvents(happenedBefore: cutoff) }
    }

    public func checkAuditOfAllTenants() async throws -> [StoreFinding] {
        try await seal()
        return try await read(consistently: true) { database in
            var check = AuditChainCheck(
                try database.auditChains().map { ($0.tenant, AuditChainEnds(base: $0.base, head: $0.head)) })
            var place = NumberPlace(number: 0)
            var rows: [TransferredRow<NumberPlace, TransferredAuditEvent>]
            repeat {
                rows = try database.auditEvents(after: place, limit: AuditLimits.checkedAtOnce)
                for row in rows { check.add(row.record.event, hash: row.record.hash) }
                place = rows.last?.key ?? place
            } while rows.count == AuditLimits.checkedAtOnce
            return check.findings
        }
    }

    private func seal() async throws {
        do { try await pool.sealAuditEvents(waiting: true) } catch { throw StoreError.error(for: error) }
    }
}
