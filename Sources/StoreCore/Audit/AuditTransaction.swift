public import WorkflowModel

/// The statements that reading a tenant's audit log needs.
public protocol AuditTransaction {
    /// The next events of a tenant in a window, newest first.
    /// - Parameter place: nil to begin with the newest.
    func auditEvents(
        of tenant: Int, named name: Tenant, in window: TimeWindow, behind place: AuditPlace?, limit: Int
    ) throws -> [AuditEvent]

    func auditEventCount(of tenant: Int, in window: TimeWindow) throws -> Int
}

extension AuditTransaction {
    /// - Parameter tenant: the number of the query's tenant; nil when it has no rows.
    public func auditPage(matching query: AuditQuery, of tenant: Int?) throws -> AuditEventPage {
        guard let tenant, query.limit > 0 else { return AuditEventPage(total: query.withTotal ? 0 : nil) }
        var page = AuditEventPage(total: try query.withTotal ? auditEventCount(of: tenant, in: query.window) : nil)
        var place = query.place
        var read = 0
        while true {
            // One more event than the page holds tells whether another page follows.
            let events = try auditEvents(
                of: tenant, named: query.tenant, in: query.window, behind: place, limit: query.limit + 1)
            for event in events where query.matches(event) {
                guard page.events.count < query.limit else {
                    page.next = page.events.last.map { AuditPlace(behind: $0) }
                    return page
                }
                page.events.append(event)
            }
            guard events.count > query.limit, let last = events.last else { return page }
            place = AuditPlace(behind: last)
            read += events.count
            guard read < AuditQuery.readAtMost else {
                page.next = place
                return page
            }
        }
    }
}

extension TimeWindow {
    /// The first and the last millisecond, for statements that take both.
    public var milliseconds: (from: Int64, to: Int64) {
        (from?.milliseconds ?? .min, to?.milliseconds ?? .max)
    }
}

extension RowReader {
    /// The columns id, happened_at, type, principal_id, principal_name, principal_email, object_id, object_name, origin_ip,
    /// user_agent, session_id.
    @inlinable
    public mutating func nextAuditEvent(of tenant: Tenant) throws -> AuditEvent {
        let (id, happenedAt) = (try next(AuditEventID.self), try next(Timestamp.self))
        return AuditEvent(
            id: id, type: try next(), tenant: tenant, happenedAt: happenedAt, principal: try nextPrincipal(),
            object: AuditObject(try next(), name: try next()),
            origin: AuditOrigin(address: try next(), userAgent: try next(), session: try next()))
    }
}

/// The columns of an event as `nextAuditEvent` reads them, in both stores.
public enum AuditColumns {
    public static let list = """
        e.id, e.happened_at, e.type, e.principal_id, e.principal_name, e.principal_email, e.object_id, e.object_name, e.origin_ip,
        e.user_agent, e.session_id
        """
    /// As they are inserted, behind the tenant.
    public static let inserted = """
        id, happened_at, type, principal_id, principal_name, principal_email, object_id, object_name, origin_ip, user_agent,
        session_id
        """
}

/// The limits of steps over the events of all tenants.
public enum AuditLimits {
    /// Events that retention deletes in one step. A start may wait that long: some milliseconds.
    public static let deletedAtOnce = 400
    /// Events that are sealed in one transaction, in a store that seals them after they were written.
    public static let sealedAtOnce = 500
    /// Events that a check reads at once.
    public static let checkedAtOnce = 5_000
}

/// An event in the order in which the events of all tenants were written, as retention sees it.
public struct AgedAuditEvent: Sendable {
    /// Numbers events in that order.
    public var place: Int
    public var tenant: Int
    public var happenedAt: Timestamp
    public var hash: [UInt8]

    public init(place: Int, tenant: Int, happenedAt: Timestamp, hash: [UInt8]) {
        self.place = place
        self.tenant = tenant
        self.happenedAt = happenedAt
        self.hash = hash
    }
}

extension RowReader {
    /// The columns place, tenant, happened_at, hash.
    public mutating func nextAgedAuditEvent() throws -> AgedAuditEvent {
        AgedAuditEvent(place: try next(), tenant: try next(), happenedAt: try next(), hash: try next())
    }
}

/// The statements of retention of the audit log, in both stores.
public protocol AuditRetentionTransaction {
    /// The oldest events of all tenants, in the order in which they were written.
    func oldestAuditEvents(limit: Int) throws -> [AgedAuditEvent]
    /// Deletes all events up to a place.
    func deleteAuditEvents(upTo place: Int) throws
    /// Sets the hash before the oldest kept event of a tenant.
    func setAuditBase(_ base: [UInt8], of tenant: Int) throws
    /// Writes an event for a tenant, if the request has an actor.
    func record(_ type: AuditEventType, _ object: AuditObject, ofTenantNumbered number: Int) throws
}

extension AuditRetentionTransaction {
    /// - Returns: how many events were deleted.
    public func deleteOldestAuditEvents(happenedBefore cutoff: Timestamp) throws -> Int {
        let old = try oldestAuditEvents(limit: AuditLimits.deletedAtOnce).prefix { $0.happenedAt < cutoff }
        guard let last = old.last else { return 0 }
        try deleteAuditEvents(upTo: last.place)
        var counts: [Int: Int] = [:]
        var bases: [Int: [UInt8]] = [:]
        for event in old {
            counts[event.tenant, default: 0] += 1
            bases[event.tenant] = event.hash
        }
        for (tenant, base) in bases.sorted(by: { $0.key < $1.key }) {
            try setAuditBase(base, of: tenant)
            let count = counts[tenant] ?? 0
            try record(
                .auditExpired, AuditObject("before \(cutoff.iso8601)", name: "\(count) \(count == 1 ? "event" : "events")"),
                ofTenantNumbered: tenant)
        }
        return old.count
    }
}
