import StoreCore
import WorkflowModel

enum TickStatement {
    static let columns = """
        SELECT instant, schedule, outcome, reason, note, run, merged_into, due_at, period_from, decided_at, is_backfilled FROM ticks
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

extension DatabaseConnection {
    func waitingTicks(of configuration: String, tenant: Int, named name: Tenant) throws -> [ScheduleTick] {
        try rows(TickStatement.waiting, tenant, configuration) { try $0.nextTick(of: configuration, tenant: name) }
    }

    func ticks(of configuration: String, tenant: Int, after instant: Timestamp) throws -> Set<TickPlace> {
        Set(try rows(TickStatement.ahead, tenant, configuration, instant) { try $0.nextTickPlace() })
    }

    func tick(_ place: TickPlace, of configuration: String, tenant: Int, named name: Tenant) throws -> ScheduleTick? {
        try row(
            "\(TickStatement.columns) WHERE tenant = ? AND configuration = ? AND instant = ? AND schedule = ?", tenant,
            configuration, place.instant, place.schedule
        ) { try $0.nextTick(of: configuration, tenant: name) }
    }

    /// Writes a tick that has no row yet, or that waits. All outcomes but those of backfills are written here.
    /// - Returns: 0 when the tick has its outcome already, and was left as it is.
    func record(_ tick: ScheduleTick, tenant: Int) throws -> Int {
        try insert(tick, tenant: tenant, "WHERE outcome = 'waiting'")
    }

    /// Writes a tick, whatever its outcome was before.
    func replace(_ tick: ScheduleTick, tenant: Int) throws {
        _ = try insert(tick, tenant: tenant, "WHERE true")
    }

    private func insert(_ tick: ScheduleTick, tenant: Int, _ condition: String) throws -> Int {
        try change(
            """
            INSERT INTO ticks (tenant, configuration, instant, schedule, outcome, reason, note, run, merged_into, due_at,
                period_from, decided_at, is_backfilled)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, configuration, instant, schedule) DO UPDATE SET
                outcome = excluded.outcome, reason = excluded.reason, note = excluded.note, run = excluded.run,
                merged_into = excluded.merged_into, due_at = excluded.due_at, period_from = excluded.period_from,
                decided_at = excluded.decided_at, is_backfilled = excluded.is_backfilled
            \(condition)
            """,
            tenant, tick.configuration, tick.instant, tick.schedule, tick.outcome, tick.reason, tick.note, tick.run,
            tick.mergedInto, tick.dueAt, tick.periodFrom, tick.decidedAt, tick.isBackfilled)
    }

    /// - Returns: how many were deleted; the limit when more may be left.
    func deleteTicks(of tenant: Int, decidedBefore cutoff: Timestamp, limit: Int) throws -> Int {
        try change(TickStatement.deleteOld, tenant, cutoff, limit)
    }
}
