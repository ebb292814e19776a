public import WorkflowModel

/// The statements that decisions about schedules are read by.
public protocol ScheduleTransaction {
    func stretches(of configuration: String, tenant: Int) throws -> [ScheduleStretch]
    func waitingTicks(of configuration: String, tenant: Int, named name: Tenant) throws -> [ScheduleTick]
    func ticks(of configuration: String, tenant: Int, after instant: Timestamp) throws -> Set<TickPlace>
    func goingRuns(of configuration: String, tenant: Int) throws -> [UnfinishedRun]
    /// nil when there is no such configuration.
    func lastPause(of configuration: String, tenant: Int) throws -> LastPause?
}

/// How far the schedules of a configuration have been decided, as a row says it.
public struct ScheduleCursor: Sendable {
    public var tenant: Int
    public var configuration: String
    public var revision: Int64
    public var decidedUntil: Timestamp
}

extension RowReader {
    /// The columns tenant, configuration, revision, decided_until.
    public mutating func nextScheduleCursor() throws -> ScheduleCursor {
        ScheduleCursor(tenant: try next(), configuration: try next(), revision: try next(), decidedUntil: try next())
    }
}

extension ScheduleTransaction {
    public func progress(at cursor: ScheduleCursor, of tenant: Tenant) throws -> ScheduleProgress {
        let (configuration, number) = (cursor.configuration, cursor.tenant)
        return ScheduleProgress(
            tenant: tenant, configuration: configuration, revision: cursor.revision, decidedUntil: cursor.decidedUntil,
            stretches: try stretches(of: configuration, tenant: number),
            waiting: try waitingTicks(of: configuration, tenant: number, named: tenant),
            decidedAhead: try ticks(of: configuration, tenant: number, after: cursor.decidedUntil),
            going: try goingRuns(of: configuration, tenant: number),
            pause: try lastPause(of: configuration, tenant: number)?.pause)
    }
}

/// The bounds of a page of ticks.
public struct TickBounds {
    public var from: Timestamp
    public var to: Timestamp
    /// The instant of the last tick of the page before, which is beyond all others where there is none.
    public var last: Timestamp
    /// The schedule of the last tick of the page before.
    public var lastSchedule: String
    public var limit: Int

    public init(_ query: TickQuery) {
        limit = max(0, query.limit)
        last = query.after?.instant ?? Timestamp(milliseconds: .max)
        lastSchedule = query.after?.schedule ?? ""
        from = query.window.from ?? Timestamp(milliseconds: .min)
        to = min(
            query.window.to ?? Timestamp(milliseconds: .max), last + .milliseconds(query.after == nil ? 0 : 1))
    }
}
