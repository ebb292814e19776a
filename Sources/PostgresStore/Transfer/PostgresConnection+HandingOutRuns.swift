import WorkflowModel

extension PostgresConnection {
    /// Runs of one tenant after the other, as they were created.
    func runPage(after place: RunPlace) throws -> TransferPage {
        let found = try rows(
            """
            SELECT r.id, r.created_at, r.type, r.principal, r.name, r.state, r.ended_at, r.error_attribution, r.error_type,
                r.error_message, r.error_data, r.configuration, r.launched_version, r.imported_version, r.run_mode, r.range_from,
                r.range_to, r.scheduled_for, r.schedule, r.rerun_of, r.warn_after_ms, w.warn_at
            FROM runs AS r LEFT JOIN run_warnings AS w ON w.tenant = r.tenant AND w.run = r.id
            WHERE r.tenant = $1 AND r.created_at >= $2 AND (r.created_at, r.id) > ($2, $3)
            ORDER BY r.created_at, r.id LIMIT $4
            """, place.tenant, place.createdAt, place.id, TransferLimits.records
        ) { try $0.nextRunRow() }
        try learn(types: found.map(\.type), principals: found.map(\.principal))
        let tenant = place.tenant > 0 ? try self.tenant(numbered: place.tenant) : nil
        var runs: [TransferredRun] = []
        var last = place
        var (tasks, bytes) = (0, 0)
        for begin in stride(from: 0, to: found.count, by: TransferLimits.runs) {
            guard let tenant, tasks < TransferLimits.tasks, bytes < TransferLimits.outputBytes else { break }
            let some = found[begin..<min(begin + TransferLimits.runs, found.count)]
            let records = try withTasks(
                try some.map { row in
                    try row.record(
                        of: tenant, type: try typeName(numbered: row.type), principal: try principal(numbered: row.principal))
                }, of: place.tenant)
            tasks += records.reduce(0) { $0 + $1.tasks.count }
            bytes += records.reduce(0) { $0 + $1.tasks.reduce(0) { $0 + ($1.outputs?.text.utf8.count ?? 0) } }
            runs += records
            if let run = some.last { last = RunPlace(tenant: place.tenant, createdAt: run.createdAt, id: run.id) }
        }
        if runs.count < found.count || found.count == TransferLimits.records {
            return TransferPage(records: .runs(runs), next: last.place)
        }
        let next = try row("SELECT min(number) FROM tenants WHERE number > $1", place.tenant) { try $0.next(Int?.self) } ?? nil
        let beginning = next.map { RunPlace(tenant: $0, createdAt: .earliest, id: RunID(rawValue: "")).place }
        return TransferPage(records: .runs(runs), next: beginning)
    }

    private func withTasks(_ runs: [TransferredRun], of tenant: Int) throws -> [TransferredRun] {
        let keys = runs.map { RunKey(tenant: tenant, id: $0.run.id, createdAt: $0.run.createdAt) }
        var tasks: [RunID: [TransferredTask]] = [:]
        let found = try rows(
            """
            SELECT k.run, k.id, k.label, k.state, k.state_changed_at, k.created_at, k.ended_at, k.execution_type,
                k.engine_run_id, k.definition_id, k.definition_type, k.timeout_ms, k.error_attribution, k.error_type,
                k.error_message, k.error_data, k.stage, k.attempt, k.kept_from, k.needs, k.uses, k.ready_at, k.token, l.worker,
                l.expires_at, k.outputs
            FROM unnest($1, $2, $3) AS c (tenant, run, created_at)
            JOIN tasks AS k ON k.tenant = c.tenant AND k.run = c.run AND k.run_created_at = c.created_at
            LEFT JOIN task_leases AS l ON l.tenant = k.tenant AND l.run = k.run AND l.task = k.id
            WHERE k.run_created_at BETWEEN $4 AND $5 ORDER BY k.tenant, k.run, k.position
            """, values: keys.columns
        ) { columns in
            let run = try columns.next(RunID.self)
            return try columns.nextTransferredTask(of: run, tenant: runs[0].run.tenant)
        }
        for task in found { tasks[task.instance.run, default: []].append(task) }
        guard !found.isEmpty else { return runs }
        let attempts = try rows(
            """
            SELECT a.run, a.position, a.number, a.started_at, a.ended_at, a.outcome, a.error_attribution, a.error_type,
                a.error_message, a.error_data, a.output_begin, a.output_end
            FROM unnest($1, $2, $3) AS c (tenant, run, created_at)
            JOIN attempts AS a ON a.tenant = c.tenant AND a.run = c.run AND a.run_created_at = c.created_at
            WHERE a.run_created_at BETWEEN $4 AND $5 ORDER BY a.tenant, a.run, a.position, a.number
            """, values: keys.columns
        ) { (try $0.next(RunID.self), try $0.next(Int.self), try $0.nextTransferredAttempt()) }
        for (run, position, attempt) in attempts where tasks[run]?.indices.contains(position) ?? false {
            tasks[run]?[position].attempts.append(attempt)
        }
        return runs.map { run in
            var run = run
            run.tasks = tasks[run.run.id] ?? []
            return run
        }
    }
}

/// A run before the numbers in it are names.
private struct RunRow {
    var id: RunID
    var createdAt: Timestamp
    var type: Int
    var principal: Int
    /// With what `type` and `principal` stand for.
    var record: (Tenant, String, Principal) -> TransferredRun

    func record(of tenant: Tenant, type: String, principal: Principal) throws -> TransferredRun {
        record(tenant, type, principal)
    }
}

extension ColumnReader {
    fileprivate mutating func nextRunRow() throws -> RunRow {
        let id = try next(RunID.self)
        let createdAt = try next(Timestamp.self)
        let (type, principal) = (try next(Int.self), try next(Int.self))
        let name = try next(String.self)
        let state = try next(RunState.self)
        let endedAt = try next(Timestamp?.self)
        let error = try nextError()
        let configuration = try next(String?.self)
        let launchedVersion = try next(ConfigurationVersionID?.self)
        let importedVersion = try next(ConfigurationVersionID?.self)
        let runMode = try next(RunMode?.self)
        let range = try nextRange()
        let scheduledFor = try next(Timestamp?.self)
        let schedule = try next(String?.self)
        let rerunOf = try next(RunID?.self)
        let warnAfter = try next(Duration?.self)
        let warnAt = try next(Timestamp?.self)
        return RunRow(id: id, createdAt: createdAt, type: type, principal: principal) { tenant, type, principal in
            TransferredRun(
                run: WorkflowRun(
                    id: id, tenant: tenant, name: name, type: type, state: state, createdAt: createdAt, endedAt: endedAt,
                    principal: principal, error: error),
                configuration: configuration, launchedVersion: launchedVersion, importedVersion: importedVersion,
                runMode: runMode, range: range, scheduledFor: scheduledFor, schedule: schedule, rerunOf: rerunOf,
                warnAfter: warnAfter, warnAt: warnAt)
        }
    }

    fileprivate mutating func nextTransferredTask(of run: RunID, tenant: Tenant) throws -> TransferredTask {
        let instance = TaskInstance(
            id: try next(), run: run, tenant: tenant, label: try next(), state: try next(), stateChangedAt: try next(),
            createdAt: try next(), endedAt: try next(), executionType: try next(), engineRunID: try next(),
            definitionID: try next(), definitionType: try next(), timeout: try next(), error: try nextError(),
            stage: try next(), attempts: try next(), keptFrom: try next())
        let needs = try Needs.ids(try next())
        let uses = try ResourceUse.uses(try next())
        let readyAt = try next(Timestamp?.self)
        let token = try next(Int.self)
        let worker = try next(String?.self)
        let expiry = try next(Timestamp?.self)
        let holder = worker.flatMap { worker in expiry.map { TaskHolder(worker: worker, leaseExpiresAt: $0) } }
        return TransferredTask(
            instance: instance, needs: needs, uses: uses, readyAt: readyAt, token: token, holder: holder, outputs: try next())
    }

    fileprivate mutating func nextTransferredAttempt() throws -> TransferredAttempt {
        let number = try next(Int.self)
        let startedAt = try next(Timestamp.self)
        let endedAt = try next(Timestamp?.self)
        let outcome = try next(TaskState?.self)
        let error = try nextError()
        let (begin, end) = (try next(Int.self), try next(Int.self))
        guard begin <= end else { throw StoreError.unreadable("output that ends before it begins") }
        return TransferredAttempt(
            number: number, startedAt: startedAt, endedAt: endedAt, outcome: outcome, error: error, output: begin..<end)
    }
}
