import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func waitReasons(of id: RunID, tenant: Tenant, at now: Timestamp) async throws -> RunWaitReasons? {
        try await read { database in
            guard let number = try database.number(of: tenant), let run = try database.storedRun(id, of: number) else { return nil }
            return try database.waitReasons(of: id, run.number, tenant: number, progress: run.progress, at: now)
        }
    }
}

enum WaitReasonStatement {
    static let waiting = "SELECT position, parked_on FROM tasks WHERE tenant = ? AND run = ? AND parked_on IS NOT NULL"
    /// In the order in which tasks are claimed.
    static let ahead = """
        SELECT 1 FROM tasks INDEXED BY tasks_queue
        WHERE tenant = ? AND ready_at IS NOT NULL AND (ready_at, position, run) < (?, ?, ?) AND parked_on IS NULL LIMIT ?
        """
    static let leased = """
        SELECT r.id, k.id, k.label, k.uses, k.state_changed_at FROM tasks AS k INDEXED BY tasks_leased
        CROSS JOIN runs AS r ON r.number = k.run WHERE k.lease_expires_at IS NOT NULL AND k.tenant = ?
        """
    /// Tasks that wait for work outside.
    static let outside = """
        SELECT r.id, k.id, k.label, k.uses, k.state_changed_at FROM tasks AS k INDEXED BY tasks_waiting
        CROSS JOIN runs AS r ON r.number = k.run
        WHERE k.tenant = ? AND k.wait IS NOT NULL AND k.uses IS NOT NULL AND k.lease_expires_at IS NULL
        """
    static let going = """
        SELECT id, name, created_at FROM runs INDEXED BY runs_going
        WHERE tenant = ? AND configuration = ? AND state BETWEEN 1 AND 4 LIMIT ?
        """
}

extension DatabaseConnection: WaitReasonTransaction {
    func queuedTasks(of run: Int, tenant: Int) throws -> [(position: Int, queue: LimitQueue)] {
        try rows(WaitReasonStatement.waiting, tenant, run) { (try $0.next(Int.self), try $0.nextQueue()) }
    }

    func tasksAhead(of task: ReadyTaskPlace<Int>, tenant: Int) throws -> Int {
        try rows(
            WaitReasonStatement.ahead, tenant, task.readyAt, task.position, task.run, TaskWaitReason.mostAhead
        ) { _ in () }.count
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
