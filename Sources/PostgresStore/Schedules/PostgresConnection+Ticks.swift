import StoreCore
import WorkflowModel

enum TickStatement {
    static let list = """
        instant, schedule, outcome, reason, note, run, merged_into, due_at, period_from, decided_at, is_backfilled
        """
    static let ofAll = """
        SELECT \(list) FROM ticks
        WHERE tenant = $1 AND configuration = $2 AND instant >= $3 AND instant < $4 AND (instant, schedule) < ($6, $7)
        ORDER BY instant DESC, schedule DESC LIMIT $5
        """
    static let ofSchedule = """
        SELECT \(list) FROM ticks
        WHERE tenant = $1 AND configuration = $2 AND schedule = $7 AND instant >= $3 AND instant < $4 AND instant < $6
        ORDER BY instant DESC LIMIT $5
        """
    static let waiting = """
        SELECT \(list) FROM ticks WHERE tenant = $1 AND configuration = $2 AND outcome = 'waiting' ORDER BY instant, schedule
        """
    static let ahead = "SELECT instant, schedule FROM ticks WHERE tenant = $1 AND configuration = $2 AND instant > $3"
    static let one = "SELECT \(list) FROM ticks WHERE tenant = $1 AND configuration = $2 AND instant = $3 AND schedule = $4"
    static let deleteOld = """
        WITH old AS MATERIALIZED (
            SELECT tenant, configuration, instant, schedule FROM ticks
            WHERE tenant = $1 AND decided_at < $2 AND outcome <> 'waiting' ORDER BY decided_at LIMIT $3)
        DELETE FROM ticks AS k USING old AS o
        WHERE k.tenant = o.tenant AND k.configuration = o.configuration AND k.instant = o.instant AND k.schedule = o.schedule
        """
    static let add = """
        INSERT INTO ticks AS k (tenant, configuration, instant, schedule, outcome, reason, note, run, merged_into, due_at,
            period_from, decided_at, is_backfilled)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """
    static let replace = """
        ON CONFLICT (tenant, configuration, instant, schedule) DO UPDATE SET
            outcome = excluded.outcome, reason = excluded.reason, note = excluded.note, run = excluded.run,
            merged_into = excluded.merged_into, due_at = excluded.due_at, period_from = excluded.period_from,
            decided_at = excluded.decided_at, is_backfilled = excluded.is_backfilled
        """
}

extension PostgresConnection {
    func waitingTicks(of configuration: String, tenant: Int, named name: Tenant) throws -> [ScheduleTick] {
        try rows(TickStatement.waiting, tenant, configuration) { try $0.nextTick(of: configuration, tenant: name) }
    }

    func ticks(of configuration: String, tenant: Int, after instant: Timestamp) throws -> Set<TickPlace> {
        Set(try rows(TickStatement.ahead, tenant, configuration, instant) { try $0.nextTickPlace() })
    }

    func tick(_ place: TickPlace, of configuration: String, tenant: Int, named name: Tenant) throws -> ScheduleTick? {
        try row(TickStatement.one, tenant, configuration, place.instant, place.schedule) {
            try $0.nextTick(of: configuration, tenant: name)
        }
    }

    /// Writes ticks that have no row yet, or that wait. All outcomes but those of backfills are written here.
    /// - Returns: how many were written; those that have their outcome already are left as they are.
    func record(_ ticks: [ScheduleTick], tenant: Int) throws -> Int {
        guard !ticks.isEmpty else { return 0 }
        let columns = ticks.columns(tenants: ticks.map { _ in tenant })
        return try execute("\(TickStatement.add) \(TickStatement.replace) WHERE k.outcome = 'waiting'", columns).affectedRows
    }

    /// - Parameter former: the run that the tick may have.
    /// - Returns: 0 when the tick has another run or waits for one.
    func recordBackfill(_ tick: ScheduleTick, replacing former: RunID?, tenant: Int) throws -> Int {
        try execute(
            """
            \(TickStatement.add) \(TickStatement.replace)
            WHERE k.outcome NOT IN ('waiting', 'started') OR (k.outcome = 'started' AND k.run = $14)
            """, [tick].columns(tenants: [tenant]) + [former]
        ).affectedRows
    }

    /// Writes ticks of another store.
    func add(_ ticks: [ScheduleTick]) throws {
        _ = try execute(TickStatement.add, ticks.columns(tenants: try ticks.map { try findOrCreate($0.tenant) }))
    }

    /// - Returns: how many were deleted; the limit when more may be left.
    func deleteTicks(of tenant: Int, decidedBefore cutoff: Timestamp, limit: Int) throws -> Int {
        try change(TickStatement.deleteOld, tenant, cutoff, limit)
    }
}

extension [ScheduleTick] {
    /// As the columns of the table.
    fileprivate func columns(tenants: [Int]) -> [any SQLValue] {
        [
            Column(tenants), Column(map(\.configuration)), Column(map(\.instant)), Column(map(\.schedule)),
            Column(map(\.outcome)), Column(map(\.reason)), Column(map(\.note)), Column(map(\.run)), Column(map(\.mergedInto)),
            Column(map(\.dueAt)),
            Column(map(\.periodFrom)), Column(map(\.decidedAt)), Column(map(\.isBackfilled)),
        ]
    }
}
