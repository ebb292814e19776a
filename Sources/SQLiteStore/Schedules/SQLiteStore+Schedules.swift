import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func dueSchedulesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [ScheduleProgress] {
        try await read { database in
            try database.rows(ScheduleStatement.due, now, max(0, limit)) { try $0.nextScheduleCursor() }.map {
                try database.progress(at: $0, of: try database.tenant(numbered: $0.tenant))
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

    public func backfill(
        _ plan: RunPlan, tickOf schedule: String, replacing former: RunID?, at now: Timestamp
    ) async throws -> BackfillReceipt {
        guard let instant = plan.scheduledFor else { throw StoreError.planWithoutTick() }
        return try await write { database, signals in
            let tenant = try database.findOrCreate(plan.tenant)
            let tick = ScheduleTick(backfilledBy: plan, of: schedule, at: instant, decidedAt: now)
            if let present = try database.tick(tick.place, of: plan.configuration, tenant: tenant, named: plan.tenant) {
                if present.outcome == .waiting { return .waiting }
                if present.outcome == .started, let run = present.run, run != former { return .alreadyStarted(run) }
            }
            try database.insert(plan, tenant: tenant, signals: &signals)
            try database.replace(tick, tenant: tenant)
            try database.change(
                "UPDATE schedule_cursors SET revision = revision + 1 WHERE tenant = ? AND configuration = ?", tenant,
                plan.configuration)
            try database.record(.runBackfilled, plan.auditObject, of: plan.tenant, numbered: tenant)
            return .started(plan.accepted)
        }
    }

    public func ticks(matching query: TickQuery) async throws -> TickPage {
        try await read { database in
            guard let tenant = try database.number(of: query.tenant) else { return TickPage(ticks: [], next: nil) }
            let bounds = TickBounds(query)
            var values: [any SQLValue] = [tenant, query.configuration, bounds.from, bounds.to]
            if let schedule = query.schedule {
                values += [schedule, bounds.last] as [any SQLValue]
            } else {
                values += [bounds.last, bounds.lastSchedule] as [any SQLValue]
            }
            let statement = query.schedule == nil ? TickStatement.ofAll : TickStatement.ofSchedule
            let ticks = try database.prepared(statement).rows(list: values + [bounds.limit + 1]) {
                try $0.nextTick(of: query.configuration, tenant: query.tenant)
            }
            return TickPage(reading: ticks, limit: bounds.limit)
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
