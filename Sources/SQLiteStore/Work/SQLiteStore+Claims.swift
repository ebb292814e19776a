import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func claimTasksOfAllTenants(_ claim: TaskClaim, at now: Timestamp) async throws -> [ClaimedTask] {
        guard claim.limit > 0 else { return [] }
        return try await write { database, signals in
            let ready = try database.readyTasks(at: now, limit: claim.limit)
            // A run with several claimed tasks is loaded once.
            var runs: [Int: StoredRun] = [:]
            for task in ready where runs[task.run] == nil {
                runs[task.run] = try database.storedRun(number: task.run, of: task.tenant)
            }
            // Of its items, those that may be claimed.
            for task in ready where task.position >= ItemPlace.first {
                guard var run = runs[task.run] else { continue }
                try database.load(itemsAt: [task.position], into: &run)
                runs[task.run] = run
            }
            var gate = try LimitGate(database, Array(runs.values))
            var admitted: [ReadyTask] = []
            for task in ready {
                guard let run = runs[task.run], try gate.admits(task, of: run) else { continue }
                try runs[task.run]?.progress.claim(run.progress[task.position].id, at: now)
                admitted.append(task)
            }
            let holder = TaskHolder(worker: claim.worker, leaseExpiresAt: claim.expiry)
            for run in runs.values { try database.save(run, heldBy: holder) }
            try database.recordTurns(admitted)
            let claimed = try admitted.compactMap { task in
                try runs[task.run].flatMap { try database.begin(task, of: $0) }
            }
            if try gate.close() { signals.insert(.work) }
            return claimed
        }
    }

    public func nextReadyTimeOfAllTenants(after now: Timestamp) async throws -> Timestamp? {
        try await read { try $0.row(WorkStatement.nextReady, now) { try $0.next() } }
    }
}

/// The statement that finds the next ready time in all tenants.
enum WorkStatement {
    static let nextReady = "SELECT ready_at FROM tasks INDEXED BY tasks_ready WHERE ready_at > ? ORDER BY ready_at LIMIT 1"
}

extension DatabaseConnection {
    /// Records the begin of an attempt at a task that was just claimed, unless it goes on.
    fileprivate func begin(_ task: ReadyTask, of run: StoredRun) throws -> ClaimedTask? {
        let progress = run.progress[task.position]
        let claimed = run.claimedTask(
            progress, of: try tenant(numbered: task.tenant),
            inputs: try outputs(of: run.needs(ofTaskAt: task.position), in: task.run, of: task.tenant))
        guard var claimed else { return nil }
        if claimed.resumed != nil {
            claimed.resumed?.printed = try printed(by: progress.attempt, at: task)
            return claimed
        }
        try change(
            "INSERT INTO attempts (tenant, run, position, number, started_at) VALUES (?, ?, ?, ?, ?)",
            task.tenant, task.run, task.position, progress.attempt, progress.stateChangedAt)
        // A run begins with one attempt, so that most claims change nothing.
        if progress.attempt > 1 {
            try change(
                "UPDATE OR FAIL runs SET attempts = ?1 WHERE number = ?2 AND tenant = ?3 AND attempts < ?1", progress.attempt,
                task.run, task.tenant)
        }
        return claimed
    }

    /// Bytes of output that an attempt has printed.
    private func printed(by attempt: Int, at task: ReadyTask) throws -> Int {
        try row(
            "SELECT output_end FROM attempts WHERE tenant = ? AND run = ? AND position = ? AND number = ?", task.tenant, task.run,
            task.position, attempt
        ) { try $0.next() } ?? 0
    }
}
