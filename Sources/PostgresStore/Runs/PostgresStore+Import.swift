import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func importRuns(_ runs: [ImportedRun], into tenant: Tenant) async throws -> ImportOutcome {
        guard !runs.isEmpty else { return ImportOutcome(added: 0, alreadyThere: 0) }
        let months = Set(runs.map { PartitionMonth(of: $0.run.createdAt) })
        return try await write(into: months) { (database, attempt: inout WriteAttempt<ImportOutcome>) in
            let number = try database.findOrCreate(tenant)
            // Two concurrent imports of one file would deadlock.
            _ = try database.execute("SELECT pg_advisory_xact_lock($1::integer, $2::integer)", [Migration.lock, number])
            let added = try database.addRuns(runs, of: number)
            // All runs exist, because an earlier try has added them.
            if let former = attempt.former, added == 0 { return former }
            let outcome = ImportOutcome(added: added, alreadyThere: runs.count - added)
            if added > 0 {
                try database.record(.runsImported, outcome.auditObject(tenant), of: tenant, numbered: number)
            }
            return outcome
        }
    }
}

extension PostgresConnection {
    /// Most tasks in one statement, so that a batch of long runs does not become a statement of many megabytes.
    private static let tasksAtOnce = 5_000

    /// - Returns: how many were added.
    fileprivate func addRuns(_ runs: [ImportedRun], of tenant: Int) throws -> Int {
        var seen: Set<RunID> = []
        let (strays, others) = runs.filter { seen.insert($0.run.id).inserted }.divided {
            PartitionMonth(of: $0.run.id) != PartitionMonth(of: $0.run.createdAt)
        }
        let listed = try listStrays(strays.map { RunKey(tenant: tenant, id: $0.run.id, createdAt: $0.run.createdAt) })
        let candidates = others + strays.filter { listed.contains($0.run.id) }
        guard !candidates.isEmpty else { return 0 }
        let added = try insert(candidates, of: tenant)
        let tasks = candidates.filter { added.contains($0.run.id) }.flatMap { imported in
            imported.tasks.enumerated().map { ImportedTask(run: imported.run, position: $0.offset, task: $0.element) }
        }
        for begin in stride(from: 0, to: tasks.count, by: Self.tasksAtOnce) {
            try insert(Array(tasks[begin..<min(begin + Self.tasksAtOnce, tasks.count)]), of: tenant)
        }
        let noted = candidates.filter { added.contains($0.run.id) && !$0.notes.isEmpty }
        try insert(
            noted.flatMap { imported in
                let run = RunKey(tenant: tenant, id: imported.run.id, createdAt: imported.run.createdAt)
                return imported.notes.enumerated().map { PlacedNote(run: run, number: $0.offset + 1, note: $0.element) }
            })
        return added.count
    }

    /// Lists runs whose id does not name their month, except those whose id is taken.
    /// - Returns: the ids that were added to the list.
    func listStrays(_ runs: [RunKey]) throws -> Set<RunID> {
        guard !runs.isEmpty else { return [] }
        let months = runs.map { PartitionMonth(of: $0.id) }
        return Set(
            try rows(
                """
                INSERT INTO stray_runs (tenant, id, created_at)
                SELECT c.tenant, c.id, c.created_at
                FROM unnest($1, $2, $3, $4, $5) AS c (tenant, id, created_at, month_begin, month_end)
                WHERE NOT EXISTS (
                    SELECT 1 FROM runs AS r
                    WHERE r.tenant = c.tenant AND r.id = c.id AND r.created_at >= c.month_begin AND r.created_at < c.month_end)
                ON CONFLICT (tenant, id) DO NOTHING RETURNING id
                """, Column(runs.map(\.tenant)), Column(runs.map(\.id)), Column(runs.map(\.createdAt)),
                Column(months.map { $0?.begin }), Column(months.map { $0?.end })
            ) { try $0.next() })
    }

    private func insert(_ imported: [ImportedRun], of tenant: Int) throws -> Set<RunID> {
        let runs = imported.map(\.run)
        let errors = runs.map(\.error)
        let origins = runs.map(\.origin)
        return Set(
            try rows(
                """
                INSERT INTO runs (tenant, id, type, state, created_at, ended_at, name, principal, error_attribution, error_type,
                    error_message, error_data, launched_version, imported_version, warn_after_ms, imported_configuration, labels,
                    run_mode, range_from, range_to, scheduled_for, schedule, rerun_of, attempts, warnings, stop_requested_at,
                    stop_requested_by, stop_reason, parameters, triggered_by)
                SELECT $1, c.* FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                    $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) AS c (
                    id, type, state, created_at, ended_at, name, principal, error_attribution, error_type, error_message,
                    error_data, launched_version, imported_version, warn_after_ms, imported_configuration, labels, run_mode,
                    range_from, range_to, scheduled_for, schedule, rerun_of, attempts, warnings, stop_requested_at,
                    stop_requested_by, stop_reason, parameters, triggered_by)
                WHERE NOT EXISTS (
                    SELECT 1 FROM stray_runs AS s WHERE s.tenant = $1 AND s.id = c.id AND s.created_at <> c.created_at)
                ON CONFLICT DO NOTHING RETURNING id
                """, tenant, Column(runs.map(\.id)), Column(try runs.map { try findOrCreate(type: $0.type, in: tenant) }),
                Column(runs.map(\.state)), Column(runs.map(\.createdAt)), Column(runs.map(\.endedAt)), Column(runs.map(\.name)),
                Column(try runs.map { try findOrCreate($0.principal, in: tenant) }), Column(errors.map { $0?.attribution }),
                Column(errors.map { $0?.type }), Column(errors.map { $0?.message }), Column(errors.map { $0?.data }),
                Column(imported.map(\.launchedVersion)), Column(imported.map(\.currentVersion)), Column(imported.map(\.warnAfter)),
                Column(origins.map(\.configuration)), Column(origins.map(\.labels)), Column(origins.map(\.runMode)),
                Column(origins.map { $0.range?.from }), Column(origins.map { $0.range?.to }), Column(origins.map(\.scheduledFor)),
                Column(origins.map(\.schedule)), Column(origins.map(\.rerunOf)), Column(runs.map(\.attempts)),
                Column(runs.map(\.warnings)), Column(imported.map { $0.stop?.requestedAt }),
                Column(try imported.map { try ($0.stop?.requestedBy).map { try findOrCreate($0, in: tenant) } }),
                Column(imported.map { $0.stop?.reason }), Column(origins.map(\.parameters)),
                Column(origins.map(\.trigger))
            ) { try $0.next() })
    }

    private func insert(_ imported: [ImportedTask], of tenant: Int) throws {
        let tasks = imported.map(\.task)
        let errors = tasks.map(\.error)
        _ = try execute(
            """
            INSERT INTO tasks (tenant, token, run, run_created_at, position, id, definition_id, definition_type, label, stage,
                execution_type, timeout_ms, created_at, state, state_changed_at, ended_at, attempt, engine_run_id,
                error_attribution, error_type, error_message, error_data, kept_from, warnings,
                condition)
            SELECT $1, 0, c.*
            FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24) AS c
            """,
            [
                tenant, Column(imported.map(\.run.id)), Column(imported.map(\.run.createdAt)), Column(imported.map(\.position)),
                Column(tasks.map(\.id)), Column(tasks.map(\.definitionID)), Column(tasks.map(\.definitionType)),
                Column(tasks.map(\.label)), Column(tasks.map(\.stage)), Column(tasks.map(\.executionType)),
                Column(tasks.map(\.timeout)), Column(tasks.map(\.createdAt)), Column(tasks.map(\.state)),
                Column(tasks.map(\.stateChangedAt)), Column(tasks.map(\.endedAt)), Column(tasks.map(\.attempts)),
                Column(tasks.map(\.engineRunID)), Column(errors.map { $0?.attribution }), Column(errors.map { $0?.type }),
                Column(errors.map { $0?.message }), Column(errors.map { $0?.data }), Column(tasks.map(\.keptFrom)),
                Column(tasks.map(\.warnings)), Column(tasks.map(\.when)),
            ])
    }
}

private struct ImportedTask {
    var run: WorkflowRun
    var position: Int
    var task: TaskInstance
}

extension Array {
    fileprivate func divided(by isWanted: (Element) -> Bool) -> (wanted: [Element], others: [Element]) {
        (filter(isWanted), filter { !isWanted($0) })
    }
}
