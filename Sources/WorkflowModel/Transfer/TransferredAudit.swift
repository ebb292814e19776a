/// The ends of a tenant's chain of audit events.
public struct TransferredAuditChain: Hashable, Sendable {
    public var tenant: Tenant
    /// The hash before the oldest event that is kept.
    public var base: [UInt8]
    /// The hash of the newest event.
    public var head: [UInt8]

    public init(tenant: Tenant, base: [UInt8], head: [UInt8]) {
        self.tenant = tenant
        self.base = base
        self.head = head
    }
}

/// An event with its hash, so that a transferred chain stays valid.
public struct TransferredAuditEvent: Hashable, Sendable {
    public var event: AuditEvent
    public var hash: [UInt8]

    public init(event: AuditEvent, hash: [UInt8]) {
        self.event = event
        self.hash = hash
    }
}
