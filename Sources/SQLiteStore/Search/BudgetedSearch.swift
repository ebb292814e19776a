import StoreCore
import WorkflowModel

/// A search for the runs of a filter, within a budget: reads the runs of walks in their order, and checks the conditions that the
/// walks do not fulfil.
///
/// No statement has a limit or a condition beside the walks' own: it would read on to the next match, however far that is. So
/// every run that is read is counted.
struct BudgetedSearch {
    private let database: DatabaseConnection
    private let walks: RunWalks
    private let words: RunWords
    private let weight: Int
    private var meter: SearchMeter
    private var last: RunCursor?
    /// The place behind the last run that was read, when the budget was used up before the search was complete.
    private(set) var stop: RunCursor?

    init(_ walks: RunWalks, within budget: SearchBudget, time: any TimeSource, database: DatabaseConnection) {
        self.database = database
        self.walks = walks
        words = walks.filter.filter.words
        weight = words.weight
        meter = SearchMeter(budget, time: time)
    }

    /// Calls the body with each match, until it returns false.
    /// - Parameters:
    ///   - columns: of `runs AS r`, for the body.
    ///   - body: receives the value of the order, and the columns.
    mutating func forEachMatch(_ columns: String, _ body: (Int64, inout ColumnReader) throws -> Bool) throws {
        let (database, walks) = (database, walks)
        try database.database.yieldingProcessor {
            var prepared: (text: String, statement: PreparedStatement)?
            try walks.eachRange(in: database) { range in
                let search = SearchStatement(walks, range, columns)
                let statement =
                    try prepared.flatMap { $0.text == search.text ? $0.statement : nil } ?? database.prepared(once: search.text)
                prepared = (search.text, statement)
                var goesOn = true
                try statement.forEachRow(list: search.values) { row in
                    guard meter.takes() else {
                        (stop, goesOn) = (last, false)
                        return false
                    }
                    if let value = try match(&row) { goesOn = try body(value, &row) }
                    return goesOn
                }
                return goesOn
            }
        }
    }

    /// - Returns: the value that a matching run is sorted by, with the columns of the body before the reader; nil for another run.
    private mutating func match(_ row: inout ColumnReader) throws -> Int64? {
        let matches = try row.next(Bool.self)
        let isPlace = meter.isAtStep
        guard matches || isPlace else { return nil }
        let value = try row.next(Int64.self)
        let id = try row.next(RunID.self)
        if isPlace { last = RunCursor(key: walks.reading.key, value: value, id: id) }
        guard matches else { return nil }
        guard !words.isEmpty else { return value }
        let (name, configuration, message) = (try row.next(String.self), try row.next(String?.self), try row.next(String?.self))
        let parameters = try row.next(RunParameters.self)
        let searched = parameters.searchedTexts.reduce(0) { $0 + $1.utf8.count }
        meter.add(texts: (name.utf8.count + (message?.utf8.count ?? 0) + searched) * weight)
        if meter.isAtStep { last = RunCursor(key: walks.reading.key, value: value, id: id) }
        let matchesWords = words.matches(
            name: name, id: id.rawValue, configuration: configuration, message: message, parameters: parameters)
        return matchesWords ? value : nil
    }
}

/// The statement of a search: whether a run matches all conditions but the words, its place, and the texts that the words are looked
/// for in.
struct SearchStatement {
    let text: String
    let values: [any SQLValue]

    init(_ walks: RunWalks, _ range: SortRange? = nil, _ columns: String = "") {
        var bindings = SQLBindings()
        let conditions = RunConditions(walks.filter, beside: walks.fulfilled, in: &bindings).sql
        var selected: [String] = []
        if !walks.filter.filter.words.isEmpty {
            // A message may be many pages long: it is read only where it decides.
            selected += ["r.name", RunColumns.configuration, "iif(\(conditions), r.error_message, NULL)"]
            selected.append("iif(\(conditions), r.parameters, NULL)")
        }
        if !columns.isEmpty { selected.append(columns) }
        text = walks.statement(range, in: &bindings) { table in
            let (value, id) = table.columns(by: walks.reading.key)
            let place = ["\(conditions) AS matches", "\(value) AS \(walks.reading.key.column)", "\(id) AS id"]
            return (place + selected).joined(separator: ", ")
        }
        values = bindings.values
    }
}
