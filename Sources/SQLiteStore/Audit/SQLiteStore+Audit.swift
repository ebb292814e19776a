import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func auditEvents(matching query: AuditQuery) async throws -> AuditEventPage {
        try await read(as: .search) { try $0.auditPage(matching: query, of: try $0.number(of: query.tenant)) }
    }

    public func append(_ events: [AuditEvent]) async throws {
        guard !events.isEmpty else { return }
        try await write { database in
            for event in events { try database.append(event, tenant: try database.findOrCreate(event.tenant)) }
        }
    }

    public func auditEventCountOfAllTenants(happenedBefore cutoff: Timestamp) async throws -> Int {
        try await read(as: .search) { try $0.row(AuditStatement.countOfAllTenants, cutoff) { try $0.next(Int?.self) ?? 0 } ?? 0 }
    }

    public func deleteAuditEventsOfAllTenants(happenedBefore cutoff: Timestamp) async throws -> Int {
        try await write(.large) { database, _ in try database.deleteOldestAuditEvents(happenedBefore: cutoff) }
    }

    public func checkAuditOfAllTenants() async throws -> [StoreFinding] {
        try await read(as: .search) { try $0.auditFindings() }
    }
}
