import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func claimTasksOfAllTenants(_ claim: TaskClaim, at now: Timestamp) async throws -> [ClaimedTask] {
        guard claim.limit > 0 else { return [] }
        return try await write { (database, attempt: inout WriteAttempt<[ClaimedTask]>) in
            // An earlier try, whose answer was lost, has claimed them for this worker.
            if let former = attempt.former, let first = former.first, try database.holds(first.lease, claim.worker) {
                return former
            }
            let ready = try database.takeReadyTasks(at: now, limit: claim.limit)
            guard !ready.isEmpty else { return [] }
            // A run with several claimed tasks is loaded once.
            var runs: [RunKey: StoredRun] = [:]
            let positions = Dictionary(grouping: ready, by: \.run).mapValues { $0.map(\.position) }
            for var run in try database.storedRuns(Array(positions.keys)) {
                // Of its items, those that may be claimed.
                try database.load(itemsAt: positions[run.key] ?? [], into: &run)
                runs[run.key] = run
            }
            var gate = try LimitGate(database, runs.values, ready)
            var admitted: [ReadyTask] = []
            for task in ready {
                guard let run = runs[task.run], gate.admits(task, of: run) else { continue }
                runs[task.run]?.queued.remove(task.position)
                try runs[task.run]?.progress.claim(run.progress[task.position].id, at: now)
                admitted.append(task)
            }
            try database.save(Array(runs.values))
            let claimed = try admitted.compactMap { task in
                try runs[task.run].flatMap { try database.claimed(task, of: $0) }
            }
            try database.insertLeases(claimed, worker: claim.worker, until: claim.expiry)
            try database.raiseAttempts(of: claimed)
            if try gate.close() { attempt.signals.insert(.work) }
            return claimed.map(\.task)
        }
    }

    public func nextReadyTimeOfAllTenants(after now: Timestamp) async throws -> Timestamp? {
        try await read { try $0.row(WorkStatement.nextReady, now) { try $0.next() } }
    }
}

/// The statement that finds the next ready time in all tenants.
enum WorkStatement {
    static let nextReady = "SELECT ready_at FROM ready_tasks WHERE ready_at > $1 ORDER BY ready_at LIMIT 1"
}

/// A claimed task, with its place.
private struct PlacedTask {
    var run: RunKey
    var position: Int
    var task: ClaimedTask
    var uses: [String: Int]
    var claimedAt: Timestamp
}

extension PostgresConnection {
    fileprivate func holds(_ lease: Lease, _ worker: String) throws -> Bool {
        try row(
            "SELECT 1 FROM task_leases WHERE tenant = $1 AND run = $2 AND task = $3 AND token = $4 AND worker = $5",
            try number(of: lease.tenant), lease.run, lease.task, lease.token, worker
        ) { _ in true } ?? false
    }

    fileprivate func claimed(_ ready: ReadyTask, of run: StoredRun) throws -> PlacedTask? {
        let task = run.progress[ready.position]
        var claimed = run.claimedTask(
            task, of: try tenant(numbered: run.tenant), inputs: try outputs(of: run.needs(ofTaskAt: ready.position), in: run.key))
        if claimed?.resumed != nil { claimed?.resumed?.printed = try printed(by: task.attempt, at: ready) }
        return claimed.map {
            PlacedTask(run: run.key, position: ready.position, task: $0, uses: task.uses, claimedAt: task.stateChangedAt)
        }
    }

    /// Bytes of output that an attempt has printed.
    private func printed(by attempt: Int, at task: ReadyTask) throws -> Int {
        try row(
            """
            SELECT output_end FROM attempts
            WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = $4 AND number = $5
            """, task.run.tenant, task.run.id, task.run.createdAt, task.position, attempt
        ) { try $0.next() } ?? 0
    }

    /// Records in the runs that a task is attempted again. First attempts change nothing.
    fileprivate func raiseAttempts(of claimed: [PlacedTask]) throws {
        let attempts = Dictionary(claimed.map { ($0.run, $0.task.lease.attempt) }, uniquingKeysWith: max).filter { $0.value > 1 }
        guard !attempts.isEmpty else { return }
        let runs = Array(attempts.keys)
        _ = try execute(
            """
            UPDATE runs AS r SET attempts = c.attempts FROM unnest($1, $2, $3, $6) AS c (tenant, id, created_at, attempts)
            WHERE r.tenant = c.tenant AND r.id = c.id AND r.created_at = c.created_at AND r.created_at BETWEEN $4 AND $5
                AND r.attempts < c.attempts
            """, runs.columns + [Column(runs.map { attempts[$0] })])
    }

    /// Records the leases, and the begins of attempts that do not go on.
    fileprivate func insertLeases(
        _ claimed: [PlacedTask], worker: String, until expiry: Timestamp
    ) throws {
        guard !claimed.isEmpty else { return }
        let leases = claimed.map(\.task.lease)
        _ = try execute(
            """
            INSERT INTO task_leases (worker, expires_at, tenant, run, run_created_at, position, attempt, task, token,
                definition_id, version, uses, is_stopping)
            SELECT $1, $2, c.* FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS c
            """,
            [worker, expiry] + claimed.places + [
                Column(leases.map(\.task)), Column(leases.map(\.token)), Column(claimed.map(\.task.definitionID)),
                Column(claimed.map(\.task.version)), Column(claimed.map { ResourceUse.text($0.uses) }),
                Column(claimed.map { $0.task.resumed?.isStopping ?? false }),
            ])
        let begun = claimed.filter { $0.task.resumed == nil }
        guard !begun.isEmpty else { return }
        _ = try execute(
            """
            INSERT INTO attempts (started_at, tenant, run, run_created_at, position, number)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
            """, [Column(begun.map(\.claimedAt))] + begun.places)
    }
}

extension [PlacedTask] {
    /// As the columns tenant, run, run_created_at, position and attempt.
    fileprivate var places: [any SQLValue] {
        [
            Column(map(\.run.tenant)), Column(map(\.run.id)), Column(map(\.run.createdAt)), Column(map(\.position)),
            Column(map(\.task.lease.attempt)),
        ]
    }
}
