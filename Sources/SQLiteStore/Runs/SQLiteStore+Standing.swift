import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func standing(of id: RunID, tenant: Tenant, at now: Timestamp) async throws -> RunStanding? {
        try await read { database in
            guard let number = try database.number(of: tenant), let run = try database.storedRun(id, of: number) else { return nil }
            return try database.standing(of: run, at: now)
        }
    }
}

private enum StandingStatement {
    static let waiting = "SELECT position, parked_on FROM tasks WHERE tenant = ? AND run = ? AND parked_on IS NOT NULL"
    static let ahead = """
        SELECT 1 FROM tasks INDEXED BY tasks_queue WHERE tenant = ? AND ready_at < ? AND parked_on IS NULL LIMIT ?
        """
    static let leased = """
        SELECT r.id, k.id, k.label, k.uses, k.state_changed_at FROM tasks AS k INDEXED BY tasks_leased
        CROSS JOIN runs AS r ON r.number = k.run WHERE k.lease_expires_at IS NOT NULL AND k.tenant = ?
        """
    static let going = """
        SELECT id, name, created_at FROM runs INDEXED BY runs_going
        WHERE tenant = ? AND configuration = ? AND state BETWEEN 1 AND 4 LIMIT ?
        """
}

extension Database {
    fileprivate func standing(of run: StoredRun, at now: Timestamp) throws -> RunStanding {
        let createdAt = try row("SELECT created_at FROM runs WHERE number = ?", run.number) { try $0.next(Timestamp.self) }
        let waiting = try rows(StandingStatement.waiting, run.tenant, run.number) {
            (try $0.next(Int.self), LimitQueue(rawValue: try $0.next()))
        }
        let queues = Dictionary(waiting.compactMap { place, queue in queue.map { (place, $0) } }) { first, _ in first }
        var standings: [LimitQueue: LimitStanding] = [:]
        for queue in Set(queues.values) { standings[queue] = try standing(of: queue, tenant: run.tenant) }
        return try RunStanding(
            run.id, createdAt: createdAt ?? now, progress: run.progress, waiting: queues, standings: standings,
            ahead: { ready in
                try rows(StandingStatement.ahead, run.tenant, ready, TaskStanding.mostAhead) { _ in () }.count
            }, at: now)
    }

    private func standing(of queue: LimitQueue, tenant: Int64) throws -> LimitStanding {
        let size = try size(of: queue.limit, tenant: tenant)
        if case .runs(let configuration) = queue.limit {
            let holders = try rows(StandingStatement.going, tenant, configuration, LimitStanding.mostHolders) {
                LimitHolder(run: try $0.next(), task: nil, label: try $0.next(), units: 1, since: try $0.next())
            }
            let taken = try row(LimitStatement.going, tenant, configuration) { try $0.next(Int.self) }
            return LimitStanding(queue: queue, size: size, taken: taken ?? 0, holders: holders)
        }
        let leases = try rows(StandingStatement.leased, tenant) { columns in
            try LimitHolder(
                of: queue.limit, run: try columns.next(), task: try columns.next(), label: try columns.next(),
                uses: try columns.next(), since: try columns.next())
        }
        return LimitStanding(queue: queue, size: size, leases: leases.compactMap(\.self))
    }
}
