import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func output(_ query: RunOutputQuery) async throws -> RunOutputPage? {
        try await readAnywhere(consistently: true) { (database) -> RunOutputPage? in
            guard let number = try database.number(of: query.tenant) else { return nil }
            return try database.findRun(query.run, of: number) { (from, to) -> RunOutputPage? in
                let createdAt = try database.row(
                    """
                    SELECT created_at FROM runs WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4
                    """, number, query.run, from, to
                ) { try $0.next(Timestamp.self) }
                guard let createdAt else { return nil }
                let key = RunKey(tenant: number, id: query.run, createdAt: createdAt)
                return try database.outputPage(of: key, query)
            }
        }
    }
}

extension PostgresConnection {
    fileprivate func outputPage(of run: RunKey, _ query: RunOutputQuery) throws -> RunOutputPage {
        let outputs = try keptOutputs(of: run, attempt: query.attempt, from: query.place)
        let plan = RunOutputPlan(outputs, from: query.place, limit: query.limit)
        return try RunOutputPage(plan, limit: query.limit) { outputs in
            let chunks = Dictionary(grouping: try chunks(of: outputs, run: run, attempt: query.attempt), by: \.output)
            return outputs.flatMap { $0.slices(of: (chunks[$0] ?? []).map(\.chunk)) }
        } part: { output in
            try chunks(of: output, run: run, before: output.begin + query.limit)
        }
    }

    /// The attempts with kept output, in the order of their tasks.
    private func keptOutputs(of run: RunKey, attempt: Int?, from place: RunOutputPlace?) throws -> [OutputExtent] {
        let first = place ?? RunOutputPlace(position: 0)
        return try rows(
            """
            SELECT k.id, k.definition_id, k.position, a.number,
                greatest(a.output_begin, CASE WHEN k.position = $4 THEN $5 ELSE 0 END), a.output_end, a.ended_at IS NOT NULL
            FROM tasks AS k
            JOIN attempts AS a ON a.tenant = k.tenant AND a.run = k.run AND a.run_created_at = k.run_created_at
                AND a.position = k.position
                AND a.number = coalesce(CASE WHEN k.position = $4 THEN $6 END, $7, k.attempt)
            WHERE k.tenant = $1 AND k.run = $2 AND k.run_created_at = $3 AND k.position >= $4 AND a.run_created_at = $3
                AND a.output_end > greatest(a.output_begin, CASE WHEN k.position = $4 THEN $5 ELSE 0 END)
            ORDER BY k.position LIMIT $8
            """, run.tenant, run.id, run.createdAt, first.position, first.offset, first.attempt, attempt,
            RunOutputPage.mostTasks + 1
        ) { try $0.nextOutputExtent() }
    }

    /// The chunks of several whole outputs, by one statement. All statements of the page see the same state of the database,
    /// so that the newest attempt of a task is the same as before.
    private func chunks(
        of outputs: [OutputExtent], run: RunKey, attempt: Int?
    ) throws -> [(output: OutputExtent, chunk: OutputChunk)] {
        guard let first = outputs.first, let last = outputs.last else { return [] }
        let byPosition = Dictionary(uniqueKeysWithValues: outputs.map { ($0.position, $0) })
        return try rows(
            """
            SELECT c.position, c.from_byte, c.bytes, c.marks
            FROM output_chunks AS c
            JOIN tasks AS k ON k.tenant = c.tenant AND k.run = c.run AND k.run_created_at = c.run_created_at
                AND k.position = c.position AND c.attempt = coalesce($6, k.attempt)
            WHERE c.tenant = $1 AND c.run = $2 AND c.run_created_at = $3 AND c.position >= $4 AND c.position <= $5
                AND k.run_created_at = $3
            ORDER BY c.position, c.from_byte
            """, run.tenant, run.id, run.createdAt, first.position, last.position, attempt
        ) { (try $0.next(Int.self), try $0.nextOutputChunk()) }
        .compactMap { position, chunk in byPosition[position].map { ($0, chunk) } }
    }

    /// The kept chunks from the first wanted byte on: at least one, and none after it that begins at `end` or later.
    private func chunks(of output: OutputExtent, run: RunKey, before end: Int) throws -> [OutputChunk] {
        try rows(
            """
            SELECT from_byte, bytes, marks FROM output_chunks
            WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = $4 AND attempt = $5 AND to_byte > $6
                AND from_byte < greatest($7, 1 + (
                    SELECT min(from_byte) FROM output_chunks
                    WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = $4 AND attempt = $5 AND to_byte > $6))
            ORDER BY from_byte
            """, run.tenant, run.id, run.createdAt, output.position, output.attempt, output.begin, end
        ) { try $0.nextOutputChunk() }
    }
}
