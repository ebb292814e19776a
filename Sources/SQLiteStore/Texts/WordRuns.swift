import StoreCore
import WorkflowModel

/// How the filed runs that have a word are read, in the states of a filter.
struct WordRuns {
    private(set) var keys: [WalkKey] = []
    private(set) var listed: Set<Int> = []
    private(set) var runs: Int64 = 0

    /// nil when the indexes do not know the word, or too many runs may have it, or too many of one millisecond.
    /// - Parameter walks: how many there may be.
    init?(_ word: SearchWord, _ filter: NumberedFilter, walks: Int, in database: DatabaseConnection) throws {
        guard let found = try FoundWord(word, in: filter.tenant, database) else { return nil }
        for text in found.texts {
            let counts = try database.keptCounts(of: .subject(text), in: filter)
            keys += filter.states.filter { counts[$0] > 0 }.map { .filed(subject: text, $0) }
            runs += counts.wrappedSum()
            if try database.isCrowded(text, runs: counts.wrappedSum()) { return nil }
        }
        if keys.count > walks {
            guard runs <= WordLimits.listed else { return nil }
            for case .filed(let text, let state) in keys {
                listed.formUnion(try database.marked(text, state, filter.filter.created))
            }
            keys = []
        }
        listed.formUnion(found.ids)
        runs += Int64(found.ids.count)
    }
}

enum WordRunStatement {
    static let marked = """
        SELECT run FROM run_marks WHERE subject = ? AND state = ? AND created_at >= ? AND created_at < ?
        """
}

extension DatabaseConnection {
    fileprivate func marked(_ subject: Int, _ state: RunState, _ window: TimeWindow?) throws -> [Int] {
        let range = SortRange(window)
        return try rows(WordRunStatement.marked, subject, state, range.from ?? .min, range.to ?? .max) { try $0.next() }
    }
}
