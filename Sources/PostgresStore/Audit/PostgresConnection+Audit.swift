import StoreCore
import WorkflowModel

extension PostgresConnection {
    /// Writes an event for the actor of the transaction, in the same transaction. Without an actor, nothing is written.
    func record(_ type: AuditEventType, _ object: AuditObject, of tenant: Tenant, numbered number: Int) throws {
        guard let actor else { return }
        try append(actor.event(type, object, of: tenant), tenant: number)
    }

    /// An event that is written twice is there once.
    func append(_ event: AuditEvent, tenant: Int) throws {
        let values = AuditStatement.values(of: event, tenant: tenant)
        _ = try execute(AuditStatement.insert + " ON CONFLICT (tenant, happened_at, id) DO NOTHING", values)
    }

    /// A clause `WITH` that writes an event for the actor of the transaction, for the beginning of a statement; empty without an actor.
    /// - Parameter first: the number of the first parameter that the statement itself does not use.
    func auditClause(
        _ type: AuditEventType, _ object: AuditObject, of tenant: Tenant, numbered number: Int, firstParameter first: Int
    ) -> (sql: String, values: [any SQLValue]) {
        guard let actor else { return ("", []) }
        let event = actor.event(type, object, of: tenant)
        return (
            "WITH audit AS (\(AuditStatement.insert(firstParameter: first)))\n", AuditStatement.values(of: event, tenant: number)
        )
    }
}

extension PostgresConnection: AuditTransaction {
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

extension PostgresConnection: AuditRetentionTransaction {
    func oldestAuditEvents(limit: Int) throws -> [AgedAuditEvent] {
        try rows(AuditStatement.oldest, limit) { try $0.nextAgedAuditEvent() }
    }

    func deleteAuditEvents(upTo place: Int) throws {
        try change("DELETE FROM audit_events WHERE place <= $1", place)
    }

    func setAuditBase(_ base: [UInt8], of tenant: Int) throws {
        try change("UPDATE audit_chains SET base = $1 WHERE tenant = $2", base, tenant)
    }

    func record(_ type: AuditEventType, _ object: AuditObject, ofTenantNumbered number: Int) throws {
        guard actor != nil else { return }
        try record(type, object, of: try tenant(numbered: number), numbered: number)
    }
}

extension PostgresConnection {
    func auditChains() throws -> [TransferredAuditChain] {
        try rows("SELECT tenant, base, head FROM audit_chains ORDER BY tenant") {
            TransferredAuditChain(tenant: try tenant(numbered: try $0.next()), base: try $0.next(), head: try $0.next())
        }
    }

    /// Only sealed events: the others have no place yet.
    func auditEvents(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TransferredAuditEvent>] {
        try rows(AuditStatement.sealed, key.number, limit) {
            try $0.nextNumbered {
                let tenant = try tenant(numbered: try $0.next())
                return TransferredAuditEvent(event: try $0.nextAuditEvent(of: tenant), hash: try $0.next())
            }
        }
    }

    func add(_ chains: [TransferredAuditChain]) throws {
        for chain in chains {
            try change(
                "INSERT INTO audit_chains (tenant, base, head) VALUES ($1, $2, $3)", try findOrCreate(chain.tenant), chain.base,
                chain.head)
        }
    }

    func add(_ events: [TransferredAuditEvent]) throws {
        let numbers = try events.map { try findOrCreate($0.event.tenant) }
        let (all, first) = (events.map(\.event), try lastAuditPlace() + 1)
        _ = try execute(
            """
            INSERT INTO audit_events (tenant, \(AuditColumns.inserted), place, hash)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """,
            [
                Column(numbers), Column(all.map(\.id)), Column(all.map(\.happenedAt)), Column(all.map(\.type)),
                Column(all.map(\.principal.id)), Column(all.map(\.principal.name)), Column(all.map(\.principal.email)),
                Column(all.map(\.object.id)), Column(all.map(\.object.name)), Column(all.map(\.origin.address)),
                Column(all.map(\.origin.userAgent)), Column(all.map(\.origin.session)),
                Column(events.indices.map { first + $0 }), Column(events.map(\.hash)),
            ])
    }

    /// 0 when no event is sealed.
    func lastAuditPlace() throws -> Int {
        try row("SELECT place FROM audit_events WHERE place IS NOT NULL ORDER BY place DESC LIMIT 1") { try $0.next() } ?? 0
    }
}

enum AuditStatement {
    static let insert = insert(firstParameter: 1)

    static func insert(firstParameter first: Int) -> String {
        let parameters = (first..<first + 12).map { "$\($0)" }.joined(separator: ", ")
        return "INSERT INTO audit_events (tenant, \(AuditColumns.inserted)) VALUES (\(parameters))"
    }

    static func values(of event: AuditEvent, tenant: Int) -> [any SQLValue] {
        [
            tenant, event.id, event.happenedAt, event.type, event.principal.id, event.principal.name, event.principal.email,
            event.object.id, event.object.name, event.origin.address, event.origin.userAgent, event.origin.session,
        ]
    }

    static let page = """
        SELECT \(AuditColumns.list) FROM audit_events AS e
        WHERE e.tenant = $1 AND e.happened_at >= $2 AND (e.happened_at, e.id) < ($3, $4)
        ORDER BY e.happened_at DESC, e.id DESC LIMIT $5
        """
    static let count = "SELECT count(*) FROM audit_events WHERE tenant = $1 AND happened_at >= $2 AND happened_at < $3"
    static let countOfAllTenants = """
        SELECT sum(q.events)::bigint FROM tenants AS t CROSS JOIN LATERAL (
            SELECT count(*) AS events FROM audit_events AS e WHERE e.tenant = t.number AND e.happened_at < $1) AS q
        """
    static let oldest = """
        SELECT place, tenant, happened_at, hash FROM audit_events WHERE place IS NOT NULL ORDER BY place LIMIT $1
        """
    static let sealed = """
        SELECT e.place, e.tenant, \(AuditColumns.list), e.hash FROM audit_events AS e
        WHERE e.place > $1 ORDER BY e.place LIMIT $2
        """
    static let unsealed = """
        SELECT e.number, e.tenant, \(AuditColumns.list) FROM audit_events AS e
        WHERE e.place IS NULL ORDER BY e.number LIMIT $1
        """
}
