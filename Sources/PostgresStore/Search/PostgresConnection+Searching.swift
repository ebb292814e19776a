import StoreCore
import WorkflowModel

extension PostgresConnection {
    /// Searches for runs, step by step.
    /// - Returns: as many runs as asked for at most; and the place up to which the budget lasted, nil when the search is complete or
    ///   has found that many.
    func runs(
        of search: inout StoreSearch, limit: Int, _ steps: inout SearchSteps
    ) throws -> (found: [ListedRun], stop: RunCursor?) {
        var candidates = CandidateCount(weight: search.filter.words.weight)
        var found: [ListedRun] = []
        while true {
            let most = search.checksWords ? candidates.most : limit - found.count
            let size = steps.next()
            let statement = SearchStatement(search, reading: size, returning: most, RunColumns.list)
            let rows = try self.rows(statement.sql, values: statement.values) { try $0.nextSearchedRow { try $0.nextListedRun() } }
            for row in rows {
                guard let run = row.match, search.filter.words.matches(run) else { continue }
                found.append(run)
                if found.count == limit { return (found, nil) }
            }
            guard let last = rows.last?.place, last.runs == size || rows.count == most else { return (found, nil) }
            search.advance(to: last)
            steps.end(reading: last.runs)
            if steps.isUsedUp { return (found, search.range.cursor) }
            if search.checksWords { candidates.change(after: rows.reduce(0) { $0 + ($1.match?.wordBytes ?? 0) }) }
        }
    }

    /// Counts the runs of a search, step by step.
    /// - Parameters:
    ///   - expressions: what runs are counted by.
    ///   - decode: reads the values of the expressions.
    ///   - add: receives numbers of runs that have the same values. The same values may come again.
    /// - Returns: whether the budget was enough for all runs.
    func count<Values>(
        _ search: inout StoreSearch, by expressions: [String] = [], _ steps: SearchSteps,
        decode: (inout ColumnReader) throws -> Values, add: (Values, Int) throws -> Void
    ) throws -> Bool {
        var steps = steps
        var candidates = CandidateCount(weight: search.filter.words.weight)
        while true {
            let size = steps.next()
            let last =
                try search.checksWords
                ? countWords(of: search, reading: size, &candidates, by: expressions, decode, add)
                : countRows(of: search, reading: size, by: expressions, decode, add)
            guard let last else { return true }
            search.advance(to: last)
            steps.end(reading: last.runs)
            if steps.isUsedUp { return false }
        }
    }

    /// - Returns: where the step ended; nil when nothing is left.
    private func countRows<Values>(
        of search: StoreSearch, reading size: Int, by expressions: [String],
        _ decode: (inout ColumnReader) throws -> Values, _ add: (Values, Int) throws -> Void
    ) throws -> SearchPlace? {
        let statement = SearchStatement(search, reading: size, by: expressions)
        var last: SearchPlace?
        _ = try rows(statement.sql, values: statement.values) { columns in
            let number = try columns.next(Int.self)
            if let value = try columns.next(Int64?.self) {
                last = SearchPlace(runs: number, value: value, id: try columns.next())
            } else {
                columns.skip()
                try add(try decode(&columns), number)
            }
        }
        return last
    }

    private func countWords<Values>(
        of search: StoreSearch, reading size: Int, _ candidates: inout CandidateCount, by expressions: [String],
        _ decode: (inout ColumnReader) throws -> Values, _ add: (Values, Int) throws -> Void
    ) throws -> SearchPlace? {
        let columns = ["name", RunColumns.configuration, "error_message", "parameters"] + expressions
        let most = candidates.most
        let statement = SearchStatement(search, reading: size, returning: most, columns.joined(separator: ", "))
        let words = search.filter.words
        var bytes = 0
        let found = try rows(statement.sql, values: statement.values) { columns in
            let row = try columns.nextSearchedRow { columns in
                let texts = (name: try columns.next(String.self), configuration: try columns.next(String?.self))
                return (
                    texts, message: try columns.next(String?.self), parameters: try columns.next(RunParameters.self),
                    values: try decode(&columns)
                )
            }
            guard let (texts, message, parameters, values) = row.match else { return row.place }
            bytes += texts.name.utf8.count + (message?.utf8.count ?? 0)
            let id = row.place.id.rawValue
            let isMatch = words.matches(
                name: texts.name, id: id, configuration: texts.configuration, message: message, parameters: parameters)
            if isMatch { try add(values, 1) }
            return row.place
        }
        candidates.change(after: bytes)
        guard let last = found.last, last.runs == size || found.count == most else { return nil }
        return last
    }
}

/// How many runs a statement returns whose words Swift has to check: fewer where texts are long.
struct CandidateCount {
    /// Texts of one statement that are soon read.
    static let bytes = 1 << 20
    static let counts = 4...1_024

    private(set) var most: Int
    private let weight: Int

    /// - Parameter weight: of the words; see ``RunWords/weight``.
    init(weight: Int = 1) {
        self.weight = max(weight, 1)
        most = max(64 / self.weight, Self.counts.lowerBound)
    }

    /// - Parameter bytes: of the texts that the statement before has returned.
    mutating func change(after bytes: Int) {
        most = bytes * weight < Self.bytes ? min(most * 2, Self.counts.upperBound) : max(most / 4, Self.counts.lowerBound)
    }
}

extension ListedRun {
    fileprivate var wordBytes: Int { name.utf8.count + (error?.message.utf8.count ?? 0) }
}

extension RunWords {
    fileprivate func matches(_ run: ListedRun) -> Bool {
        matches(
            name: run.name, id: run.id.rawValue, configuration: run.origin.configuration, message: run.error?.message,
            parameters: run.origin.parameters)
    }
}

/// A row of ``SearchStatement``: a run that matches, the last one that was read, or both.
private struct SearchedRow<Content> {
    var place: SearchPlace
    /// nil where the run does not match, or has been deleted.
    var match: Content?
}

extension ColumnReader {
    fileprivate mutating func nextSearchedRow<Content>(
        _ decode: (inout ColumnReader) throws -> Content
    ) throws -> SearchedRow<Content> {
        let place = SearchPlace(runs: try next(), value: try next(), id: try next())
        let matches = try next(Bool?.self) ?? false
        return SearchedRow(place: place, match: matches ? try decode(&self) : nil)
    }
}
