import StoreCore
import WorkflowModel

/// The part of an order that is still to be read, in milliseconds.
struct WalkRange: Hashable {
    let key: RunSortKey
    let direction: RunSort.Direction
    /// Included.
    private(set) var from: Int64
    /// Excluded.
    private(set) var to: Int64
    /// The list continues behind this value and id.
    private(set) var value: Int64
    private(set) var id: RunID

    /// - Parameter cursor: where the list continues; nil for its beginning.
    init(of filter: RunFilter, by sort: RunSort, after cursor: RunCursor? = nil) {
        key = sort.key
        direction = sort.direction
        let window = filter.window(of: sort.key)
        (from, to) = (window.from ?? .min, window.to ?? .max)
        value = direction == .descending ? .max : .min
        id = RunID(rawValue: "")
        if let cursor { advance(to: cursor) }
    }

    mutating func advance(to cursor: RunCursor) {
        (value, id) = (cursor.value, cursor.id)
        switch direction {
        case .descending: to = min(to, value < .max ? value + 1 : .max)
        case .ascending: from = max(from, value)
        }
    }

    var cursor: RunCursor { RunCursor(key: key, value: value, id: id) }

    /// Whether the range has a part of a stretch of ``MarkStretches``.
    func meets(stretch begin: Int64) -> Bool { begin < to && begin + MarkStretches.width > from }

    /// The values of ``conditions(first:)``.
    var values: [any SQLValue] { [from, to, value, id] }

    /// - Parameter first: the number of the first of four placeholders.
    func conditions(first: Int, on column: String? = nil, _ id: String = "id") -> String {
        let (column, sign) = (column ?? key.sql, direction == .descending ? "<" : ">")
        return """
            \(column) >= $\(first) AND \(column) < $\(first + 1) AND (\(column), \(id)) \(sign) ($\(first + 2), $\(first + 3))
            """
    }

    func order(by column: String? = nil, id: String = "id") -> String {
        let word = direction == .descending ? "DESC" : "ASC"
        return "ORDER BY \(column ?? key.sql) \(word), \(id) \(word)"
    }
}

extension RunSortKey {
    /// The expression that the indexes of the order have.
    var sql: String {
        switch self {
        case .created: "created_at"
        case .ended: "ended_at"
        case .runtime: "ended_at - created_at"
        }
    }
}

extension RunFilter {
    /// The bounds of the values of an order, in milliseconds.
    func window(of key: RunSortKey) -> (from: Int64?, to: Int64?) {
        switch key {
        case .created: (created?.from?.milliseconds, created?.to?.milliseconds)
        case .ended: (ended?.from?.milliseconds, ended?.to?.milliseconds)
        case .runtime: (runtime?.from?.wholeMilliseconds, runtime?.to?.wholeMilliseconds)
        }
    }
}
