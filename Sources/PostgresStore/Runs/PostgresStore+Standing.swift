public import WorkflowModel

extension PostgresStore {
    public func standing(of id: RunID, tenant: Tenant, at now: Timestamp) async throws -> RunStanding? {
        try await read(consistently: true) { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.standing(of: id, tenant: number, at: now)
        }
    }
}

private enum StandingStatement {
    static let run = """
        SELECT state, ended_at, created_at FROM runs WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4
        """
    static let waiting = "SELECT position, parked_on FROM ready_tasks WHERE tenant = $1 AND run = $2 AND parked_on IS NOT NULL"
    static let ahead = """
        SELECT count(*) FROM (
            SELECT 1 FROM ready_tasks WHERE tenant = $1 AND ready_at < $2 AND parked_on IS NULL LIMIT $3) AS q
        """
    static let leased = """
        SELECT l.run, l.task, k.label, l.uses, k.state_changed_at FROM task_leases AS l
        JOIN tasks AS k ON k.tenant = l.tenant AND k.run = l.run AND k.position = l.position
            AND k.run_created_at = l.run_created_at
        WHERE l.tenant = $1
        """
    static let going = """
        SELECT id, name, created_at FROM runs
        WHERE tenant = $1 AND configuration = $2 AND configuration IS NOT NULL AND state BETWEEN 1 AND 4 LIMIT $3
        """
}

extension PostgresConnection {
    fileprivate func standing(of id: RunID, tenant: Int, at now: Timestamp) throws -> RunStanding? {
        let found = try findRun(id, of: tenant) { from, to in
            try row(StandingStatement.run, tenant, id, from, to) {
                (state: try $0.next(RunState.self), endedAt: try $0.next(Timestamp?.self), createdAt: try $0.next(Timestamp.self))
            }
        }
        guard let found else { return nil }
        let tasks = try taskProgress(of: RunKey(tenant: tenant, id: id, createdAt: found.createdAt))
        let progress = RunProgress(state: found.state, endedAt: found.endedAt, tasks: tasks)
        let waiting = try rows(StandingStatement.waiting, tenant, id) {
            (try $0.next(Int.self), LimitQueue(rawValue: try $0.next(String.self)))
        }
        let queues = Dictionary(waiting.compactMap { place, queue in queue.map { (place, $0) } }) { first, _ in first }
        var standings: [LimitQueue: LimitStanding] = [:]
        for queue in Set(queues.values) { standings[queue] = try standing(of: queue, tenant: tenant) }
        return try RunStanding(
            id, createdAt: found.createdAt, progress: progress, waiting: queues, standings: standings,
            ahead: { ready in try row(StandingStatement.ahead, tenant, ready, TaskStanding.mostAhead) { try $0.next() } ?? 0 },
            at: now)
    }

    private func standing(of queue: LimitQueue, tenant: Int) throws -> LimitStanding {
        let size = try row("SELECT size FROM limits WHERE tenant = $1 AND name = $2", tenant, queue.limit.rawValue) {
            try $0.next(Int.self)
        }
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
