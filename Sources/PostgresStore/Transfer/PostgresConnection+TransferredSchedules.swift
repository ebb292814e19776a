import WorkflowModel

extension PostgresConnection {
    func schedules() throws -> TransferPage {
        let cursors = try rows(
            """
            SELECT tenant, configuration, revision, decided_until, wake_at, waits_for_run FROM schedule_cursors
            ORDER BY tenant, configuration
            """
        ) { columns in
            (
                tenant: try columns.next(Int.self), configuration: try columns.next(String.self),
                revision: try columns.next(Int64.self), decidedUntil: try columns.next(Timestamp.self),
                wakeAt: try columns.next(Timestamp?.self), waitsForRun: try columns.next(Bool.self)
            )
        }
        let records = try cursors.map { cursor in
            TransferredSchedules(
                tenant: try tenant(numbered: cursor.tenant), configuration: cursor.configuration, revision: cursor.revision,
                decidedUntil: cursor.decidedUntil, wakeAt: cursor.wakeAt, waitsForRun: cursor.waitsForRun,
                stretches: try stretches(of: cursor.configuration, tenant: cursor.tenant))
        }
        return TransferPage(records: .schedules(records), next: nil)
    }

    func add(_ schedules: TransferredSchedules) throws {
        let tenant = try numberMaking(schedules.tenant)
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

    func tickPage(after place: TickTransferPlace) throws -> TransferPage {
        let found = try rows(
            """
            SELECT tenant, configuration, \(TickStatement.list) FROM ticks
            WHERE (tenant, configuration, instant, schedule) > ($1, $2, $3, $4)
            ORDER BY tenant, configuration, instant, schedule LIMIT $5
            """, place.tenant, place.configuration, place.instant, place.schedule, TransferLimits.records
        ) { columns in
            let number = try columns.next(Int.self)
            let configuration = try columns.next(String.self)
            return (number, try columns.nextTick(of: configuration, tenant: try tenant(numbered: number)))
        }
        let last = found.last.map { number, tick in
            TickTransferPlace(
                tenant: number, instant: tick.instant, configuration: tick.configuration, schedule: tick.schedule
            ).place
        }
        return TransferPage(records: .ticks(found.map(\.1)), next: found.count == TransferLimits.records ? last : nil)
    }
}
