import GRDB
import WorkflowModel

extension Database {
    func schedules() throws -> TransferPage {
        let cursors = try rows(
            """
            SELECT c.tenant, t.name, c.configuration, c.revision, c.decided_until, c.wake_at, c.waits_for_run
            FROM schedule_cursors AS c CROSS JOIN tenants AS t ON t.number = c.tenant ORDER BY c.tenant, c.configuration
            """
        ) { columns in
            let number = try columns.next(Int64.self)
            let schedules = TransferredSchedules(
                tenant: try columns.nextTenant(), configuration: try columns.next(), revision: try columns.next(),
                decidedUntil: try columns.next(), wakeAt: try columns.next(), waitsForRun: try columns.next())
            return (number, schedules)
        }
        let records = try cursors.map { number, schedules in
            var schedules = schedules
            schedules.stretches = try stretches(of: schedules.configuration, tenant: number)
            return schedules
        }
        return TransferPage(records: .schedules(records), next: nil)
    }

    /// A place is the tenant's number, the instant, the configuration and the schedule: ids hold no slashes.
    func tickPage(after place: String?) throws -> TransferPage {
        let parts = (place ?? "0/0//").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let tenant = Int64(parts[0]), let instant = Int64(parts[1]) else {
            throw StoreError(.unavailable, "The transfer cannot go on there: that place is not one of this store.")
        }
        let found = try rows(
            """
            SELECT k.tenant, t.name, k.configuration, k.instant, k.schedule, k.outcome, k.reason, k.run, k.merged_into, k.due_at,
                k.period_from, k.decided_at, k.is_backfilled
            FROM ticks AS k CROSS JOIN tenants AS t ON t.number = k.tenant
            WHERE (k.tenant, k.configuration, k.instant, k.schedule) > (?, ?, ?, ?)
            ORDER BY k.tenant, k.configuration, k.instant, k.schedule LIMIT ?
            """, tenant, parts[2], instant, parts[3], TransferLimits.records
        ) { columns in
            let number = try columns.next(Int64.self)
            let tenant = try columns.nextTenant()
            let configuration = try columns.next(String.self)
            return (number, try columns.nextTick(of: configuration, tenant: tenant))
        }
        let next =
            found.count == TransferLimits.records
            ? found.last.map { number, tick in
                TransferPlace(text: "\(number)/\(tick.instant.milliseconds)/\(tick.configuration)/\(tick.schedule)")
            } : nil
        return TransferPage(records: .ticks(found.map(\.1)), next: next)
    }
}
