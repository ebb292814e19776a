import StoreCore
import WorkflowModel

extension DatabaseConnection {
    /// Adds an event for the actor of the transaction to those that its commit writes. Without an actor, nothing is written.
    func record(_ type: AuditEventType, _ object: AuditObject, of tenant: Tenant, numbered number: Int) throws {
        guard let actor else { return }
        try append(actor.event(type, object, of: tenant), tenant: number)
    }

    func append(_ event: AuditEvent, tenant: Int) throws {
        guard let events else { throw StoreError.unreadable("an event of the audit log outside a write") }
        events.add(event, tenant: tenant)
    }
}

extension DatabaseConnection: AuditTransaction {
    func auditEvents(
        of tenant: Int, named name: Tenant, in window: TimeWindow, behind place: AuditPlace?, limit: Int
    ) throws -> [AuditEvent] {
        let (from, to) = window.milliseconds
        // A place is inside of its window, so that one upper bound is enough.
        return try rows(
            AuditStatement.page, tenant, from, place?.happenedAt.milliseconds ?? to, place?.id.rawValue ?? "", limit
        ) { try $0.nextAuditEvent(of: name) }
    }

    func auditEventCount(of tenant: Int, in window: TimeWindow) throws -> Int {
        let (from, to) = window.milliseconds
        return try row(AuditStatement.count, tenant, from, to) { try $0.next() } ?? 0
    }
}

extension DatabaseConnection: AuditRetentionTransaction {
    func oldestAuditEvents(limit: Int) throws -> [AgedAuditEvent] {
        try rows(AuditStatement.oldest, limit) { try $0.nextAgedAuditEvent() }
    }

    func deleteAuditEvents(upTo place: Int) throws {
        try change("DELETE FROM audit_events WHERE number <= ?", place)
    }

    func setAuditBase(_ base: [UInt8], of tenant: Int) throws {
        try change("UPDATE audit_chains SET base = ? WHERE tenant = ?", base, tenant)
    }

    func record(_ type: AuditEventType, _ object: AuditObject, ofTenantNumbered number: Int) throws {
        guard actor != nil else { return }
        try record(type, object, of: try tenant(numbered: number), numbered: number)
    }
}

extension DatabaseConnection {
    func auditFindings() throws -> [StoreFinding] {
        let tenants = try rows(AuditStatement.tenants) { (try $0.next(Int.self), try $0.nextTenant()) }
        let names = Dictionary(uniqueKeysWithValues: tenants)
        var check = AuditChainCheck(try auditChains().map { ($0.tenant, AuditChainEnds(base: $0.base, head: $0.head)) })
        // Row by row: the log may not fit into memory.
        try prepared(AuditStatement.all).forEachRow { columns in
            let number = try columns.next(Int.self)
            guard let tenant = names[number] else { throw StoreError.unreadable("the number of a tenant, \(number)") }
            check.add(try columns.nextAuditEvent(of: tenant), hash: try columns.next())
        }
        return check.findings
    }

    func auditChains() throws -> [TransferredAuditChain] {
        try rows(AuditStatement.chains) {
            TransferredAuditChain(tenant: try $0.nextTenant(), base: try $0.next(), head: try $0.next())
        }
    }

    func auditEvents(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TransferredAuditEvent>] {
        try rows(AuditStatement.transferred, key.number, limit) {
            try $0.nextNumbered {
                let tenant = try $0.nextTenant()
                return TransferredAuditEvent(event: try $0.nextAuditEvent(of: tenant), hash: try $0.next())
            }
        }
    }
}

enum AuditStatement {
    static let insert = """
        INSERT INTO audit_events (tenant, \(AuditColumns.inserted), hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let head = "SELECT head FROM audit_chains WHERE tenant = ?"
    static let begin = "INSERT INTO audit_chains (tenant, base, head) VALUES (?, ?, ?)"
    static let setHead = "UPDATE audit_chains SET head = ? WHERE tenant = ?"
    static let page = """
        SELECT \(AuditColumns.list) FROM audit_events AS e INDEXED BY audit_events_time
        WHERE e.tenant = ? AND e.happened_at >= ? AND (e.happened_at, e.id) < (?, ?)
        ORDER BY e.happened_at DESC, e.id DESC LIMIT ?
        """
    static let count = """
        SELECT count(*) FROM audit_events INDEXED BY audit_events_time WHERE tenant = ? AND happened_at >= ? AND happened_at < ?
        """
    static let countOfAllTenants = """
        SELECT sum((
            SELECT count(*) FROM audit_events AS e INDEXED BY audit_events_time
            WHERE e.tenant = t.number AND e.happened_at < ?))
        FROM tenants AS t
        """
    static let tenants = "SELECT number, name FROM tenants"
    static let chains = """
        SELECT t.name, c.base, c.head FROM audit_chains AS c CROSS JOIN tenants AS t ON t.number = c.tenant
        ORDER BY c.tenant
        """
    static let oldest = "SELECT number, tenant, happened_at, hash FROM audit_events ORDER BY number LIMIT ?"
    static let all = "SELECT e.tenant, \(AuditColumns.list), e.hash FROM audit_events AS e ORDER BY e.number"
    static let transferred = """
        SELECT e.number, t.name, \(AuditColumns.list), e.hash
        FROM audit_events AS e CROSS JOIN tenants AS t ON t.number = e.tenant
        WHERE e.number > ? ORDER BY e.number LIMIT ?
        """
}
