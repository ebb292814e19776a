import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func output(_ query: RunOutputQuery) async throws -> RunOutputPage? {
        try await read { database in
            let found = try database.row(
                """
                SELECT r.tenant, r.number FROM runs AS r
                WHERE r.tenant = (SELECT number FROM tenants WHERE name = ?) AND r.id = ?
                """, query.tenant.name, query.run
            ) { (try $0.next(Int.self), try $0.next(Int.self)) }
            guard let (tenant, run) = found else { return nil }
            let outputs = try database.keptOutputs(of: run, tenant: tenant, attempt: query.attempt, from: query.place)
            let plan = RunOutputPlan(outputs, from: query.place, limit: query.limit)
            return try RunOutputPage(plan, limit: query.limit) { outputs in
                try outputs.flatMap { output in
                    output.slices(of: try database.chunks(of: output, run: run, tenant: tenant, before: output.end))
                }
            } part: { output in
                try database.chunks(of: output, run: run, tenant: tenant, before: output.begin + query.limit)
            }
        }
    }
}

extension DatabaseConnection {
    /// The attempts with kept output, in the order of their tasks.
    fileprivate func keptOutputs(
        of run: Int, tenant: Int, attempt: Int?, from place: RunOutputPlace?
    ) throws -> [OutputExtent] {
        let first = place ?? RunOutputPlace(position: 0)
        return try rows(
            """
            SELECT k.id, k.definition_id, k.position, a.number, max(a.output_begin, iif(k.position = ?1, ?2, 0)), a.output_end,
                a.ended_at IS NOT NULL
            FROM tasks AS k
            CROSS JOIN attempts AS a ON a.tenant = k.tenant AND a.run = k.run AND a.position = k.position
                AND a.number = ifnull(iif(k.position = ?1, ?3, NULL), ifnull(?4, k.attempt))
            WHERE k.tenant = ?5 AND k.run = ?6 AND k.position >= ?1
                AND a.output_end > max(a.output_begin, iif(k.position = ?1, ?2, 0))
            ORDER BY k.position LIMIT ?7
            """, first.position, first.offset, first.attempt, attempt, tenant, run, RunOutputPage.mostTasks + 1
        ) { try $0.nextOutputExtent() }
    }

    /// The kept chunks from the first wanted byte on: at least one, and none after it that begins at `end` or later.
    fileprivate func chunks(of output: OutputExtent, run: Int, tenant: Int, before end: Int) throws -> [OutputChunk] {
        try rows(
            """
            SELECT from_byte, bytes, marks FROM output_chunks
            WHERE tenant = ?1 AND run = ?2 AND position = ?3 AND attempt = ?4 AND to_byte > ?5
                AND from_byte < max(?6, 1 + (
                    SELECT min(from_byte) FROM output_chunks
                    WHERE tenant = ?1 AND run = ?2 AND position = ?3 AND attempt = ?4 AND to_byte > ?5))
            ORDER BY from_byte
            """, tenant, run, output.position, output.attempt, output.begin, end
        ) { try $0.nextOutputChunk() }
    }
}
