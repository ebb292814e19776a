/// The author of the changes of a request, and the origin of the request.
///
/// The server and the commands of operators set ``current`` for the time of a request. The stores take it with every change that is
/// asked for within, and write an event for the change. Without an actor, which is how the service itself works, they write none.
public final class AuditActor: Sendable {
    @TaskLocal public static var current: AuditActor?

    public let principal: Principal
    public let origin: AuditOrigin
    private let time: any TimeSource
    private let random: any RandomSource

    /// - Parameters:
    ///   - time: when events happen.
    ///   - random: makes the ids of events.
    public init(_ principal: Principal, from origin: AuditOrigin, time: any TimeSource, random: any RandomSource) {
        self.principal = principal
        self.origin = origin
        self.time = time
        self.random = random
    }

    /// An event that happens now.
    public func event(_ type: AuditEventType, _ object: AuditObject, of tenant: Tenant) -> AuditEvent {
        let now = time.now
        return AuditEvent(
            id: AuditEventID(at: now, using: random), type: type.rawValue, tenant: tenant, happenedAt: now, principal: principal,
            object: object, origin: origin)
    }

    /// Runs a body in which changes are made by this actor.
    public func act<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        try await Self.$current.withValue(self) { try await body() }
    }
}

extension Principal {
    /// The operator of the service, with access to its data directory or its database.
    public static let `operator` = Principal(id: "weir.operator", name: "Operator")
}
