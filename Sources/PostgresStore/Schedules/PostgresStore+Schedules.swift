public import WorkflowModel

extension PostgresStore {
    public func dueSchedulesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [ScheduleStanding] {
        try await read(consistently: true) { database in
            let due = try database.rows(ScheduleStatement.due, now, max(0, limit)) { columns in
                (
                    tenant: try columns.next(Int.self), configuration: try columns.next(String.self),
                    revision: try columns.next(Int64.self), decidedUntil: try columns.next(Timestamp.self)
                )
            }
            return try due.map { cursor in
                let name = try database.tenant(numbered: cursor.tenant)
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
        let months = Set(decision.starts.map { PartitionMonth(of: $0.createdAt) })
        return try await write(into: months) { (database, attempt: inout WriteAttempt<Bool>) in
            guard let tenant = try database.number(of: decision.tenant) else { return false }
            let revision = try database.takeSchedules(of: decision.configuration, tenant: tenant)
            guard revision == decision.revision else {
                // What the try before wrote, whose answer was lost: its runs are there. Where there are none, whoever moved
                // the revision on wrote what this one would have.
                guard attempt.former == true else { return false }
                return try decision.starts.first.map { try database.hasRun(of: $0, tenant: tenant) } ?? true
            }
            for plan in decision.starts { try database.insert(plan, tenant: tenant, signals: &attempt.signals) }
            guard try database.record(decision.ticks, tenant: tenant) == decision.ticks.count else {
                throw StoreError(.duplicate, "A tick of \(decision.configuration) has its outcome already.")
            }
            try database.save(decision, tenant: tenant)
            try database.raiseAlerts(for: decision, tenant: tenant, at: now)
            return true
        }
    }

    public func backfill(_ plan: RunPlan, tickOf schedule: String, at now: Timestamp) async throws -> BackfillReceipt {
        guard let instant = plan.scheduledFor else { throw StoreError.planWithoutTick() }
        let months: Set = [PartitionMonth(of: plan.createdAt)]
        return try await write(into: months) { (database, attempt: inout WriteAttempt<BackfillReceipt>) in
            let tenant = try database.numberMaking(plan.tenant)
            let tick = ScheduleTick(
                tenant: plan.tenant, configuration: plan.configuration, schedule: schedule, instant: instant, outcome: .started,
                run: plan.id, periodFrom: plan.range?.from, decidedAt: now, isBackfilled: true)
            // In the order in which a decision does: what goes on with the schedules, then their ticks.
            try database.change(
                "UPDATE schedule_cursors SET revision = revision + 1 WHERE tenant = $1 AND configuration = $2", tenant,
                plan.configuration)
            guard try database.recordBackfill(tick, tenant: tenant) > 0 else {
                let present = try database.tick(tick.place, of: plan.configuration, tenant: tenant, named: plan.tenant)
                guard let run = present?.run, present?.outcome == .started else { return .waiting }
                if let former = attempt.former, run == plan.id { return former }
                return .alreadyStarted(run)
            }
            try database.insert(plan, tenant: tenant, signals: &attempt.signals)
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
                min(query.window.to ?? Timestamp(milliseconds: .max), last + .milliseconds(query.after == nil ? 0 : 1)), limit + 1,
                last,
            ]
            let ticks = try database.rows(
                query.schedule == nil ? TickStatement.ofAll : TickStatement.ofSchedule,
                values: bounds + [query.schedule ?? query.after?.schedule ?? ""]
            ) { try $0.nextTick(of: query.configuration, tenant: query.tenant) }
            return TickPage(reading: ticks, limit: limit)
        }
    }
}

enum ScheduleStatement {
    static let due = """
        SELECT tenant, configuration, revision, decided_until FROM schedule_cursors
        WHERE wake_at <= $1 ORDER BY wake_at LIMIT $2
        """
    static let next = "SELECT wake_at FROM schedule_cursors WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 1"
}
