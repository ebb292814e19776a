import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func appendOutput(_ chunk: OutputChunk, under lease: Lease, keepingLast limit: Int) async throws {
        try await write { database in
            guard let log = try database.outputLog(under: lease) else { return }
            try database.append(chunk, to: log, keepingLast: max(0, limit))
        }
    }

    public func output(
        of task: TaskID, in run: RunID, tenant: Tenant, attempt: Int?, from offset: Int, limit: Int
    ) async throws -> OutputSlice? {
        try await read { database in
            guard let log = try database.outputLog(of: task, in: run, tenant: tenant, attempt: attempt) else { return nil }
            return try database.slice(of: log, from: max(0, offset), limit: max(0, limit))
        }
    }
}

/// Where what an attempt printed is kept.
private struct OutputLog {
    var tenant: Int64
    var run: Int64
    var position: Int
    var attempt: Int
    /// The first byte that is kept.
    var begin: Int
    /// One beyond the last byte that was printed.
    var end: Int
    var hasEnded: Bool
}

extension ColumnReader {
    fileprivate mutating func nextOutputLog() throws -> OutputLog {
        OutputLog(
            tenant: try next(), run: try next(), position: try next(), attempt: try next(), begin: try next(), end: try next(),
            hasEnded: try next())
    }
}

extension Database {
    /// nil when the lease is stale.
    fileprivate func outputLog(under lease: Lease) throws -> OutputLog? {
        try row(
            """
            SELECT a.tenant, a.run, a.position, a.number, a.output_begin, a.output_end, a.ended_at IS NOT NULL
            FROM runs AS r
            CROSS JOIN tasks AS k ON k.tenant = r.tenant AND k.run = r.number
            CROSS JOIN attempts AS a ON a.tenant = k.tenant AND a.run = k.run AND a.position = k.position AND a.number = k.attempt
            WHERE r.tenant = (SELECT number FROM tenants WHERE name = ?) AND r.id = ? AND k.id = ? AND k.token = ?
                AND k.worker IS NOT NULL
            """, lease.tenant.name, lease.run, lease.task, lease.token
        ) { try $0.nextOutputLog() }
    }

    /// - Parameter attempt: nil for the newest.
    fileprivate func outputLog(of task: TaskID, in run: RunID, tenant: Tenant, attempt: Int?) throws -> OutputLog? {
        try row(
            """
            SELECT a.tenant, a.run, a.position, a.number, a.output_begin, a.output_end, a.ended_at IS NOT NULL
            FROM runs AS r
            CROSS JOIN tasks AS k ON k.tenant = r.tenant AND k.run = r.number
            CROSS JOIN attempts AS a ON a.tenant = k.tenant AND a.run = k.run AND a.position = k.position
                AND a.number = ifnull(?, k.attempt)
            WHERE r.tenant = (SELECT number FROM tenants WHERE name = ?) AND r.id = ? AND k.id = ?
            """, attempt, tenant.name, run, task
        ) { try $0.nextOutputLog() }
    }

    /// Whole chunks are dropped once they are out of reach; what is out of reach of one that is not stays, unseen, until
    /// the rest of it is too. So an append never rewrites what is kept.
    fileprivate func append(_ chunk: OutputChunk, to log: OutputLog, keepingLast limit: Int) throws {
        // What is there already comes again when the answer to an append was lost.
        let known = max(0, log.end - chunk.offset)
        let end = chunk.offset + chunk.bytes.count
        guard known < chunk.bytes.count else { return }
        let begin = max(log.begin, end - limit)
        let dropped = max(known, begin - chunk.offset)
        if dropped < chunk.bytes.count {
            try change(
                """
                INSERT INTO output_chunks (tenant, run, position, attempt, from_byte, to_byte, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                log.tenant, log.run, log.position, log.attempt, chunk.offset + dropped, end, Array(chunk.bytes.dropFirst(dropped)))
        }
        if begin > log.begin {
            try change(
                """
                DELETE FROM output_chunks
                WHERE tenant = ? AND run = ? AND position = ? AND attempt = ? AND from_byte < ? AND to_byte <= ?
                """, log.tenant, log.run, log.position, log.attempt, begin, begin)
        }
        try change(
            """
            UPDATE attempts SET output_begin = ?, output_end = ? WHERE tenant = ? AND run = ? AND position = ? AND number = ?
            """, begin, end, log.tenant, log.run, log.position, log.attempt)
    }

    fileprivate func slice(of log: OutputLog, from offset: Int, limit: Int) throws -> OutputSlice {
        var slice = OutputSlice(attempt: log.attempt, offset: offset, bytes: [], isLast: false)
        let wanted = max(offset, log.begin)
        var next = try chunk(of: log, at: wanted)
        if let first = next { slice.offset = max(wanted, first.offset) }
        while let chunk = next, slice.bytes.count < limit {
            let reached = slice.offset + slice.bytes.count
            guard chunk.offset <= reached else { break }
            slice.bytes += chunk.bytes.dropFirst(reached - chunk.offset).prefix(limit - slice.bytes.count)
            next = try self.chunk(of: log, at: chunk.offset + chunk.bytes.count)
        }
        slice.isLast = log.hasEnded && slice.offset + slice.bytes.count >= log.end
        return slice
    }

    /// The chunk that holds that byte, or the next one after it.
    private func chunk(of log: OutputLog, at byte: Int) throws -> OutputChunk? {
        try row(
            """
            SELECT from_byte, bytes FROM output_chunks
            WHERE tenant = ?1 AND run = ?2 AND position = ?3 AND attempt = ?4 AND to_byte > ?5
                AND from_byte >= ifnull((
                    SELECT max(from_byte) FROM output_chunks
                    WHERE tenant = ?1 AND run = ?2 AND position = ?3 AND attempt = ?4 AND from_byte <= ?5), 0)
            ORDER BY from_byte LIMIT 1
            """, log.tenant, log.run, log.position, log.attempt, byte
        ) { OutputChunk(offset: try $0.next(), bytes: try $0.next()) }
    }
}
