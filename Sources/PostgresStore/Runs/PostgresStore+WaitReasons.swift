import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func waitReasons(of id: RunID, tenant: Tenant, at now: Timestamp) async throws -> RunWaitReasons? {
        try await read(consistently: true) { database in
            guard let number = try database.number(of: tenant), let (run, progress) = try database.progress(of: id, tenant: number)
            else { return nil }
            return try database.waitReasons(of: id, run, tenant: number, progress: progress, at: now)
        }
    }
}

enum WaitReasonStatement {
    static let run = """
        SELECT created_at, state, ended_at FROM runs WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4
        """
    static let waiting = "SELECT position, parked_on FROM ready_tasks WHERE tenant = $1 AND run = $2 AND parked_on IS NOT NULL"
    /// In the order in which tasks are claimed.
    static let ahead = """
        SELECT count(*) FROM (
            SELECT 1 FROM ready_tasks
            WHERE tenant = $1 AND (ready_at, position, run) < ($2, $3, $4) AND parked_on IS NULL LIMIT $5) AS q
        """
    static let leased = """
        SELECT l.run, l.task, k.label, l.uses, k.state_changed_at FROM task_leases AS l
        JOIN tasks AS k ON k.tenant = l.tenant AND k.run = l.run AND k.position = l.position
            AND k.run_created_at = l.run_created_at
        WHERE l.tenant = $1
        """
    /// Tasks that wait for work outside.
    static let outside = """
        SELECT q.run, k.id, k.label, q.uses, k.state_changed_at FROM ready_tasks AS q
        JOIN tasks AS k ON k.tenant = q.tenant AND k.run = q.run AND k.position = q.position
            AND k.run_created_at = q.run_created_at
        WHERE q.tenant = $1 AND q.uses IS NOT NULL
        """
    static let going = """
        SELECT id, name, created_at FROM runs
        WHERE tenant = $1 AND configuration = $2 AND configuration IS NOT NULL AND state BETWEEN 1 AND 4 LIMIT $3
        """
}

extension PostgresConnection {
    /// A run's progress, read without a lock.
    fileprivate func progress(of id: RunID, tenant: Int) throws -> (RunKey, RunProgress)? {
        try findRun(id, of: tenant) { from, to in
            try row(WaitReasonStatement.run, tenant, id, from, to) { columns in
                let run = RunKey(tenant: tenant, id: id, createdAt: try columns.next())
                let progress = RunProgress(
                    createdAt: run.createdAt, state: try columns.next(), endedAt: try columns.next(),
                    tasks: try taskProgress(of: run))
                return (run, progress)
            }
        }
    }
}

extension PostgresConnection: WaitReasonTransaction {
    func queuedTasks(of run: RunKey, tenant: Int) throws -> [(position: Int, queue: LimitQueue)] {
        try rows(WaitReasonStatement.waiting, tenant, run.id) { (try $0.next(Int.self), try $0.nextQueue()) }
    }

    func tasksAhead(of task: ReadyTaskPlace<RunKey>, tenant: Int) throws -> Int {
        try row(
            WaitReasonStatement.ahead, tenant, task.readyAt, task.position, task.run.id, TaskWaitReason.mostAhead
        ) { try $0.next() } ?? 0
    }

    func size(of limit: Limit, tenant: Int) throws -> Int? {
        try row("SELECT size FROM limits WHERE tenant = $1 AND name = $2", tenant, limit.rawValue) { try $0.next() }
    }

    func goingRunHolders(of configuration: String, tenant: Int) throws -> [LimitHolder] {
        try rows(WaitReasonStatement.going, tenant, configuration, LimitUsage.mostHolders) { try $0.nextRunHolder() }
    }

    func leaseHolders(of limit: Limit, tenant: Int) throws -> [LimitHolder] {
        let leased = try rows(WaitReasonStatement.leased, tenant) { try $0.nextLeaseHolder(of: limit) }.compactMap(\.self)
        guard case .resource = limit else { return leased }
        return try leased + rows(WaitReasonStatement.outside, tenant) { try $0.nextLeaseHolder(of: limit) }.compactMap(\.self)
    }
}
