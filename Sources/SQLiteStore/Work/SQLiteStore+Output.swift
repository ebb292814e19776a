import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func appendOutput(_ chunk: OutputChunk, under lease: Lease, keepingLast limit: Int) async throws {
        try await write { database in
            guard let log = try database.outputLog(under: lease) else { return }
            try database.append(chunk, to: log, keepingLast: max(0, limit))
        }
    }

    public func output(_ query: TaskOutputQuery) async throws -> OutputSlice? {
        try await read { database in
            guard let log = try database.outputLog(query) else { return nil }
            return try database.slice(of: log, from: query.begin(ofOutputUpTo: log.span.end), limit: max(0, query.limit))
        }
    }
}

/// Where the output of an attempt is kept.
private struct OutputLog {
    var tenant: Int
    var run: Int
    var position: Int
    var span: OutputSpan
}

extension ColumnReader {
    fileprivate mutating func nextOutputLog() throws -> OutputLog {
        OutputLog(tenant: try next(), run: try next(), position: try next(), span: try nextOutputSpan())
    }
}

extension DatabaseConnection {
    /// nil when the lease is stale.
    fileprivate func outputLog(under lease: Lease) throws -> OutputLog? {
        guard let place = try place(of: lease.task, in: lease.run, of: lease.tenant) else { return nil }
        return try row(
            """
            SELECT a.tenant, a.run, a.position, a.number, a.output_begin, a.output_end, a.ended_at IS NOT NULL
            FROM tasks AS k
            CROSS JOIN attempts AS a ON a.tenant = k.tenant AND a.run = k.run AND a.position = k.position AND a.number = k.attempt
            WHERE k.tenant = ? AND k.run = ? AND k.position = ? AND k.token = ? AND k.worker IS NOT NULL
            """, place.tenant, place.run, place.position, lease.token
        ) { try $0.nextOutputLog() }
    }

    fileprivate func outputLog(_ query: TaskOutputQuery) throws -> OutputLog? {
        guard let place = try place(of: query.task, in: query.run, of: query.tenant) else { return nil }
        return try row(
            """
            SELECT a.tenant, a.run, a.position, a.number, a.output_begin, a.output_end, a.ended_at IS NOT NULL
            FROM tasks AS k
            CROSS JOIN attempts AS a ON a.tenant = k.tenant AND a.run = k.run AND a.position = k.position
                AND a.number = ifnull(?, k.attempt)
            WHERE k.tenant = ? AND k.run = ? AND k.position = ?
            """, query.attempt, place.tenant, place.run, place.position
        ) { try $0.nextOutputLog() }
    }

    /// Chunks are dropped as a whole, once they are out of reach. A chunk that is partly out of reach stays until the rest of
    /// it is too. So an append never rewrites what is kept.
    fileprivate func append(_ chunk: OutputChunk, to log: OutputLog, keepingLast limit: Int) throws {
        guard let append = log.span.appending(chunk, keepingLast: limit) else { return }
        let (tenant, run, position, attempt) = (log.tenant, log.run, log.position, log.span.attempt)
        if let added = append.added {
            try change(
                """
                INSERT INTO output_chunks (tenant, run, position, attempt, from_byte, to_byte, bytes, marks)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, tenant, run, position, attempt, added.offset, append.end, added.bytes, added.marksColumn)
        }
        if append.dropsChunks {
            try change(
                """
                DELETE FROM output_chunks
                WHERE tenant = ? AND run = ? AND position = ? AND attempt = ? AND from_byte < ? AND to_byte <= ?
                """, tenant, run, position, attempt, append.begin, append.begin)
        }
        try change(
            """
            UPDATE attempts SET output_begin = ?, output_end = ? WHERE tenant = ? AND run = ? AND position = ? AND number = ?
            """, append.begin, append.end, tenant, run, position, attempt)
    }

    fileprivate func slice(of log: OutputLog, from offset: Int, limit: Int) throws -> OutputSlice {
        var chunks: [OutputChunk] = []
        let first = log.span.first(from: offset)
        var next = try chunk(of: log, at: first)
        // The slice ends before a gap.
        while let chunk = next, chunk.offset <= chunks.last.map({ $0.offset + $0.bytes.count }) ?? chunk.offset {
            chunks.append(chunk)
            let end = chunk.offset + chunk.bytes.count
            next = end - max(first, chunks[0].offset) < limit ? try self.chunk(of: log, at: end) : nil
        }
        return log.span.slice(of: chunks, from: offset, limit: limit)
    }

    /// The chunk that contains that byte, or the next one after it.
    private func chunk(of log: OutputLog, at byte: Int) throws -> OutputChunk? {
        try row(
            """
            SELECT from_byte, bytes, marks FROM output_chunks
            WHERE tenant = ?1 AND run = ?2 AND position = ?3 AND attempt = ?4 AND to_byte > ?5
                AND from_byte >= ifnull((
                    SELECT max(from_byte) FROM output_chunks
                    WHERE tenant = ?1 AND run = ?2 AND position = ?3 AND attempt = ?4 AND from_byte <= ?5), 0)
            ORDER BY from_byte LIMIT 1
            """, log.tenant, log.run, log.position, log.span.attempt, byte
        ) { try $0.nextOutputChunk() }
    }
}
