import StoreCore
import WorkflowModel

extension DatabaseConnection {
    func allSchedules() throws -> [TransferredSchedules] {
        let cursors = try rows(
            """
            SELECT c.tenant, t.name, c.configuration, c.revision, c.decided_until, c.wake_at, c.waits_for_run
            FROM schedule_cursors AS c CROSS JOIN tenants AS t ON t.number = c.tenant ORDER BY c.tenant, c.configuration
            """
        ) { columns in
            let number = try columns.next(Int.self)
            let tenant = try columns.nextTenant()
            return (number, try columns.nextSchedules(of: tenant))
        }
        return try cursors.map { number, schedules in
            var schedules = schedules
            schedules.stretches = try stretches(of: schedules.configuration, tenant: number)
            return schedules
        }
    }

    func ticks(
        after key: TickTransferPlace, limit: Int
    ) throws -> [TransferredRow<TickTransferPlace, ScheduleTick>] {
        try rows(
            """
            SELECT k.tenant, t.name, k.configuration, k.instant, k.schedule, k.outcome, k.reason, k.note, k.run, k.merged_into,
                k.due_at, k.period_from, k.decided_at, k.is_backfilled
            FROM ticks AS k CROSS JOIN tenants AS t ON t.number = k.tenant
            WHERE (k.tenant, k.configuration, k.instant, k.schedule) > (?, ?, ?, ?)
            ORDER BY k.tenant, k.configuration, k.instant, k.schedule LIMIT ?
            """, key.tenant, key.configuration, key.instant, key.schedule, limit
        ) { columns in
            let number = try columns.next(Int.self)
            let tenant = try columns.nextTenant()
            let tick = try columns.nextTick(of: try columns.next(), tenant: tenant)
            return TransferredRow(TickTransferPlace(tenant: number, tick), tick)
        }
    }
}
