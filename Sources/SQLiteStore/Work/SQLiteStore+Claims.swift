import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func claimTasksOfAllTenants(
        limit: Int, worker: String, until expiry: Timestamp, at now: Timestamp
    ) async throws -> [ClaimedTask] {
        guard limit > 0 else { return [] }
        return try await write { database, signals in
            let ready = try database.readyTasks(at: now, limit: limit)
            // Several tasks of one run are decided about together.
            var runs: [Int64: StoredRun] = [:]
            for task in ready where runs[task.run] == nil {
                runs[task.run] = try database.storedRun(number: task.run, of: task.tenant)
            }
            var gate = try LimitGate(database, Array(runs.values))
            var admitted: [ReadyTask] = []
            for task in ready {
                guard let run = runs[task.run], try gate.admits(task, of: run) else { continue }
                try runs[task.run]?.progress.claim(run.progress.tasks[task.position].id, at: now)
                admitted.append(task)
            }
            let holder = TaskHolder(worker: worker, leaseExpiresAt: expiry)
            for run in runs.values { try database.save(run, heldBy: holder) }
            try database.recordTurns(admitted)
            let claimed = try admitted.compactMap { task in
                try runs[task.run].flatMap { try database.begin(task, of: $0, at: now) }
            }
            if try gate.close() { signals.insert(.work) }
            return claimed
        }
    }

    public func nextReadyTimeOfAllTenants(after now: Timestamp) async throws -> Timestamp? {
        try await read { try $0.row(WorkStatement.nextReady, now) { try $0.next() } }
    }
}

/// The statement that looks for what will be ready in any tenant.
enum WorkStatement {
    static let nextReady = "SELECT ready_at FROM tasks INDEXED BY tasks_ready WHERE ready_at > ? ORDER BY ready_at LIMIT 1"
}

extension Database {
    /// Records the beginning of the attempt of a task that has just been claimed.
    fileprivate func begin(_ task: ReadyTask, of run: StoredRun, at now: Timestamp) throws -> ClaimedTask? {
        guard let tenant = try tenant(numbered: task.tenant), let version = run.version, let runMode = run.runMode else {
            return nil
        }
        let claimed = run.progress.tasks[task.position]
        try change(
            "INSERT INTO attempts (tenant, run, position, number, started_at) VALUES (?, ?, ?, ?, ?)",
            task.tenant, task.run, task.position, claimed.attempt, now)
        let lease = Lease(tenant: tenant, run: run.id, task: claimed.id, attempt: claimed.attempt, token: claimed.token)
        return ClaimedTask(
            lease: lease, definitionID: claimed.definitionID, version: version, runMode: runMode, range: run.range,
            scheduledFor: run.scheduledFor,
            inputs: try outputs(of: claimed.needs, in: task.run, of: task.tenant))
    }
}
