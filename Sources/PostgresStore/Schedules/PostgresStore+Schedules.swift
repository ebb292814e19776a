import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func dueSchedulesOfAllTenants(at now: Timestamp, limit: Int) async throws -> [ScheduleProgress] {
        try await read(consistently: true) { database in
            try database.rows(ScheduleStatement.due, now, max(0, limit)) { try $0.nextScheduleCursor() }.map {
                try database.progress(at: $0, of: try database.tenant(numbered: $0.tenant))
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
                // An earlier try, whose answer was lost, has written it: its runs exist. Without runs, the node that advanced
                // the revision wrote the same.
                guard attempt.former == true else { return false }
                return try decision.starts.first.map { try database.hasRun(of: $0, tenant: tenant) } ?? true
            }
            for plan in decision.starts {
                try database.insert(plan, tenant: tenant, recording: plan.startEvent, signals: &attempt.signals)
            }
            guard try database.record(decision.ticks, tenant: tenant) == decision.ticks.count else {
                throw StoreError(.duplicate, "A tick of \(decision.configuration) has its outcome already.")
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
        let months: Set = [PartitionMonth(of: plan.createdAt)]
        return try await write(into: months) { (database, attempt: inout WriteAttempt<BackfillReceipt>) in
            let tenant = try database.findOrCreate(plan.tenant)
            let tick = ScheduleTick(backfilledBy: plan, of: schedule, at: instant, decidedAt: now)
            // Locks the cursor before the ticks, as a decision does.
            try database.change(
                "UPDATE schedule_cursors SET revision = revision + 1 WHERE tenant = $1 AND configuration = $2", tenant,
                plan.configuration)
            guard try database.recordBackfill(tick, replacing: former, tenant: tenant) > 0 else {
                let present = try database.tick(tick.place, of: plan.configuration, tenant: tenant, named: plan.tenant)
                guard let run = present?.run, present?.outcome == .started else { return .waiting }
                if let answered = attempt.former, run == plan.id { return answered }
                return .alreadyStarted(run)
            }
            try database.insert(plan, tenant: tenant, recording: .runBackfilled, signals: &attempt.signals)
            return .started(plan.accepted)
        }
    }

    public func ticks(matching query: TickQuery) async throws -> TickPage {
        try await read { database in
            guard let tenant = try database.number(of: query.tenant) else { return TickPage(ticks: [], next: nil) }
            let bounds = TickBounds(query)
            let ticks = try database.rows(
                query.schedule == nil ? TickStatement.ofAll : TickStatement.ofSchedule,
                values: [
                    tenant, query.configuration, bounds.from, bounds.to, bounds.limit + 1, bounds.last,
                    query.schedule ?? bounds.lastSchedule,
                ]
            ) { try $0.nextTick(of: query.configuration, tenant: query.tenant) }
            return TickPage(reading: ticks, limit: bounds.limit)
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
