import StoreCore
import WorkflowModel

/// Runs that a statement reads by their numbers, because no index has them in the order of the list. They are few, and SQLite sorts
/// them.
struct ListedRuns {
    /// Filed runs in a window on runtimes that a list by creation sorts, at most. Reading and sorting so many takes some
    /// milliseconds.
    static let mostRuntimes = 2_000
    static let none = ListedRuns()

    /// With the values that the list sorts them by.
    private var runs: [(number: Int, value: Int64)] = []

    /// The runs at rest that are not filed, in the states of a filter.
    mutating func addUnfiled(of filter: NumberedFilter, by order: RunSortKey, in database: DatabaseConnection) throws {
        try add(try database.prepared(ListedStatement.unfiled(by: order)), [filter.tenant], filter.states)
    }

    /// The filed runs in the filter's window on runtimes, in its states, by creation.
    mutating func addRuntimes(of filter: NumberedFilter, in database: DatabaseConnection) throws {
        let values = ListedStatement.values(filter)
        try add(try database.prepared(ListedStatement.runtimes), values, filter.states)
    }

    /// Filed runs that were found in an index of texts, in the states and the window of a filter, by creation.
    mutating func add(_ numbers: Set<Int>, of filter: NumberedFilter, in database: DatabaseConnection) throws {
        let range = SortRange(filter.filter.created)
        let statement = try database.prepared(ListedStatement.filed)
        for number in numbers.sorted() {
            let found = try statement.rows(number, filter.tenant, atMost: 1) { row in
                (value: try row.next(Int64.self), state: try row.next(RunState.self))
            }
            guard let run = found.first, filter.states.contains(run.state), range.contains(run.value) else { continue }
            runs.append((number, run.value))
        }
    }

    private mutating func add(_ statement: PreparedStatement, _ values: [any SQLValue], _ states: [RunState]) throws {
        let found = try statement.rows(list: values) { row in
            (number: try row.next(Int.self), value: try row.next(Int64.self), state: try row.next(RunState.self))
        }
        runs += found.filter { states.contains($0.state) }.map { ($0.number, $0.value) }
    }

    /// The numbers of those in a part of the order.
    func numbers(in range: SortRange) -> [Int] {
        runs.filter { range.contains($0.value) }.map(\.number)
    }
}

enum ListedStatement {
    /// The rows of runs by their numbers.
    static let tables = "runs AS r NOT INDEXED"

    /// One run, if it is at rest and does not wait to be filed.
    static let filed = """
        SELECT r.created_at, r.state FROM runs AS r
        WHERE r.number = ? AND r.tenant = ? AND \(FiledRunStatement.isAtRest)
            AND NOT EXISTS (SELECT 1 FROM unfiled_runs WHERE run = r.number)
        """

    static func unfiled(by order: RunSortKey) -> String {
        """
        SELECT u.run, r.\(order.column), r.state
        FROM unfiled_runs AS u CROSS JOIN runs AS r ON r.number = u.run
        WHERE r.tenant = ? AND r.\(order.column) IS NOT NULL
        """
    }

    private static let isInWindow = "f.tenant = ? AND f.runtime_ms >= ? AND f.runtime_ms < ?"
    static let runtimes = """
        SELECT f.run, r.created_at, r.state
        FROM run_durations AS f CROSS JOIN runs AS r ON r.number = f.run
        WHERE \(isInWindow)
        """
    static let moreRuntimes = "SELECT 1 FROM run_durations AS f WHERE \(isInWindow) LIMIT 1 OFFSET \(ListedRuns.mostRuntimes)"

    /// The values of the window on runtimes.
    fileprivate static func values(_ filter: NumberedFilter) -> [any SQLValue] {
        let range = SortRange(filter.filter.runtime)
        return [filter.tenant, range.from ?? .min, range.to ?? .max]
    }
}

extension DatabaseConnection {
    /// Whether the filter has a window on runtimes that few filed runs are in.
    func hasFewRuntimes(_ filter: NumberedFilter) throws -> Bool {
        guard filter.filter.runtime != nil else { return false }
        let more = try prepared(ListedStatement.moreRuntimes).rows(list: ListedStatement.values(filter)) { try $0.next(Int.self) }
        return more.isEmpty
    }
}
