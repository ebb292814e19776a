public import WorkflowModel

extension PostgresStore {
    public func claimTasksOfAllTenants(
        limit: Int, worker: String, until expiry: Timestamp, at now: Timestamp
    ) async throws -> [ClaimedTask] {
        guard limit > 0 else { return [] }
        return try await write { (database, attempt: inout WriteAttempt<[ClaimedTask]>) in
            // What the try before claimed, whose answer was lost, is this worker's.
            if let former = attempt.former, let first = former.first, try database.holds(first.lease, worker) { return former }
            let ready = try database.takeReadyTasks(at: now, limit: limit)
            guard !ready.isEmpty else { return [] }
            // Several tasks of one run are decided about together.
            var runs: [RunKey: StoredRun] = [:]
            for run in try database.storedRuns(Array(Set(ready.map(\.run)))) { runs[run.key] = run }
            var gate = try LimitGate(database, runs.values, ready)
            var admitted: [ReadyTask] = []
            for task in ready {
                guard let run = runs[task.run], gate.admits(task, of: run) else { continue }
                runs[task.run]?.queued.remove(task.position)
                try runs[task.run]?.progress.claim(run.progress.tasks[task.position].id, at: now)
                admitted.append(task)
            }
            try database.save(Array(runs.values))
            let claimed = try admitted.compactMap { task in
                try runs[task.run].flatMap { try database.claimed(task, of: $0) }
            }
            try database.insertLeases(claimed, worker: worker, until: expiry, at: now)
            if try gate.close() { attempt.signals.insert(.work) }
            return claimed.map(\.task)
        }
    }

    public func nextReadyTimeOfAllTenants(after now: Timestamp) async throws -> Timestamp? {
        try await read { try $0.row(WorkStatement.nextReady, now) { try $0.next() } }
    }
}

/// The statement that looks for what will be ready in any tenant.
enum WorkStatement {
    static let nextReady = "SELECT ready_at FROM ready_tasks WHERE ready_at > $1 ORDER BY ready_at LIMIT 1"
}

/// A task that has just been claimed, with its place.
private struct PlacedTask {
    var run: RunKey
    var position: Int
    var task: ClaimedTask
    var uses: [String: Int]
}

extension PostgresConnection {
    fileprivate func holds(_ lease: Lease, _ worker: String) throws -> Bool {
        try row(
            "SELECT 1 FROM task_leases WHERE tenant = $1 AND run = $2 AND task = $3 AND token = $4 AND worker = $5",
            try number(of: lease.tenant), lease.run, lease.task, lease.token, worker
        ) { _ in true } ?? false
    }

    fileprivate func claimed(_ ready: ReadyTask, of run: StoredRun) throws -> PlacedTask? {
        guard let version = run.version, let runMode = run.runMode else { return nil }
        let task = run.progress.tasks[ready.position]
        let lease = Lease(
            tenant: try tenant(numbered: run.key.tenant), run: run.key.id, task: task.id, attempt: task.attempt, token: task.token)
        return PlacedTask(
            run: run.key, position: ready.position,
            task: ClaimedTask(
                lease: lease, definitionID: task.definitionID, version: version, runMode: runMode, range: run.range,
                scheduledFor: run.scheduledFor, inputs: try outputs(of: task.needs, in: run.key)), uses: task.uses)
    }

    /// Records the leases and the beginnings of the attempts.
    fileprivate func insertLeases(
        _ claimed: [PlacedTask], worker: String, until expiry: Timestamp, at now: Timestamp
    ) throws {
        guard !claimed.isEmpty else { return }
        let leases = claimed.map(\.task.lease)
        let places: [any SQLValue] = [
            Column(claimed.map(\.run.tenant)), Column(claimed.map(\.run.id)), Column(claimed.map(\.run.createdAt)),
            Column(claimed.map(\.position)), Column(leases.map(\.attempt)),
        ]
        _ = try execute(
            """
            INSERT INTO task_leases (worker, expires_at, tenant, run, run_created_at, position, attempt, task, token,
                definition_id, version, uses)
            SELECT $1, $2, c.* FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS c
            """,
            [worker, expiry] + places + [
                Column(leases.map(\.task)), Column(leases.map(\.token)), Column(claimed.map(\.task.definitionID)),
                Column(claimed.map(\.task.version)), Column(claimed.map { ResourceUse.text($0.uses) }),
            ])
        _ = try execute(
            """
            INSERT INTO attempts (started_at, tenant, run, run_created_at, position, number)
            SELECT $1, c.* FROM unnest($2, $3, $4, $5, $6) AS c
            """, [now] + places)
    }
}
