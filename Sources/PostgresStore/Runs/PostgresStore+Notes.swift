import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func addNote(_ note: RunNote, to run: RunID, of tenant: Tenant) async throws -> NoteOutcome {
        try await write { (database, attempt: inout WriteAttempt<NoteOutcome>) in
            guard let number = try database.number(of: tenant), let found = try database.lockedRun(run, of: number) else {
                return .noSuchRun
            }
            let notes = try database.notes(on: [run], of: number).map(\.note)
            // An earlier try, whose answer was lost, has written it.
            if attempt.former == .written, notes.last == note { return .written }
            guard notes.count < RunNote.most else { return .tooMany }
            try database.insert([PlacedNote(run: found.key, number: notes.count + 1, note: note)])
            try database.record(.runNoted, AuditObject(run.rawValue, name: found.name), of: tenant, numbered: number)
            return .written
        }
    }

    public func notes(on runs: [RunID], of tenant: Tenant) async throws -> [RunID: [RunNote]] {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant), !runs.isEmpty else { return [:] }
            return Dictionary(grouping: try database.notes(on: runs, of: number), by: \.run).mapValues { $0.map(\.note) }
        }
    }

    public func noteCounts(on runs: [RunID], of tenant: Tenant) async throws -> [RunID: Int] {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant), !runs.isEmpty else { return [:] }
            let counts = try database.rows(NoteStatement.counts, number, Column(runs)) {
                (try $0.next(RunID.self), try $0.next(Int.self))
            }
            return Dictionary(counts, uniquingKeysWith: { first, _ in first })
        }
    }
}

/// A note with its place.
struct PlacedNote {
    var run: RunKey
    var number: Int
    var note: RunNote
}

enum NoteStatement {
    /// Writers of notes on one run follow each other, and retention waits for them.
    static let run = """
        SELECT created_at, name FROM runs WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4 FOR NO KEY UPDATE
        """
    static let list = """
        SELECT c.run, n.* FROM unnest($2) AS c (run)
        CROSS JOIN LATERAL (
            SELECT p.id, p.name, p.email, m.written_at, m.text FROM run_notes AS m JOIN principals AS p ON p.number = m.written_by
            WHERE m.tenant = $1 AND m.run = c.run ORDER BY m.number) AS n
        """
    static let counts = """
        SELECT c.run, n.notes FROM unnest($2) AS c (run)
        CROSS JOIN LATERAL (SELECT count(*) AS notes FROM run_notes WHERE tenant = $1 AND run = c.run) AS n
        WHERE n.notes > 0
        """
}

extension PostgresConnection {
    func lockedRun(_ run: RunID, of tenant: Int) throws -> (key: RunKey, name: String)? {
        try findRun(run, of: tenant) { from, to in
            try row(NoteStatement.run, tenant, run, from, to) {
                (key: RunKey(tenant: tenant, id: run, createdAt: try $0.next()), name: try $0.next(String.self))
            }
        }
    }

    func notes(on runs: [RunID], of tenant: Int) throws -> [(run: RunID, note: RunNote)] {
        try rows(NoteStatement.list, tenant, Column(runs)) { (run: try $0.next(RunID.self), note: try $0.nextNote()) }
    }

    func insert(_ notes: [PlacedNote]) throws {
        guard !notes.isEmpty else { return }
        _ = try execute(
            """
            INSERT INTO run_notes (tenant, run, run_created_at, number, written_at, written_by, text)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                Column(notes.map(\.run.tenant)), Column(notes.map(\.run.id)), Column(notes.map(\.run.createdAt)),
                Column(notes.map(\.number)), Column(notes.map(\.note.writtenAt)),
                Column(try notes.map { try findOrCreate($0.note.writtenBy, in: $0.run.tenant) }), Column(notes.map(\.note.text)),
            ])
    }
}
