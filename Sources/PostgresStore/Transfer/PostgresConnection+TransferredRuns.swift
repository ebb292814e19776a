import StoreCore
import WorkflowModel

extension PostgresConnection {
    /// Runs whose tasks are read by one statement.
    private static let runsAtOnce = 50

    /// A page of runs, tenant by tenant, in the order of creation.
    func runPage(after place: RunPlace) throws -> TransferPage {
        let found = try rows(
            """
            SELECT r.id, r.created_at, r.type, r.principal, r.name, r.state, r.ended_at, r.error_attribution, r.error_type,
                r.error_message, r.error_data, \(RunColumns.origin), r.attempts, r.warnings, r.configuration IS NULL,
                r.launched_version, r.imported_version, r.stop_requested_at, r.stop_reason, s.id, s.name, s.email, r.warn_after_ms,
                w.warn_at, r.after_stop_ms, d.due_at, r.called_by_run, r.called_by_task
            FROM runs AS r LEFT JOIN principals AS s ON s.number = r.stop_requested_by
            LEFT JOIN run_warnings AS w ON w.tenant = r.tenant AND w.run = r.id
            LEFT JOIN closing_deadlines AS d ON d.tenant = r.tenant AND d.run = r.id
            WHERE r.tenant = $1 AND r.created_at >= $2 AND (r.created_at, r.id) > ($2, $3)
            ORDER BY r.created_at, r.id LIMIT $4
            """, place.tenant, place.createdAt, place.id, TransferLimits.records
        ) { try nextTransferredRun(of: place.tenant, from: &$0) }
        var runs: [TransferredRun] = []
        var last = place
        var (tasks, bytes) = (0, 0)
        for begin in stride(from: 0, to: found.count, by: Self.runsAtOnce) {
            guard tasks < TransferLimits.tasks, bytes < TransferLimits.outputBytes else { break }
            let some = found[begin..<min(begin + Self.runsAtOnce, found.count)]
            let records = try withTasks(Array(some), of: place.tenant)
            tasks += records.reduce(0) { $0 + $1.tasks.count }
            bytes += records.reduce(0) { $0 + $1.tasks.reduce(0) { $0 + ($1.outputs?.text.utf8.count ?? 0) } }
            runs += records
            if let run = some.last?.run { last = RunPlace(tenant: place.tenant, createdAt: run.createdAt, id: run.id) }
        }
        if runs.count < found.count || found.count == TransferLimits.records {
            return TransferPage(records: .runs(runs), next: last.place)
        }
        let next = try row("SELECT min(number) FROM tenants WHERE number > $1", place.tenant) { try $0.next(Int?.self) } ?? nil
        let beginning = next.map { RunPlace(beginning: $0).place }
        return TransferPage(records: .runs(runs), next: beginning)
    }

    private func nextTransferredRun(of number: Int, from columns: inout ColumnReader) throws -> TransferredRun {
        let (id, createdAt) = (try columns.next(RunID.self), try columns.next(Timestamp.self))
        let (type, principal) = (try columns.next(Int.self), try columns.next(Int.self))
        try learn(types: [type], principals: [principal])
        let run = WorkflowRun(
            id: id, tenant: try tenant(numbered: number), name: try columns.next(), type: try typeName(numbered: type),
            state: try columns.next(), createdAt: createdAt, endedAt: try columns.next(),
            principal: try self.principal(numbered: principal), error: try columns.nextError(), origin: try columns.nextOrigin(),
            attempts: try columns.next(), warnings: try columns.next())
        return try columns.nextTransferredRun(of: run)
    }

    private func withTasks(_ runs: [TransferredRun], of tenant: Int) throws -> [TransferredRun] {
        let keys = runs.map { RunKey(tenant: tenant, id: $0.run.id, createdAt: $0.run.createdAt) }
        var tasks: [RunID: [TransferredTask]] = [:]
        let found = try rows(
            """
            SELECT k.run, k.id, k.label, k.state, k.state_changed_at, k.created_at, k.ended_at, k.execution_type,
                k.engine_run_id, k.definition_id, k.definition_type, k.timeout_ms, k.error_attribution, k.error_type,
                k.error_message, k.error_data, k.stage, k.attempt, k.kept_from, k.condition, k.warnings, k.resolution, k.gate, k.fan,
                k.item, k.needs, k.uses, k.ready_at, k.token, l.worker, l.expires_at, k.outputs, k.wait, k.position
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
        let notes = Dictionary(grouping: try self.notes(on: runs.map(\.run.id), of: tenant), by: \.run).mapValues { $0.map(\.note) }
        let resolutions = try self.resolutions(of: runs.map(\.run.id), tenant: tenant)
        let subscriptions = Dictionary(grouping: try self.subscriptions(to: runs.map(\.run.id), of: tenant), by: \.run)
            .mapValues { $0.map(\.subscription) }
        guard !found.isEmpty || !notes.isEmpty || !subscriptions.isEmpty else { return runs }
        let attempts = try rows(
            """
            SELECT a.run, a.position, a.number, a.started_at, a.ended_at, a.outcome, a.error_attribution, a.error_type,
                a.error_message, a.error_data, a.output_begin, a.output_end, a.terminated_at, a.killed_at, a.call_canceled_at,
                a.gone_at
            FROM unnest($1, $2, $3) AS c (tenant, run, created_at)
            JOIN attempts AS a ON a.tenant = c.tenant AND a.run = c.run AND a.run_created_at = c.created_at
            WHERE a.run_created_at BETWEEN $4 AND $5 ORDER BY a.tenant, a.run, a.position, a.number
            """, values: keys.columns
        ) { (try $0.next(RunID.self), try $0.next(Int.self), try $0.nextTransferredAttempt()) }
        let places = tasks.mapValues { tasks in
            Dictionary(tasks.enumerated().map { ($0.element.position, $0.offset) }, uniquingKeysWith: { first, _ in first })
        }
        for (run, position, attempt) in attempts {
            if let place = places[run]?[position] { tasks[run]?[place].attempts.append(attempt) }
        }
        return runs.map { run in
            var run = run
            run.tasks = tasks[run.run.id] ?? []
            run.notes = notes[run.run.id] ?? []
            run.resolutions = resolutions[run.run.id] ?? []
            run.subscriptions = subscriptions[run.run.id] ?? []
            return run
        }
    }
}
