public import WorkflowModel

/// The statements that pausing and resuming a workflow need, in one transaction that no other change of the tenant's configurations
/// overlaps.
public protocol PauseTransaction {
    /// nil when there is no such configuration.
    func lastPause(of configuration: String, tenant: Int) throws -> LastPause?

    /// Replaces the pause of a configuration.
    func setPause(_ pause: WorkflowPause, of configuration: String, tenant: Int) throws

    /// Makes a decision about the schedules due, and rejects those that were made before.
    func reconsiderSchedules(of configuration: String, tenant: Int, at now: Timestamp) throws

    /// Writes an event of the audit log, if the request has an actor.
    func record(_ type: AuditEventType, _ object: AuditObject, of tenant: Tenant, numbered number: Int) throws
}

/// A configuration's name and its last pause.
public struct LastPause: Sendable {
    public var name: String
    /// It may have ended; nil when there was none.
    public var pause: WorkflowPause?
}

extension RowReader {
    /// The columns name, and those of ``nextPause()``.
    public mutating func nextLastPause() throws -> LastPause {
        LastPause(name: try next(), pause: try nextPause())
    }

    /// The columns pause_reason, paused_at, paused_until, and id, name and email of the principal; nil without a pause.
    public mutating func nextPause() throws -> WorkflowPause? {
        let (reason, since, until) = (try next(String?.self), try next(Timestamp?.self), try next(Timestamp?.self))
        let (id, name, email) = (try next(String?.self), try next(String?.self), try next(String?.self))
        guard let reason, let since, let id, let name else { return nil }
        return WorkflowPause(reason: reason, pausedBy: Principal(id: id, name: name, email: email), since: since, until: until)
    }
}

/// The columns of a pause as `nextPause` reads them, in both stores.
public enum PauseColumns {
    public static let list = "c.pause_reason, c.paused_at, c.paused_until, p.id, p.name, p.email"
}

extension PauseTransaction {
    /// - Parameter former: the pause that an earlier try may have written, when its answer was lost.
    /// - Returns: the pause that is in force now; nil when there is no such configuration.
    public func pause(
        _ configuration: String, of tenant: Tenant, numbered number: Int, with request: WorkflowPause, former: WorkflowPause? = nil,
        signals: inout Set<StoreSignal>
    ) throws -> WorkflowPause? {
        guard let last = try lastPause(of: configuration, tenant: number) else { return nil }
        signals.insert(.schedules)
        if let former, former == last.pause { return former }
        let pause = request.replacing(last.pause)
        try setPause(pause, of: configuration, tenant: number)
        try reconsiderSchedules(of: configuration, tenant: number, at: request.since)
        try record(.workflowPaused, AuditObject(configuration, name: last.name), of: tenant, numbered: number)
        return pause
    }

    /// The pause stays, with its end: ticks before it that no node has decided yet are still skipped.
    /// - Returns: whether there is such a configuration.
    public func resume(
        _ configuration: String, of tenant: Tenant, numbered number: Int, at now: Timestamp, signals: inout Set<StoreSignal>
    ) throws -> Bool {
        guard let last = try lastPause(of: configuration, tenant: number) else { return false }
        signals.insert(.schedules)
        guard let pause = last.pause, pause.isInForce(at: now) else { return true }
        try setPause(pause.ended(at: now), of: configuration, tenant: number)
        try reconsiderSchedules(of: configuration, tenant: number, at: now)
        try record(.workflowResumed, AuditObject(configuration, name: last.name), of: tenant, numbered: number)
        return true
    }
}
