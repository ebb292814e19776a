import StoreCore
import WorkflowModel

/// The indexes of trigrams: of the texts of subjects, and of the ids of filed runs.
///
/// A row is deleted with the text that it was written with. Deleting one that is not there would spoil an index.
enum TextStatement {
    static let insertText = "INSERT INTO subject_texts (rowid, text) VALUES (?, ?)"
    static let deleteText = "INSERT INTO subject_texts (subject_texts, rowid, text) VALUES ('delete', ?, ?)"
    static let subjects = "SELECT rowid FROM subject_texts WHERE subject_texts MATCH ? LIMIT ?"
    static let hasText = "SELECT 1 FROM subject_texts WHERE subject_texts MATCH ? AND rowid = ?"

    static let insertID = "INSERT INTO run_ids (rowid, id) VALUES (?, ?)"
    static let deleteID = "INSERT INTO run_ids (run_ids, rowid, id) VALUES ('delete', ?, ?)"
    static let runs = "SELECT rowid FROM run_ids WHERE run_ids MATCH ? LIMIT ?"
    static let hasID = "SELECT 1 FROM run_ids WHERE run_ids MATCH ? AND rowid = ?"

    static let deleteAll = [
        "INSERT INTO subject_texts (subject_texts) VALUES ('delete-all')", "INSERT INTO run_ids (run_ids) VALUES ('delete-all')",
    ]
}

extension DatabaseConnection {
    func index(_ text: RunText, of subject: Int, in tenant: Int) throws {
        try change(TextStatement.insertText, subject, TenantMark.of(tenant) + text.indexed)
    }

    func removeIndexed(_ text: RunText, of subject: Int, in tenant: Int) throws {
        try change(TextStatement.deleteText, subject, TenantMark.of(tenant) + text.indexed)
    }

    func index(_ run: FiledRun) throws {
        try change(TextStatement.insertID, run.number, IndexedText.form(of: run.id))
    }

    func removeIndexed(_ run: FiledRun) throws {
        try change(TextStatement.deleteID, run.number, IndexedText.form(of: run.id))
    }

    /// The numbers of the subjects of a tenant whose texts have all of some trigrams.
    /// - Parameter common: rows that have a trigram that is common.
    /// - Returns: as many as the limit at most; nil when all trigrams are common.
    func subjects(with trigrams: [String], in tenant: Int, limit: Int, common: Int = WordLimits.common) throws -> [Int]? {
        guard let way = try ways([trigrams], in: TextStatement.subjects, common: common)?.first else { return nil }
        guard !way.isEmpty else { return [] }
        return try rows(TextStatement.subjects, Self.query([[TenantMark.of(tenant)] + way]), limit) { try $0.next() }
    }

    /// The numbers of runs whose ids have all trigrams of any of some ways, also those of other tenants.
    /// - Parameter common: rows that have a trigram that is common.
    /// - Returns: as many as the limit at most; nil when all trigrams of a way are common.
    func runs(withTrigramsOf ways: [[String]], limit: Int, common: Int = WordLimits.common) throws -> [Int]? {
        guard let ways = try self.ways(ways, in: TextStatement.runs, common: common)?.filter({ !$0.isEmpty }) else { return nil }
        return ways.isEmpty ? [] : try rows(TextStatement.runs, Self.query(ways), limit) { try $0.next() }
    }

    /// The ways with their trigrams, and an empty one for a way that no row has; nil when all trigrams of a way are common. FTS5 would
    /// compare the rows of all of them, however many, and cannot be interrupted.
    private func ways(_ ways: [[String]], in statement: String, common: Int) throws -> [[String]]? {
        var found: [[String]] = []
        for way in ways {
            var rarest = Int.max
            for trigram in way where rarest > common {
                rarest = try rows(statement, Self.query([[trigram]]), common + 1) { try $0.next(Int.self) }.count
            }
            guard rarest <= common else { return nil }
            found.append(rarest == 0 ? [] : way)
        }
        return found
    }

    /// Whether a text is found by its own trigrams. A short text has none.
    func isIndexed(_ text: RunText, of subject: Int, in tenant: Int) throws -> Bool {
        try isFound(TextStatement.hasText, TenantMark.of(tenant) + text.indexed, subject)
    }

    func isIndexed(_ run: FiledRun) throws -> Bool {
        try isFound(TextStatement.hasID, IndexedText.form(of: run.id), run.number)
    }

    private func isFound(_ statement: String, _ text: String, _ number: Int) throws -> Bool {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count >= 3 else { return true }
        var last = String.UnicodeScalarView()
        last.append(contentsOf: scalars.suffix(3))
        return try row(statement, Self.query([[String(last)]]), number) { _ in true } ?? false
    }

    /// An expression of FTS5: a trigram in quotes is a token, and a quote in it stands twice.
    private static func query(_ ways: [[String]]) -> String {
        ways.map { trigrams in
            "(" + trigrams.map { #"""# + $0.replacing(#"""#, with: #""""#) + #"""# }.joined(separator: " AND ") + ")"
        }.joined(separator: " OR ")
    }
}

/// The trigram that the texts of a tenant begin with, of scalars that no indexed text has.
private enum TenantMark {
    private static let first: UInt32 = 0xE000
    private static let bits = 12

    static func of(_ tenant: Int) -> String {
        let mask = (1 << bits) - 1
        let digits = [tenant & mask, (tenant >> bits) & mask, (tenant >> (2 * bits)) & mask]
        var mark = String.UnicodeScalarView()
        mark.append(contentsOf: digits.compactMap { Unicode.Scalar(first + UInt32($0)) })
        return String(mark)
    }
}
