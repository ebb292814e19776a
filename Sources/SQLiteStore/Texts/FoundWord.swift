import StoreCore
import WorkflowModel

/// The filed runs of a tenant that have a word.
struct FoundWord {
    /// The subjects of the texts that have it.
    let texts: [Int]
    /// The numbers of runs that have it in their id alone.
    let ids: [Int]

    /// nil when the indexes do not know the word, or too many runs may have it.
    init?(_ word: SearchWord, in tenant: Int, _ database: DatabaseConnection) throws {
        guard let trigrams = word.trigrams, let trigramsOfIDs = word.trigramsOfIDs else { return nil }
        guard let ids = try database.runs(withTrigramsOf: trigramsOfIDs, limit: WordLimits.ids + 1), ids.count <= WordLimits.ids,
            let texts = try database.subjects(with: trigrams, in: tenant, limit: WordLimits.texts + 1),
            texts.count <= WordLimits.texts
        else { return nil }
        self.texts = try texts.filter { try database.text(of: $0)?.has(word) ?? false }
        self.ids = try ids.filter { try database.hasInIDOnly($0, of: tenant, word) }
    }
}

enum WordStatement {
    private static let texts = "r.name, \(RunColumns.configuration), r.error_message, r.parameters"
    static let text = """
        SELECT \(texts) FROM run_marks AS f CROSS JOIN runs AS r ON r.number = f.run WHERE f.subject = ? LIMIT 1
        """
    static let textAndID = "SELECT r.id, \(texts) FROM runs AS r WHERE r.number = ? AND r.tenant = ?"
}

extension DatabaseConnection {
    /// The texts that the runs of a subject have.
    fileprivate func text(of subject: Int) throws -> RunText? {
        try row(WordStatement.text, subject) { try $0.nextText() }
    }

    fileprivate func hasInIDOnly(_ run: Int, of tenant: Int, _ word: SearchWord) throws -> Bool {
        let found = try row(WordStatement.textAndID, run, tenant) { row in
            (id: try row.next(RunID.self), text: try row.nextText())
        }
        return found.map { word.occurs(in: $0.id.rawValue) && !$0.text.has(word) } ?? false
    }
}

extension ColumnReader {
    fileprivate mutating func nextText() throws -> RunText {
        RunText(name: try next(), configuration: try next(), message: try next(), parameters: try next())
    }
}
