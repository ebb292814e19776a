/// The key by which a list of runs is sorted.
public enum RunSortKey: String, CaseIterable, Sendable {
    case created
    /// Leaves out runs that have not ended.
    case ended
    /// The time from creation to end. Leaves out runs that have not ended.
    case runtime
}

/// The order of a list of runs. Runs with equal values are ordered by id, in the same direction.
public struct RunSort: Hashable, Sendable {
    public enum Direction: String, CaseIterable, Sendable {
        case descending = "desc"
        case ascending = "asc"

        public var opposite: Direction { self == .descending ? .ascending : .descending }
    }

    public var key: RunSortKey
    public var direction: Direction

    public init(by key: RunSortKey, _ direction: Direction = .descending) {
        self.key = key
        self.direction = direction
    }
}

/// A position in a list of runs. The list continues with the runs after that value and id.
public struct RunCursor: Hashable, Sendable {
    public var key: RunSortKey
    /// In milliseconds: a time since 1970, or a runtime.
    public var value: Int64
    public var id: RunID

    public init(key: RunSortKey, value: Int64, id: RunID) {
        self.key = key
        self.value = value
        self.id = id
    }

    /// The position of `run` in a list of that order; nil when the list does not contain it.
    public init?(of run: WorkflowRun, by key: RunSortKey) {
        guard let value = run.sortValue(key) else { return nil }
        self.init(key: key, value: value, id: run.id)
    }
}

extension WorkflowRun {
    /// The value that the run is sorted by, in milliseconds; nil for a run that such a list leaves out.
    public func sortValue(_ key: RunSortKey) -> Int64? {
        switch key {
        case .created: createdAt.milliseconds
        case .ended: endedAt?.milliseconds
        case .runtime: runtime?.milliseconds
        }
    }
}

/// A request for a page of a tenant's runs.
public struct RunQuery: Hashable, Sendable {
    public static let limits = 1...1000
    public static let defaultLimit = 100
    /// Bytes of error data in a list. Longer data is only returned with a single run.
    public static let longestData = 4_096
    /// Bytes of the texts on a page. A page that would exceed them ends earlier, after at least one run.
    public static let pageBytes = 2 << 20

    public var tenant: Tenant
    public var filter: RunFilter
    public var sort: RunSort
    /// Within ``limits``.
    public var limit: Int
    /// The position before the page; nil for the first page. Has the key of ``sort``.
    public var after: RunCursor?
    /// The position after the page, for paging backwards. Excludes ``after``.
    public var before: RunCursor?
    /// Whether to count all runs of the list, those that ``listedFilter`` selects.
    public var withTotal: Bool
    public var budget = SearchBudget.standard

    /// - Parameter sort: nil for the filter's own ``RunFilter/sortKey``, greatest first.
    public init(
        tenant: Tenant, filter: RunFilter = RunFilter(), sort: RunSort? = nil, limit: Int = RunQuery.defaultLimit,
        after: RunCursor? = nil, before: RunCursor? = nil, withTotal: Bool = false
    ) {
        self.tenant = tenant
        self.filter = filter
        self.sort = sort ?? RunSort(by: filter.sortKey)
        self.limit = limit
        self.after = after
        self.before = before
        self.withTotal = withTotal
    }

    /// Limits the time in the store of the whole request: page and total have half of it each where both are searched for.
    public mutating func limitWork(to time: Duration) {
        budget.time = withTotal && filter.hasAddedConditions ? time / 2 : time
    }

    /// The direction in which the store reads: against the order of the list for paging backwards.
    public var readingDirection: RunSort.Direction { before == nil ? sort.direction : sort.direction.opposite }

    /// The filter of the runs that the list contains: a list by end or runtime leaves out runs that have not ended.
    public var listedFilter: RunFilter {
        guard sort.key != .created, filter.ended == nil, filter.runtime == nil else { return filter }
        var listed = filter
        listed.states = Set(filter.possibleStates.filter(\.hasEnded))
        return listed
    }
}

/// A page of a list of runs.
public struct RunPage: Hashable, Sendable {
    public var runs: [WorkflowRun]
    /// The position of the next page; nil on the last one.
    public var next: RunCursor?
    /// The position for paging backwards; nil on the first page.
    public var previous: RunCursor?
    /// The number of matching runs, when it was requested and could be counted.
    public var total: RunTotal?
    /// Whether the search ended before the page was full, because its budget was used up.
    public var endedEarly = false

    public init(runs: [WorkflowRun], next: RunCursor? = nil, previous: RunCursor? = nil, total: RunTotal? = nil) {
        self.runs = runs
        self.next = next
        self.previous = previous
        self.total = total
    }

    /// Makes a page from the runs that a store fetched for a query.
    ///
    /// - Parameters:
    ///   - fetched: up to one run more than the page holds by ``RunPageRoom``, to tell whether the list continues. In the order of
    ///     the list, or in the reverse order for paging backwards.
    ///   - stop: the place up to which the search has come when its budget was used up; nil when it was complete.
    public init(fetched: consuming [WorkflowRun], for query: RunQuery, total: RunTotal? = nil, stoppedAt stop: RunCursor? = nil) {
        var runs = fetched
        var room = RunPageRoom(limit: query.limit)
        let count = runs.firstIndex { !room.takes($0) } ?? runs.count
        let goesOn = runs.count > count
        let key = query.sort.key
        let isBackwards = query.before != nil
        runs.removeLast(runs.count - count)
        if isBackwards { runs.reverse() }
        // Where the search stopped, unless the page was full before.
        let stop = goesOn ? nil : stop
        // Coming from the other side, that side has at least one run.
        let hasNext = isBackwards || goesOn
        let hasPrevious = isBackwards ? goesOn : query.after != nil
        var next = hasNext ? runs.last.flatMap { RunCursor(of: $0, by: key) } : nil
        var previous = hasPrevious ? runs.first.flatMap { RunCursor(of: $0, by: key) } : nil
        if let stop {
            if isBackwards { previous = stop } else { next = stop }
        }
        // A page without runs begins where it ends. Not where it was asked for: the run at that place would be on neither side.
        if runs.isEmpty {
            if isBackwards {
                next = stop ?? query.before
            } else if query.after != nil {
                previous = stop ?? query.after
            }
        }
        self.init(runs: runs, next: next, previous: previous, total: total)
        endedEarly = stop != nil
    }
}

/// The number of runs that match a filter.
public enum RunTotal: Hashable, Sendable {
    case exactly(Int)
    /// The budget was used up after so many were counted.
    case moreThan(Int)

    /// Those that were counted: all, or at least so many.
    public var counted: Int {
        switch self {
        case .exactly(let number), .moreThan(let number): number
        }
    }

    /// Not below the matching runs that are known: a list may have come further than counting.
    public func beside(known runs: Int) -> RunTotal {
        guard case .moreThan(let number) = self else { return self }
        return .moreThan(max(number, runs - 1))
    }

    /// nil when the number is not known exactly.
    public var exact: Int? {
        guard case .exactly(let number) = self else { return nil }
        return number
    }
}

/// The remaining space on a page of a list.
public struct RunPageRoom {
    private var runs: Int
    private var bytes = RunQuery.pageBytes
    private var isEmpty = true

    public init(limit: Int) {
        runs = limit
    }

    /// Adds the run to the page.
    /// - Returns: false when it does not fit: the page ends before it. An empty page accepts any run.
    public mutating func takes(_ run: WorkflowRun) -> Bool {
        let size = run.textBytes
        guard runs > 0, size <= bytes || isEmpty else { return false }
        runs -= 1
        bytes -= size
        isEmpty = false
        return true
    }
}

extension WorkflowRun {
    fileprivate var textBytes: Int {
        var bytes = id.rawValue.utf8.count + name.utf8.count + type.utf8.count + principal.id.utf8.count
        bytes += principal.name.utf8.count + (principal.email?.utf8.count ?? 0) + (origin.parameters.storedText?.utf8.count ?? 0)
        guard let error else { return bytes }
        return bytes + error.type.utf8.count + error.message.utf8.count + (error.data?.text.utf8.count ?? 0)
    }
}
