import StoreCore
import WorkflowModel

/// The statement for a page of a list whose walks read matching runs only: those of the documented filters.
///
/// It walks one index from the newest match down, in the order of the answer, or up from a place on the way back. Nothing is
/// sorted, and no row outside the page is read. The index is named, so that a plan that cannot use it is an error.
///
/// A filter with several states or types walks the index once for each. SQLite merges the walks row by row, so that together they
/// read one row more per walk than the page holds.
struct RunListStatement {
    /// Statements with more walks are prepared for each page: there are too many of them to keep.
    static let mostKeptWalks = RunState.allCases.count

    let text: String
    let values: [any SQLValue]
    let isKept: Bool

    /// - Parameter range: the part of the order to read; nil for the filter's window.
    init(_ walks: RunWalks, _ range: SortRange? = nil, limit: Int) {
        var bindings = SQLBindings()
        var conditions = ""
        if walks.reading.key == .created, let ended = walks.filter.filter.ended {
            // The window on the other time is checked row by row, on columns of the index.
            conditions = " AND r.ended_at IS NOT NULL"
            if let from = ended.from { conditions += " AND r.ended_at >= \(bindings.add(from))" }
            if let to = ended.to { conditions += " AND r.ended_at < \(bindings.add(to))" }
        }
        let list = walks.statement(range, where: conditions, in: &bindings) { _ in RunColumns.list }
        text = "\(list) LIMIT \(bindings.add(limit))"
        values = bindings.values
        isKept = walks.keys.count <= Self.mostKeptWalks
    }
}
