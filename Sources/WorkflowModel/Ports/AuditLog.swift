/// The log of what persons and keys have done.
///
/// It is only appended to. The other methods of a store append the events of their changes in the same transaction, for the
/// ``AuditActor`` of the request. Nothing changes an event, and only retention deletes events.
///
/// The events of a tenant form a chain: each has a hash over itself and the hash of the one before.
public protocol AuditLog: Sendable {
    /// Events, newest first.
    func auditEvents(matching query: AuditQuery) async throws -> AuditEventPage

    /// Appends events that change nothing else, such as a sign-in.
    func append(_ events: [AuditEvent]) async throws

    /// How many events happened before `cutoff`.
    func auditEventCountOfAllTenants(happenedBefore cutoff: Timestamp) async throws -> Int

    /// Deletes the oldest events that happened before `cutoff`, a limited number of them. The events that stay remain a chain: events
    /// are deleted in the order in which they were written, up to the first younger one.
    /// - Returns: how many were deleted; 0 when none is left.
    func deleteAuditEventsOfAllTenants(happenedBefore cutoff: Timestamp) async throws -> Int

    /// Verifies the chains of all tenants. Reads all events, while other transactions go on.
    /// - Returns: one finding for each chain that does not fit, with its first such event; empty when all fit.
    func checkAuditOfAllTenants() async throws -> [StoreFinding]
}
