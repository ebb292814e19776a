import StoreCore
import WorkflowModel

extension DatabaseConnection {
    /// A page of runs, in the order in which they were written.
    func runPage(after key: NumberPlace) throws -> TransferPage {
        let found = try rows(
            """
            SELECT r.number, r.tenant, r.id, t.name, r.name, y.name, r.state, r.created_at, r.ended_at, p.id, p.name, p.email,
                r.error_attribution, r.error_type, r.error_message, r.error_data, \(RunColumns.origin), r.attempts, r.warnings,
                r.configuration IS NULL, r.launched_version, r.imported_version, r.stop_requested_at, r.stop_reason, s.id, s.name,
                s.email, r.warn_after_ms, r.warn_at, r.after_stop_ms,
                (SELECT due_at FROM closing_deadlines AS d WHERE d.run = r.number), r.called_by_run, r.called_by_task
            FROM runs AS r
            CROSS JOIN tenants AS t ON t.number = r.tenant
            CROSS JOIN run_types AS y ON y.number = r.type
            CROSS JOIN principals AS p ON p.number = r.principal
            LEFT JOIN principals AS s ON s.number = r.stop_requested_by
            WHERE r.number > ? ORDER BY r.number LIMIT ?
            """, key.number, TransferLimits.records
        ) { columns in
            (number: try columns.next(Int.self), tenant: try columns.next(Int.self), record: try columns.nextTransferredRun())
        }
        var runs: [TransferredRun] = []
        var last = key
        var tasks = 0
        var bytes = 0
        for var run in found where tasks < TransferLimits.tasks && bytes < TransferLimits.outputBytes {
            run.record.tasks = try transferredTasks(of: run.record.run, numbered: run.number, tenant: run.tenant)
            run.record.notes = try notes(on: run.record.run.id, of: run.tenant)
            run.record.resolutions = try resolutions(of: run.number, tenant: run.tenant)
            run.record.subscriptions = try subscriptions(to: run.number, of: run.tenant)
            tasks += run.record.tasks.count
            bytes += run.record.tasks.reduce(0) { $0 + ($1.outputs?.text.utf8.count ?? 0) }
            runs.append(run.record)
            last = NumberPlace(number: run.number)
        }
        let hasMore = runs.count < found.count || found.count == TransferLimits.records
        return TransferPage(records: .runs(runs), next: hasMore ? last.place : nil)
    }

    private func transferredTasks(of run: WorkflowRun, numbered number: Int, tenant: Int) throws -> [TransferredTask] {
        var tasks = try rows(
            """
            SELECT id, label, state, state_changed_at, created_at, ended_at, execution_type, engine_run_id, definition_id,
                definition_type, timeout_ms, error_attribution, error_type, error_message, error_data, stage, attempt,
                kept_from, condition, warnings, resolution, gate, fan, item, needs, uses, ready_at, token, worker, lease_expires_at, outputs,
                wait, position
            FROM tasks WHERE tenant = ? AND run = ? ORDER BY position
            """, tenant, number
        ) { try $0.nextTransferredTask(of: run.id, tenant: run.tenant) }
        // Most tasks of long histories were imported, and have no attempts.
        guard !tasks.isEmpty else { return [] }
        let attempts = try rows(
            """
            SELECT position, number, started_at, ended_at, outcome, error_attribution, error_type, error_message, error_data,
                output_begin, output_end, terminated_at, killed_at, call_canceled_at, gone_at
            FROM attempts WHERE tenant = ? AND run = ? ORDER BY position, number
            """, tenant, number
        ) { (try $0.next(Int.self), try $0.nextTransferredAttempt()) }
        let places = Dictionary(
            tasks.enumerated().map { ($0.element.position, $0.offset) }, uniquingKeysWith: { first, _ in first })
        for (position, attempt) in attempts {
            if let place = places[position] { tasks[place].attempts.append(attempt) }
        }
        return tasks
    }
}

extension ColumnReader {
    fileprivate mutating func nextTransferredRun() throws -> TransferredRun {
        let id = try next(RunID.self)
        let run = WorkflowRun(
            id: id, tenant: try nextTenant(), name: try next(), type: try next(), state: try next(), createdAt: try next(),
            endedAt: try next(), principal: try nextPrincipal(), error: try nextError(), origin: try nextOrigin(),
            attempts: try next(), warnings: try next())
        return try nextTransferredRun(of: run)
    }
}
