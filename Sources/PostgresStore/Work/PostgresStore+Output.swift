import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func appendOutput(_ chunk: OutputChunk, under lease: Lease, keepingLast limit: Int) async throws {
        try await write { database in
            guard let log = try database.outputLog(under: lease) else { return }
            try database.append(chunk, to: log, keepingLast: max(0, limit))
        }
    }

    public func output(_ query: TaskOutputQuery) async throws -> OutputSlice? {
        try await readAnywhere(consistently: true) { database in
            guard let number = try database.number(of: query.tenant),
                let log = try database.outputLog(query, of: number)
            else { return nil }
            return try database.slice(of: log, from: query.begin(ofOutputUpTo: log.span.end), limit: max(0, query.limit))
        }
    }
}

/// Where the output of an attempt is kept.
private struct OutputLog {
    var run: RunKey
    var position: Int
    var span: OutputSpan
}

extension ColumnReader {
    fileprivate mutating func nextOutputLog() throws -> OutputLog {
        OutputLog(
            run: RunKey(tenant: try next(), id: try next(), createdAt: try next()), position: try next(),
            span: try nextOutputSpan())
    }
}

extension PostgresConnection {
    /// nil when the lease is stale.
    fileprivate func outputLog(under lease: Lease) throws -> OutputLog? {
        guard let tenant = try number(of: lease.tenant) else { return nil }
        let place = try row(
            """
            SELECT run_created_at, position, attempt FROM task_leases
            WHERE tenant = $1 AND run = $2 AND task = $3 AND token = $4
            """, tenant, lease.run, lease.task, lease.token
        ) { (try $0.next(Timestamp.self), try $0.next(Int.self), try $0.next(Int.self)) }
        guard let (createdAt, position, attempt) = place else { return nil }
        return try row(
            """
            SELECT tenant, run, run_created_at, position, number, output_begin, output_end, ended_at IS NOT NULL FROM attempts
            WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = $4 AND number = $5 AND ended_at IS NULL
            FOR UPDATE
            """, tenant, lease.run, createdAt, position, attempt
        ) { try $0.nextOutputLog() }
    }

    fileprivate func outputLog(_ query: TaskOutputQuery, of tenant: Int) throws -> OutputLog? {
        try findRun(query.run, of: tenant) { from, to in
            guard let place = try place(of: query.task, in: query.run, of: tenant, from: from, to: to) else { return nil }
            return try row(
                """
                SELECT a.tenant, a.run, a.run_created_at, a.position, a.number, a.output_begin, a.output_end,
                    a.ended_at IS NOT NULL
                FROM tasks AS k
                JOIN attempts AS a ON a.tenant = k.tenant AND a.run = k.run AND a.position = k.position
                    AND a.run_created_at = k.run_created_at AND a.number = coalesce($1, k.attempt)
                WHERE k.tenant = $2 AND k.run = $3 AND k.run_created_at >= $4 AND k.run_created_at < $5 AND k.position = $6
                    AND a.run_created_at >= $4 AND a.run_created_at < $5
                """, query.attempt, tenant, query.run, from, to, place
            ) { try $0.nextOutputLog() }
        }
    }

    /// Chunks are dropped as a whole, once they are out of reach. A chunk that is partly out of reach stays until the rest of
    /// it is too. So an append never rewrites what is kept.
    fileprivate func append(_ chunk: OutputChunk, to log: OutputLog, keepingLast limit: Int) throws {
        guard let append = log.span.appending(chunk, keepingLast: limit) else { return }
        let (run, position, attempt) = (log.run, log.position, log.span.attempt)
        if let added = append.added {
            try change(
                """
                INSERT INTO output_chunks (tenant, run, run_created_at, position, attempt, from_byte, to_byte, bytes, marks)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                """, run.tenant, run.id, run.createdAt, position, attempt, added.offset, append.end, added.bytes,
                added.marksColumn)
        }
        if append.dropsChunks {
            try change(
                """
                DELETE FROM output_chunks WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = $4 AND attempt = $5
                    AND from_byte < $6 AND to_byte <= $6
                """, run.tenant, run.id, run.createdAt, position, attempt, append.begin)
        }
        try change(
            """
            UPDATE attempts SET output_begin = $1, output_end = $2
            WHERE tenant = $3 AND run = $4 AND run_created_at = $5 AND position = $6 AND number = $7
            """, append.begin, append.end, run.tenant, run.id, run.createdAt, position, attempt)
    }

    fileprivate func slice(of log: OutputLog, from offset: Int, limit: Int) throws -> OutputSlice {
        let wanted = log.span.first(from: offset)
        guard let first = try chunk(of: log, at: wanted) else { return log.span.slice(of: [], from: offset, limit: limit) }
        let more = try chunks(of: log, after: first.offset, before: max(wanted, first.offset) + limit)
        return log.span.slice(of: [first] + more, from: offset, limit: limit)
    }

    /// The chunk that contains that byte, or the next one after it.
    private func chunk(of log: OutputLog, at byte: Int) throws -> OutputChunk? {
        let run = log.run
        return try row(
            """
            SELECT from_byte, bytes, marks FROM output_chunks
            WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = $4 AND attempt = $5 AND to_byte > $6
                AND from_byte >= coalesce((
                    SELECT max(from_byte) FROM output_chunks
                    WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = $4 AND attempt = $5
                        AND from_byte <= $6), 0)
            ORDER BY from_byte LIMIT 1
            """, run.tenant, run.id, run.createdAt, log.position, log.span.attempt, byte
        ) { try $0.nextOutputChunk() }
    }

    private func chunks(of log: OutputLog, after first: Int, before end: Int) throws -> [OutputChunk] {
        let run = log.run
        return try rows(
            """
            SELECT from_byte, bytes, marks FROM output_chunks
            WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = $4 AND attempt = $5
                AND from_byte > $6 AND from_byte < $7
            ORDER BY from_byte
            """, run.tenant, run.id, run.createdAt, log.position, log.span.attempt, first, end
        ) { try $0.nextOutputChunk() }
    }
}
