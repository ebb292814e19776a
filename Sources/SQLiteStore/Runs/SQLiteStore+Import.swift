import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func importRuns(_ runs: [ImportedRun], into tenant: Tenant) async throws -> ImportOutcome {
        guard !runs.isEmpty else { return ImportOutcome(added: 0, alreadyThere: 0) }
        return try await write(.trusted) { database, _ in
            var importer = try RunImporter(database, tenant: tenant)
            for run in runs { try importer.add(run) }
            if importer.outcome.added > 0 {
                try database.record(.runsImported, importer.outcome.auditObject(tenant), of: tenant, numbered: importer.tenant)
            }
            return importer.outcome
        }
    }
}

/// Writes runs of a batch. Types and principals are looked up once per batch, and statements are prepared once.
///
/// Runs are inserted OR FAIL: see ``DatabaseConnection/save(_:heldBy:)``.
private struct RunImporter {
    private(set) var outcome = ImportOutcome(added: 0, alreadyThere: 0)
    private let database: DatabaseConnection
    let tenant: Int
    private let insertRun: PreparedStatement
    private let insertTask: PreparedStatement
    private var types: [ExactText: Int] = [:]
    private var principals: [Principal: Int] = [:]

    init(_ database: DatabaseConnection, tenant: Tenant) throws {
        self.database = database
        self.tenant = try database.findOrCreate(tenant)
        insertRun = try database.prepared(
            """
            INSERT OR FAIL INTO runs (tenant, id, type, state, created_at, ended_at, name, principal, error_attribution, error_type,
                error_message, error_data, launched_version, imported_version, warn_after_ms, imported_configuration, labels,
                run_mode, range_from, range_to, scheduled_for, schedule, rerun_of, attempts, warnings, stop_requested_at,
                stop_requested_by, stop_reason, parameters, triggered_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, id) DO NOTHING
            """)
        insertTask = try database.prepared(
            """
            INSERT INTO tasks (tenant, run, position, id, definition_id, definition_type, label, stage, execution_type, timeout_ms,
                created_at, state, state_changed_at, ended_at, attempt, token, engine_run_id, error_attribution, error_type,
                error_message, error_data, kept_from, condition, warnings)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
    }

    mutating func add(_ imported: ImportedRun) throws {
        let (run, origin) = (imported.run, imported.run.origin)
        let added = try insertRun.execute(
            tenant, run.id, try type(run.type), run.state, run.createdAt, run.endedAt, run.name, try principal(run.principal),
            run.error?.attribution, run.error?.type, run.error?.message, run.error?.data, imported.launchedVersion,
            imported.currentVersion, imported.warnAfter, origin.configuration, origin.labels, origin.runMode, origin.range?.from,
            origin.range?.to, origin.scheduledFor, origin.schedule, origin.rerunOf, run.attempts, run.warnings,
            imported.stop?.requestedAt,
            try (imported.stop?.requestedBy).map { try principal($0) }, imported.stop?.reason, origin.parameters, origin.trigger)
        guard added > 0 else {
            outcome.alreadyThere += 1
            return
        }
        outcome.added += 1
        guard !imported.tasks.isEmpty || !imported.notes.isEmpty else { return }
        let number = database.lastRow
        try database.insert(imported.notes, run: number, tenant: tenant)
        for (position, task) in imported.tasks.enumerated() {
            try insertTask.execute(
                tenant, number, position, task.id, task.definitionID, task.definitionType, task.label, task.stage,
                task.executionType, task.timeout, task.createdAt, task.state, task.stateChangedAt, task.endedAt, task.attempts,
                task.engineRunID, task.error?.attribution, task.error?.type, task.error?.message, task.error?.data,
                task.keptFrom, task.when, task.warnings)
        }
    }

    private mutating func type(_ name: String) throws -> Int {
        if let known = types[name] { return known }
        let number = try database.findOrCreate(type: name, in: tenant)
        types[name] = number
        return number
    }

    private mutating func principal(_ principal: Principal) throws -> Int {
        if let known = principals[principal] { return known }
        let number = try database.findOrCreate(principal, in: tenant)
        principals[principal] = number
        return number
    }
}
