import StoreCore
import WorkflowModel

/// The statement for a page of a list whose walks find nothing but its runs.
///
/// It walks one index of each partition from the newest match down, in the order of the answer, or the other way. In lists by
/// creation, partitions follow each other, and those behind the page are not read. In other lists, they are merged.
///
/// A filter with several states, types or workflows walks the index once for each, up to the length of the page, and merges the
/// walks.
struct RunListStatement {
    private(set) var page: String
    private(set) var pageValues: [any SQLValue]

    /// - Parameter query: with ``RunQuery/walkedFilter``.
    init(_ query: RunQuery, _ selection: RunSelection, _ walks: RunWalks) {
        // The limit is $1 and the tenant $2 in every walk.
        pageValues = [query.limit + 1, selection.tenant]
        if walks.walks.count == 1 {
            page = Self.statement(for: walks.walks[0], query, &pageValues)
            return
        }
        var parts: [String] = []
        for walk in walks.walks { parts.append("(\(Self.statement(for: walk, query, &pageValues)))") }
        page = parts.joined(separator: " UNION ALL ") + " " + Self.ending(of: query)
    }

    init(_ query: RunQuery, _ selection: RunSelection) {
        self.init(query, selection, RunWalks(query.filter, by: query.sort.key, selection))
    }

    private static func ending(of query: RunQuery) -> String {
        let direction = query.readingDirection == .descending ? "DESC" : "ASC"
        return "ORDER BY \(query.sort.key.sql) \(direction), id \(direction) LIMIT $1"
    }

    private static func statement(for walk: RunWalk, _ query: RunQuery, _ values: inout [any SQLValue]) -> String {
        let filter = query.filter
        let key = query.sort.key
        var conditions = "tenant = $2"

        func bind(_ value: any SQLValue) -> String {
            values.append(value)
            return "$\(values.count)"
        }
        func add(_ condition: String, _ value: any SQLValue) {
            conditions += " AND \(condition) \(bind(value))"
        }

        conditions += walk.conditions(binding: bind)
        if filter.ended != nil { conditions += " AND ended_at IS NOT NULL" }
        // The window on the other time is checked row by row.
        for other in [RunSortKey.created, .ended] where other != key {
            let window = filter.window(of: other)
            if let from = window.from { add("\(other.sql) >=", from) }
            if let to = window.to { add("\(other.sql) <", to) }
        }

        /// The value alone as well: partitions are pruned by the time of creation.
        func add(_ cursor: RunCursor, _ sign: String) {
            add("\(key.sql) \(sign)=", cursor.value)
            conditions += " AND (\(key.sql), id) \(sign) ($\(values.count), \(bind(cursor.id)))"
        }
        let window = filter.window(of: key)
        let cursor = query.before ?? query.after
        let isDescending = query.readingDirection == .descending
        // One bound at each end: a walk begins at one place.
        if !isDescending, let cursor, window.from.map({ cursor.value >= $0 }) ?? true {
            add(cursor, ">")
        } else if let from = window.from {
            add("\(key.sql) >=", from)
        }
        if isDescending, let cursor, window.to.map({ cursor.value < $0 }) ?? true {
            add(cursor, "<")
        } else if let to = window.to {
            add("\(key.sql) <", to)
        }
        return "SELECT \(RunColumns.list) FROM runs WHERE \(conditions) \(ending(of: query))"
    }
}
