import StoreCore
import WorkflowModel

/// A word in the runs of a tenant.
struct PlacedWord: Hashable {
    var tenant: Int
    var word: SearchWord
}

/// The filed runs of a tenant that have a word.
struct FoundWord {
    /// The subjects of the texts that have it.
    let texts: [Int]
    /// Runs that have it in their id alone.
    let ids: [FoundID]
}

/// A filed run whose id has a word.
struct FoundID {
    /// The subject of its texts.
    var text: Int
    var state: RunState
    var createdAt: Timestamp
    var id: RunID
    var endedAt: Timestamp?

    func isIn(_ filter: RunFilter) -> Bool {
        filter.possibleStates.contains(state) && filter.created?.contains(createdAt) ?? true
            && filter.ended.map { window in endedAt.map(window.contains) ?? false } ?? true
    }
}

enum WordStatement {
    /// A written word occurs in a written text only where the word occurs in the text: nothing is left to check.
    static let texts = "SELECT subject FROM subject_texts WHERE form LIKE $1 LIMIT $2"
    /// Of one tenant. A subquery reads each subject, so that the server cannot begin with the subjects of the tenant.
    static let ids = """
        SELECT m.subject, m.state, m.run_created_at, m.run, m.run_ended_at FROM run_marks AS m
        WHERE m.indexed_id IS NOT NULL AND m.indexed_id LIKE ANY ($1)
            AND (SELECT s.tenant FROM run_subjects AS s WHERE s.number = m.subject) = $2
        LIMIT $3
        """
    /// The filed runs of subjects by state and stretch of time, from the days of their creation.
    static let counts = """
        SELECT d.subject, d.state, \(MarkStretches.begin(of: "d.day")), sum(d.runs)::bigint FROM subject_days AS d
        WHERE d.subject = ANY ($1) AND d.state = ANY ($2) AND d.day >= $3 AND d.day < $4
        GROUP BY 1, 2, 3 HAVING sum(d.runs) > 0
        """
}

extension PostgresConnection {
    /// nil when the indexes do not know the word, too many runs may have it, or looking it up takes too long.
    func found(_ word: SearchWord, in tenant: Int) throws -> FoundWord? {
        let placed = PlacedWord(tenant: tenant, word: word)
        if let known = foundWords[placed] { return known }
        guard let indexed = word.indexed, let parts = word.partsOfIDs, try hasTextIndexes() else { return nil }
        let found = try lookingUp { try look(for: word, indexed, parts, in: tenant) } ?? nil
        if isInTransaction { foundWords[placed] = .some(found) }
        return found
    }

    private func look(for word: SearchWord, _ indexed: String, _ parts: [String], in tenant: Int) throws -> FoundWord? {
        let texts = try rows(
            WordStatement.texts, TrigramText.pattern(ofTextsWith: indexed, in: tenant), WordLimits.texts + 1
        ) { try $0.next(Int.self) }
        guard texts.count <= WordLimits.texts else { return nil }
        let patterns = Column(parts.map { TrigramText.pattern(ofIDsWith: $0) })
        let ids = try rows(WordStatement.ids, patterns, tenant, WordLimits.ids + 1) {
            FoundID(
                text: try $0.next(), state: try $0.next(), createdAt: try $0.next(), id: try $0.next(), endedAt: try $0.next())
        }
        guard ids.count <= WordLimits.ids else { return nil }
        let known = Set(texts)
        return FoundWord(texts: texts, ids: ids.filter { word.occurs(in: $0.id.rawValue) && !known.contains($0.text) })
    }

    /// Looks something up within ``lookUpTime`` for each statement. Indexes of trigrams are read as bitmaps, which the server does not
    /// do for other statements.
    /// - Returns: nil when a statement takes too long.
    func lookingUp<Value>(_ body: () throws -> Value) throws -> Value? {
        guard isInTransaction else { return try readingOneState { try lookingUp(body) } }
        // A rollback would take it back.
        try setPlanCacheMode()
        try control(
            """
            SAVEPOINT look_up; SET LOCAL statement_timeout = \(max(1, lookUpTime.milliseconds)); SET LOCAL enable_bitmapscan = on
            """)
        var value: Value?
        do {
            value = try body()
        } catch let failure as PostgresFailure where failure.isRefusal(.queryCanceled) {}
        try control("ROLLBACK TO SAVEPOINT look_up; RELEASE SAVEPOINT look_up")
        return value
    }
}
