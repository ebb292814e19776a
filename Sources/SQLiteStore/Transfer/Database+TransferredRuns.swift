import GRDB
import WorkflowModel

extension Database {
    /// Runs in the order in which they were written.
    func runPage(after number: Int64) throws -> TransferPage {
        let found = try rows(
            """
            SELECT r.number, r.tenant, r.id, t.name, r.name, y.name, r.state, r.created_at, r.ended_at, p.id, p.name, p.email,
                r.error_attribution, r.error_type, r.error_message, r.error_data, r.configuration, r.launched_version,
                r.imported_version, r.run_mode, r.range_from, r.range_to, r.scheduled_for, r.schedule, r.rerun_of, r.warn_after_ms,
                r.warn_at
            FROM runs AS r
            CROSS JOIN tenants AS t ON t.number = r.tenant
            CROSS JOIN run_types AS y ON y.number = r.type
            CROSS JOIN principals AS p ON p.number = r.principal
            WHERE r.number > ? ORDER BY r.number LIMIT ?
            """, number, TransferLimits.records
        ) { columns in
            (number: try columns.next(Int64.self), tenant: try columns.next(Int64.self), record: try columns.nextTransferredRun())
        }
        var runs: [TransferredRun] = []
        var last = number
        var tasks = 0
        var bytes = 0
        for var run in found where tasks < TransferLimits.tasks && bytes < TransferLimits.outputBytes {
            run.record.tasks = try transferredTasks(of: run.record.run, numbered: run.number, tenant: run.tenant)
            tasks += run.record.tasks.count
            bytes += run.record.tasks.reduce(0) { $0 + ($1.outputs?.text.utf8.count ?? 0) }
            runs.append(run.record)
            last = run.number
        }
        let hasMore = runs.count < found.count || found.count == TransferLimits.records
        return TransferPage(records: .runs(runs), next: hasMore ? TransferPlace(text: "\(last)") : nil)
    }

    private func transferredTasks(of run: WorkflowRun, numbered number: Int64, tenant: Int64) throws -> [TransferredTask] {
        var tasks = try rows(
            """
            SELECT id, label, state, state_changed_at, created_at, ended_at, execution_type, engine_run_id, definition_id,
                definition_type, timeout_ms, error_attribution, error_type, error_message, error_data, stage, attempt,
                kept_from, needs, uses, ready_at, token, worker, lease_expires_at, outputs
            FROM tasks WHERE tenant = ? AND run = ? ORDER BY position
            """, tenant, number
        ) { columns in
            let instance = TaskInstance(
                id: try columns.next(), run: run.id, tenant: run.tenant, label: try columns.next(), state: try columns.next(),
                stateChangedAt: try columns.next(), createdAt: try columns.next(), endedAt: try columns.next(),
                executionType: try columns.next(), engineRunID: try columns.next(), definitionID: try columns.next(),
                definitionType: try columns.next(), timeout: try columns.next(), error: try columns.nextError(),
                stage: try columns.next(), attempts: try columns.next(), keptFrom: try columns.next())
            return TransferredTask(
                instance: instance, needs: try Needs.ids(try columns.next()), uses: try ResourceUse.uses(try columns.next()),
                readyAt: try columns.next(), token: try columns.next(), holder: try columns.nextHolder(),
                outputs: try columns.next())
        }
        // Most tasks of long histories were imported, and have none.
        guard !tasks.isEmpty else { return [] }
        let attempts = try rows(
            """
            SELECT position, number, started_at, ended_at, outcome, error_attribution, error_type, error_message, error_data,
                output_begin, output_end
            FROM attempts WHERE tenant = ? AND run = ? ORDER BY position, number
            """, tenant, number
        ) { (try $0.next(Int.self), try $0.nextTransferredAttempt()) }
        for (position, attempt) in attempts where tasks.indices.contains(position) { tasks[position].attempts.append(attempt) }
        return tasks
    }
}

extension ColumnReader {
    fileprivate mutating func nextTransferredRun() throws -> TransferredRun {
        let id = try next(RunID.self)
        let run = WorkflowRun(
            id: id, tenant: try nextTenant(), name: try next(), type: try next(), state: try next(), createdAt: try next(),
            endedAt: try next(), principal: try nextPrincipal(), error: try nextError())
        return TransferredRun(
            run: run, configuration: try next(), launchedVersion: try next(), importedVersion: try next(), runMode: try next(),
            range: try nextRange(), scheduledFor: try next(), schedule: try next(), rerunOf: try next(), warnAfter: try next(),
            warnAt: try next())
    }

    fileprivate mutating func nextHolder() throws -> TaskHolder? {
        let worker = try next(String?.self)
        let expiry = try next(Timestamp?.self)
        guard let worker, let expiry else { return nil }
        return TaskHolder(worker: worker, leaseExpiresAt: expiry)
    }

    fileprivate mutating func nextTransferredAttempt() throws -> TransferredAttempt {
        let number = try next(Int.self)
        let startedAt = try next(Timestamp.self)
        let endedAt = try next(Timestamp?.self)
        let outcome = try next(TaskState?.self)
        let error = try nextError()
        let begin = try next(Int.self)
        let end = try next(Int.self)
        guard begin <= end else { throw StoreError.unreadable("output that ends before it begins") }
        return TransferredAttempt(
            number: number, startedAt: startedAt, endedAt: endedAt, outcome: outcome, error: error, output: begin..<end)
    }
}
