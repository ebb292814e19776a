import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func dueSchedulesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [ScheduleStanding] {
        try await read { database in
            let due = try database.rows(ScheduleStatement.due, now, max(0, limit)) { columns in
                (
                    tenant: try columns.next(Int64.self), configuration: try columns.next(String.self),
                    revision: try columns.next(Int64.self), decidedUntil: try columns.next(Timestamp.self)
                )
            }
            return try due.compactMap { cursor in
                guard let name = try database.tenant(numbered: cursor.tenant) else { return nil }
                return ScheduleStanding(
                    tenant: name, configuration: cursor.configuration, revision: cursor.revision,
                    decidedUntil: cursor.decidedUntil,
                    stretches: try database.stretches(of: cursor.configuration, tenant: cursor.tenant),
                    waiting: try database.waitingTicks(of: cursor.configuration, tenant: cursor.tenant, named: name),
                    decidedAhead: try database.ticks(
                        of: cursor.configuration, tenant: cursor.tenant, after: cursor.decidedUntil),
                    going: try database.goingRuns(of: cursor.configuration, tenant: cursor.tenant))
            }
        }
    }

    public func nextScheduleTimeOfAllTenants() async throws -> Timestamp? {
        try await read { try $0.row(ScheduleStatement.next) { try $0.next() } }
    }

    public func record(_ decision: ScheduleDecision, at now: Timestamp) async throws -> Bool {
        try await write { database, signals in
            guard let tenant = try database.number(of: decision.tenant),
                try database.revision(of: decision.configuration, tenant: tenant) == decision.revision
            else { return false }
            for plan in decision.starts { try database.insert(plan, tenant: tenant, signals: &signals) }
            for tick in decision.ticks where try database.record(tick, tenant: tenant) == 0 {
                throw StoreError(.duplicate, "The tick of \(tick.schedule) at \(tick.instant.iso8601) has its outcome already.")
            }
            try database.save(decision, tenant: tenant)
            try database.raiseAlerts(for: decision, tenant: tenant, at: now)
            return true
        }
    }

    public func backfill(_ plan: RunPlan, tickOf schedule: String, at now: Timestamp) async throws -> BackfillReceipt {
        guard let instant = plan.scheduledFor else { throw StoreError.planWithoutTick() }
        return try await write { database, signals in
            let tenant = try database.numberMaking(plan.tenant)
            let tick = ScheduleTick(
                tenant: plan.tenant, configuration: plan.configuration, schedule: schedule, instant: instant, outcome: .started,
                run: plan.id, periodFrom: plan.range?.from, decidedAt: now, isBackfilled: true)
            if let present = try database.tick(tick.place, of: plan.configuration, tenant: tenant, named: plan.tenant) {
                if present.outcome == .waiting { return .waiting }
                if present.outcome == .started, let run = present.run { return .alreadyStarted(run) }
            }
            try database.insert(plan, tenant: tenant, signals: &signals)
            try database.replace(tick, tenant: tenant)
            try database.change(
                "UPDATE schedule_cursors SET revision = revision + 1 WHERE tenant = ? AND configuration = ?", tenant,
                plan.configuration)
            return .started(plan.accepted)
        }
    }

    public func ticks(matching query: TickQuery) async throws -> TickPage {
        try await read { database in
            guard let tenant = try database.number(of: query.tenant) else { return TickPage(ticks: [], next: nil) }
            let limit = max(0, query.limit)
            let last = query.after?.instant ?? Timestamp(milliseconds: .max)
            let bounds: [any SQLValue] = [
                tenant, query.configuration, query.window.from ?? Timestamp(milliseconds: .min),
                min(query.window.to ?? Timestamp(milliseconds: .max), last + .milliseconds(query.after == nil ? 0 : 1)),
            ]
            let rest: [any SQLValue] =
                if let schedule = query.schedule { [schedule, last, limit + 1] } else {
                    [last, query.after?.schedule ?? "", limit + 1]
                }
            let statement = query.schedule == nil ? TickStatement.ofAll : TickStatement.ofSchedule
            let ticks = try database.prepared(statement).rows(list: bounds + rest) {
                try $0.nextTick(of: query.configuration, tenant: query.tenant)
            }
            return TickPage(reading: ticks, limit: limit)
        }
    }
}

enum ScheduleStatement {
    static let due = """
        SELECT tenant, configuration, revision, decided_until FROM schedule_cursors INDEXED BY schedule_cursors_wake
        WHERE wake_at <= ? ORDER BY wake_at LIMIT ?
        """
    static let next = """
        SELECT wake_at FROM schedule_cursors INDEXED BY schedule_cursors_wake WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 1
        """
}
