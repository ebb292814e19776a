import StoreCore
import WorkflowModel

/// The events of a transaction, which are written together before its commit: the head of a tenant's chain is then read and written
/// once for all starts that share the transaction.
///
/// It is used by the thread of the writer alone.
final class AuditBatch {
    private var events: [(event: AuditEvent, tenant: Int)] = []

    var count: Int { events.count }

    func add(_ event: AuditEvent, tenant: Int) {
        events.append((event, tenant))
    }

    /// Forgets the events of a write that is undone.
    func keepFirst(_ count: Int) {
        events.removeLast(events.count - count)
    }

    /// Only one connection writes, so that no other event can come between the head of a chain and these.
    func write(to database: DatabaseConnection) throws {
        guard !events.isEmpty else { return }
        var heads: [Int: [UInt8]] = [:]
        let insert = try database.prepared(AuditStatement.insert)
        for (event, tenant) in events {
            let head = try heads[tenant] ?? database.auditHead(of: tenant) ?? database.beginAuditChain(of: tenant)
            let hash = AuditChain.hash(of: event, after: head)
            try insert.execute(
                tenant, event.id, event.happenedAt, event.type, event.principal.id, event.principal.name, event.principal.email,
                event.object.id, event.object.name, event.origin.address, event.origin.userAgent, event.origin.session, hash)
            heads[tenant] = hash
        }
        for (tenant, head) in heads { try database.change(AuditStatement.setHead, head, tenant) }
        events = []
    }
}

extension DatabaseConnection {
    fileprivate func auditHead(of tenant: Int) throws -> [UInt8]? {
        try row(AuditStatement.head, tenant) { try $0.next() }
    }

    fileprivate func beginAuditChain(of tenant: Int) throws -> [UInt8] {
        try change(AuditStatement.begin, tenant, AuditChain.beginning, AuditChain.beginning)
        return AuditChain.beginning
    }
}
