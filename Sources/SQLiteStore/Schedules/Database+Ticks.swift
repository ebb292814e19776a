import GRDB
import WorkflowModel

enum TickStatement {
    static let columns = """
        SELECT instant, schedule, outcome, reason, run, merged_into, due_at, period_from, decided_at, is_backfilled FROM ticks
        """
    static let ofAll = """
        \(columns) WHERE tenant = ? AND configuration = ? AND instant >= ? AND instant < ? AND (instant, schedule) < (?, ?)
        ORDER BY instant DESC, schedule DESC LIMIT ?
        """
    static let ofSchedule = """
        \(columns) INDEXED BY ticks_schedule
        WHERE tenant = ? AND configuration = ? AND instant >= ? AND instant < ? AND schedule = ? AND instant < ?
        ORDER BY instant DESC LIMIT ?
        """
    static let waiting = """
        \(columns) INDEXED BY ticks_waiting
        WHERE tenant = ? AND configuration = ? AND outcome = 'waiting' ORDER BY instant, schedule
        """
    static let ahead = "SELECT instant, schedule FROM ticks WHERE tenant = ? AND configuration = ? AND instant > ?"
    static let deleteOld = """
        DELETE FROM ticks WHERE (tenant, configuration, instant, schedule) IN (
            SELECT tenant, configuration, instant, schedule FROM ticks INDEXED BY ticks_age
            WHERE tenant = ? AND decided_at < ? AND outcome <> 'waiting' ORDER BY decided_at LIMIT ?)
        """
}

extension Database {
    func waitingTicks(of configuration: String, tenant: Int64, named name: Tenant) throws -> [ScheduleTick] {
        try rows(TickStatement.waiting, tenant, configuration) { try $0.nextTick(of: configuration, tenant: name) }
    }

    func ticks(of configuration: String, tenant: Int64, after instant: Timestamp) throws -> Set<TickPlace> {
        Set(
            try rows(TickStatement.ahead, tenant, configuration, instant) { columns in
                let instant = try columns.next(Timestamp.self)
                return TickPlace(schedule: try columns.next(), instant: instant)
            })
    }

    func tick(_ place: TickPlace, of configuration: String, tenant: Int64, named name: Tenant) throws -> ScheduleTick? {
        try row(
            "\(TickStatement.columns) WHERE tenant = ? AND configuration = ? AND instant = ? AND schedule = ?", tenant,
            configuration, place.instant, place.schedule
        ) { try $0.nextTick(of: configuration, tenant: name) }
    }

    /// Writes a tick that has no row yet, or that waited. Every outcome but that of a backfill is written here.
    /// - Returns: 0 when it has its outcome already, and was left as it is.
    func record(_ tick: ScheduleTick, tenant: Int64) throws -> Int {
        try insert(tick, tenant: tenant, "WHERE outcome = 'waiting'")
    }

    /// Writes a tick whatever became of it before.
    func replace(_ tick: ScheduleTick, tenant: Int64) throws {
        _ = try insert(tick, tenant: tenant, "WHERE true")
    }

    private func insert(_ tick: ScheduleTick, tenant: Int64, _ condition: String) throws -> Int {
        try change(
            """
            INSERT INTO ticks (tenant, configuration, instant, schedule, outcome, reason, run, merged_into, due_at, period_from,
                decided_at, is_backfilled)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, configuration, instant, schedule) DO UPDATE SET
                outcome = excluded.outcome, reason = excluded.reason, run = excluded.run, merged_into = excluded.merged_into,
                due_at = excluded.due_at, period_from = excluded.period_from, decided_at = excluded.decided_at,
                is_backfilled = excluded.is_backfilled
            \(condition)
            """,
            tenant, tick.configuration, tick.instant, tick.schedule, tick.outcome, tick.reason, tick.run, tick.mergedInto,
            tick.dueAt, tick.periodFrom, tick.decidedAt, tick.isBackfilled)
    }

    /// - Returns: how many are gone: as many as the limit when there may be more.
    func deleteTicks(of tenant: Int64, decidedBefore cutoff: Timestamp, limit: Int) throws -> Int {
        try change(TickStatement.deleteOld, tenant, cutoff, limit)
    }
}

extension ColumnReader {
    mutating func nextTick(of configuration: String, tenant: Tenant) throws -> ScheduleTick {
        let instant = try next(Timestamp.self)
        return ScheduleTick(
            tenant: tenant, configuration: configuration, schedule: try next(), instant: instant, outcome: try next(),
            reason: try next(), run: try next(), mergedInto: try next(), dueAt: try next(), periodFrom: try next(),
            decidedAt: try next(), isBackfilled: try next())
    }
}

extension TickOutcome: SQLValue {}
extension TickReason: SQLValue {}
