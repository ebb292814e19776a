import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func addNote(_ note: RunNote, to run: RunID, of tenant: Tenant) async throws -> NoteOutcome {
        try await write { database in
            guard let number = try database.number(of: tenant),
                let found = try database.row(
                    NoteStatement.run, number, run, decode: { (try $0.next(Int.self), try $0.next(String.self)) })
            else { return .noSuchRun }
            let count = try database.row(NoteStatement.count, number, found.0) { try $0.next(Int.self) } ?? 0
            guard count < RunNote.most else { return .tooMany }
            try database.insert([note], after: count, run: found.0, tenant: number)
            try database.record(.runNoted, AuditObject(run.rawValue, name: found.1), of: tenant, numbered: number)
            return .written
        }
    }

    public func notes(on runs: [RunID], of tenant: Tenant) async throws -> [RunID: [RunNote]] {
        try await read { database in
            guard let number = try database.number(of: tenant), try database.hasNotes(number) else { return [:] }
            var notes: [RunID: [RunNote]] = [:]
            for run in runs {
                let found = try database.notes(on: run, of: number)
                if !found.isEmpty { notes[run] = found }
            }
            return notes
        }
    }

    public func noteCounts(on runs: [RunID], of tenant: Tenant) async throws -> [RunID: Int] {
        try await read { database in
            guard let number = try database.number(of: tenant), try database.hasNotes(number) else { return [:] }
            let statement = try database.prepared(NoteStatement.countOfRun)
            var counts: [RunID: Int] = [:]
            for run in runs {
                let count = try statement.rows(number, run) { try $0.next(Int.self) }.first ?? 0
                if count > 0 { counts[run] = count }
            }
            return counts
        }
    }
}

enum NoteStatement {
    static let run = "SELECT number, name FROM runs INDEXED BY runs_id WHERE tenant = ? AND id = ?"
    static let count = "SELECT count(*) FROM run_notes WHERE tenant = ? AND run = ?"
    static let any = "SELECT 1 FROM run_notes WHERE tenant = ? LIMIT 1"
    static let list = """
        SELECT p.id, p.name, p.email, n.written_at, n.text FROM runs AS r INDEXED BY runs_id
        CROSS JOIN run_notes AS n ON n.tenant = r.tenant AND n.run = r.number
        CROSS JOIN principals AS p ON p.number = n.written_by
        WHERE r.tenant = ? AND r.id = ? ORDER BY n.number
        """
    static let countOfRun = """
        SELECT count(*) FROM runs AS r INDEXED BY runs_id
        CROSS JOIN run_notes AS n ON n.tenant = r.tenant AND n.run = r.number
        WHERE r.tenant = ? AND r.id = ?
        """
    static let insert = """
        INSERT INTO run_notes (tenant, run, number, written_at, written_by, text) VALUES (?, ?, ?, ?, ?, ?)
        """
    static let delete = "DELETE FROM run_notes WHERE tenant = ? AND run = ?"
}

extension DatabaseConnection {
    /// Most tenants have none, which is found by one look for all runs of a page.
    fileprivate func hasNotes(_ tenant: Int) throws -> Bool {
        try row(NoteStatement.any, tenant) { _ in true } ?? false
    }

    func notes(on run: RunID, of tenant: Int) throws -> [RunNote] {
        try rows(NoteStatement.list, tenant, run) { try $0.nextNote() }
    }

    /// - Parameter count: the notes that the run has.
    func insert(_ notes: [RunNote], after count: Int = 0, run: Int, tenant: Int) throws {
        for (place, note) in notes.enumerated() {
            try change(
                NoteStatement.insert, tenant, run, count + place + 1, note.writtenAt,
                try findOrCreate(note.writtenBy, in: tenant), note.text)
        }
    }
}
