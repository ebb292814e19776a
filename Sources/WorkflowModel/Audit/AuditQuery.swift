/// A request for a page of a tenant's audit log, newest events first.
public struct AuditQuery: Hashable, Sendable {
    public static let limits = 1...1_000
    /// Events that are read for one page, at most. A page of a filter that few events match ends early and has a next one.
    public static let readAtMost = 10_000

    public var tenant: Tenant
    /// On ``AuditEvent/happenedAt``.
    public var window: TimeWindow
    /// nil for events of all types.
    @Exact public var type: String?
    /// The id of a principal; nil for events of all.
    @Exact public var principal: String?
    /// Where to begin, from the page before; nil for the newest event.
    public var place: AuditPlace?
    public var limit: Int
    /// Whether to count the events in the window, of all types and principals.
    public var withTotal: Bool

    public init(
        of tenant: Tenant, window: TimeWindow = TimeWindow(), type: String? = nil, principal: String? = nil,
        from place: AuditPlace? = nil, limit: Int = AuditQuery.limits.upperBound, withTotal: Bool = false
    ) {
        self.tenant = tenant
        self.window = window
        self.type = type
        self.principal = principal
        self.place = place
        self.limit = limit
        self.withTotal = withTotal
    }

    /// Whether an event of the tenant and the window is one of those that are asked for.
    public func matches(_ event: AuditEvent) -> Bool {
        if let type, !type.isIdentical(to: event.type) { return false }
        if let principal, !principal.isIdentical(to: event.principal.id) { return false }
        return true
    }
}

/// The place behind an event in the order of the log: by time, and by id at the same time; newest first.
public struct AuditPlace: Hashable, Sendable {
    public var happenedAt: Timestamp
    public var id: AuditEventID

    public init(happenedAt: Timestamp, id: AuditEventID) {
        self.happenedAt = happenedAt
        self.id = id
    }

    public init(behind event: AuditEvent) {
        self.init(happenedAt: event.happenedAt, id: event.id)
    }
}

/// A page of the audit log.
public struct AuditEventPage: Hashable, Sendable {
    public var events: [AuditEvent]
    /// Where the next page begins; nil on the last one.
    public var next: AuditPlace?
    /// nil unless asked for.
    public var total: Int?

    public init(events: [AuditEvent] = [], next: AuditPlace? = nil, total: Int? = nil) {
        self.events = events
        self.next = next
        self.total = total
    }
}
