import StoreCore
import WorkflowModel

extension PostgresConnection {
    func allSchedules() throws -> [TransferredSchedules] {
        try rows(
            """
            SELECT tenant, configuration, revision, decided_until, wake_at, waits_for_run FROM schedule_cursors
            ORDER BY tenant, configuration
            """
        ) { columns in
            let number = try columns.next(Int.self)
            var schedules = try columns.nextSchedules(of: try tenant(numbered: number))
            schedules.stretches = try stretches(of: schedules.configuration, tenant: number)
            return schedules
        }
    }

    func ticks(
        after key: TickTransferPlace, limit: Int
    ) throws -> [TransferredRow<TickTransferPlace, ScheduleTick>] {
        try rows(
            """
            SELECT tenant, configuration, \(TickStatement.list) FROM ticks
            WHERE (tenant, configuration, instant, schedule) > ($1, $2, $3, $4)
            ORDER BY tenant, configuration, instant, schedule LIMIT $5
            """, key.tenant, key.configuration, key.instant, key.schedule, limit
        ) { columns in
            let number = try columns.next(Int.self)
            let tick = try columns.nextTick(of: try columns.next(), tenant: try tenant(numbered: number))
            return TransferredRow(TickTransferPlace(tenant: number, tick), tick)
        }
    }

    func add(_ schedules: TransferredSchedules) throws {
        let tenant = try findOrCreate(schedules.tenant)
        try change(
            """
            INSERT INTO schedule_cursors (tenant, configuration, revision, decided_until, wake_at, waits_for_run)
            VALUES ($1, $2, $3, $4, $5, $6)
            """, tenant, schedules.configuration, schedules.revision, schedules.decidedUntil, schedules.wakeAt,
            schedules.waitsForRun)
        for stretch in schedules.stretches {
            try change(
                """
                INSERT INTO schedule_stretches (tenant, configuration, version, begins_at, ends_at)
                SELECT tenant, configuration, number, $3, $4 FROM configuration_versions WHERE tenant = $1 AND id = $2
                """, tenant, stretch.version, stretch.begin, stretch.end)
        }
    }
}
