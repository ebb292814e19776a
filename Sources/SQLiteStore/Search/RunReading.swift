import WorkflowModel

/// The order in which runs are read, and the place behind which reading begins.
struct RunReading {
    var key: RunSortKey
    var direction: RunSort.Direction
    /// nil to begin with the first run of the order.
    var place: RunCursor?

    /// A page of a list. For paging backwards, the list is read against its order.
    init(_ query: RunQuery) {
        (key, direction, place) = (query.sort.key, query.readingDirection, query.before ?? query.after)
    }

    /// All runs, newest or longest first.
    init(all key: RunSortKey) {
        (self.key, direction) = (key, .descending)
    }

    /// The conditions on the column of the order: one bound at each end, so that a walk begins at one place.
    /// - Parameter table: has the columns of the order.
    func bounds(_ range: SortRange, of table: WalkKey.Table, in bindings: inout SQLBindings) -> String {
        let column = table.columns(by: key).value
        var conditions = ""
        switch direction {
        case .descending:
            if let from = range.from { conditions += " AND \(column) >= \(bindings.add(from))" }
            if let place, range.to.map({ place.value < $0 }) ?? true {
                conditions += behind(place, "<", table, in: &bindings)
            } else if let to = range.to {
                conditions += " AND \(column) < \(bindings.add(to))"
            }
        case .ascending:
            if let place, range.from.map({ place.value >= $0 }) ?? true {
                conditions += behind(place, ">", table, in: &bindings)
            } else if let from = range.from {
                conditions += " AND \(column) >= \(bindings.add(from))"
            }
            if let to = range.to { conditions += " AND \(column) < \(bindings.add(to))" }
        }
        // The indexes by end have ended runs only.
        return key == .ended ? " AND r.ended_at IS NOT NULL" + conditions : conditions
    }

    private func behind(
        _ place: RunCursor, _ comparison: String, _ table: WalkKey.Table, in bindings: inout SQLBindings
    ) -> String {
        let (column, id) = table.columns(by: key)
        let (value, placeID) = (bindings.add(place.value), bindings.add(place.id))
        // SQLite uses a comparison of two columns only when one index has both.
        return switch table {
        case .runs, .durations: " AND (\(column), \(id)) \(comparison) (\(value), \(placeID))"
        case .marks:
            " AND \(column) \(comparison)= \(value) AND (\(column) \(comparison) \(value) OR \(id) \(comparison) \(placeID))"
        }
    }

    var ordering: String {
        let direction = direction == .descending ? "DESC" : "ASC"
        return "ORDER BY \(key.column) \(direction), id \(direction)"
    }
}

/// A half-open range of values that a list is sorted by, in milliseconds.
struct SortRange {
    var from: Int64?
    var to: Int64?

    init(_ window: TimeWindow?) {
        (from, to) = (window?.from?.milliseconds, window?.to?.milliseconds)
    }

    init(_ window: DurationWindow?) {
        (from, to) = (window?.from?.milliseconds, window?.to?.milliseconds)
    }

    init(_ span: TimeSpan) {
        (from, to) = (span.lowerBound, span.upperBound)
    }

    func contains(_ value: Int64) -> Bool {
        from.map { $0 <= value } ?? true && to.map { value < $0 } ?? true
    }

    /// The filter's window on the values of an order.
    init(of filter: RunFilter, by key: RunSortKey) {
        switch key {
        case .created: self.init(filter.created)
        case .ended: self.init(filter.ended)
        case .runtime: self.init(filter.runtime)
        }
    }
}

extension RunSortKey {
    var column: String {
        switch self {
        case .created: "created_at"
        case .ended: "ended_at"
        case .runtime: "runtime_ms"
        }
    }
}
