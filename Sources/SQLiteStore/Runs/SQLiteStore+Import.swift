import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func importRuns(_ runs: [ImportedRun], into tenant: Tenant) async throws -> ImportOutcome {
        guard !runs.isEmpty else { return ImportOutcome(added: 0, alreadyThere: 0) }
        return try await write(.trusted) { database, _ in
            var importer = try RunImporter(database, tenant: tenant)
            for run in runs { try importer.add(run) }
            return importer.outcome
        }
    }
}

/// Writes runs of a batch. Types and principals are looked up once per batch, statements once.
///
/// Runs are inserted OR FAIL for the reason that ``GRDB/Database/save(_:heldBy:)`` gives.
private struct RunImporter {
    private(set) var outcome = ImportOutcome(added: 0, alreadyThere: 0)
    private let database: Database
    private let tenant: Int64
    private let insertRun: PreparedStatement
    private let insertTask: PreparedStatement
    private var types: [String: Int64] = [:]
    private var principals: [Principal: Int64] = [:]

    init(_ database: Database, tenant: Tenant) throws {
        self.database = database
        self.tenant = try database.numberMaking(tenant)
        insertRun = try database.prepared(
            """
            INSERT OR FAIL INTO runs (tenant, id, type, state, created_at, ended_at, name, principal, error_attribution, error_type,
                error_message, error_data, launched_version, imported_version, warn_after_ms, rerun_of)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING
            """)
        insertTask = try database.prepared(
            """
            INSERT INTO tasks (tenant, run, position, id, definition_id, definition_type, label, stage, execution_type, timeout_ms,
                created_at, state, state_changed_at, ended_at, attempt, token, engine_run_id, error_attribution, error_type,
                error_message, error_data, kept_from)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
            """)
    }

    mutating func add(_ imported: ImportedRun) throws {
        let run = imported.run
        let added = try insertRun.execute(
            tenant, run.id, try type(run.type), run.state, run.createdAt, run.endedAt, run.name, try principal(run.principal),
            run.error?.attribution, run.error?.type, run.error?.message, run.error?.data, imported.launchedVersion,
            imported.currentVersion, imported.warnAfter, imported.rerunOf)
        guard added > 0 else {
            outcome.alreadyThere += 1
            return
        }
        outcome.added += 1
        guard !imported.tasks.isEmpty else { return }
        let number = database.lastInsertedRowID
        for (position, task) in imported.tasks.enumerated() {
            try insertTask.execute(
                tenant, number, position, task.id, task.definitionID, task.definitionType, task.label, task.stage,
                task.executionType, task.timeout, task.createdAt, task.state, task.stateChangedAt, task.endedAt, task.attempts,
                task.engineRunID, task.error?.attribution, task.error?.type, task.error?.message, task.error?.data,
                task.keptFrom)
        }
    }

    private mutating func type(_ name: String) throws -> Int64 {
        if let known = types[name] { return known }
        let number = try database.numberMaking(type: name, in: tenant)
        types[name] = number
        return number
    }

    private mutating func principal(_ principal: Principal) throws -> Int64 {
        if let known = principals[principal] { return known }
        let number = try database.numberMaking(principal, in: tenant)
        principals[principal] = number
        return number
    }
}
