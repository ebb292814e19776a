/// Which runs of a tenant are asked for. What is nil does not filter.
public struct RunFilter: Hashable, Sendable {
    /// On when runs were created.
    public var created: TimeWindow?
    /// On when runs ended; a run that has not ended is in no such window.
    public var ended: TimeWindow?
    /// States that no run can be in are allowed and match nothing.
    public var state: WorkflowState?
    /// Exact.
    public var type: String?

    public init(created: TimeWindow? = nil, ended: TimeWindow? = nil, state: WorkflowState? = nil, type: String? = nil) {
        self.created = created
        self.ended = ended
        self.state = state
        self.type = type
    }

    /// Runs are listed by when they were created, unless only a window on when they ended was asked for.
    public var order: RunOrder {
        ended != nil && created == nil ? .ended : .created
    }

    /// The states that runs which match can be in: none when nothing can match, as where the state is one of tasks only, or one that
    /// no run has ended in while its end is asked for.
    public var states: [RunState] {
        RunState.allCases.filter { (state == nil || state == $0.state) && (ended == nil || $0.hasEnded) }
    }

    public func matches(_ run: WorkflowRun) -> Bool {
        if let created, !created.contains(run.createdAt) { return false }
        if let ended, !(run.endedAt.map(ended.contains) ?? false) { return false }
        if let state, run.state.state != state { return false }
        if let type, run.type != type { return false }
        return true
    }
}

/// What a list of runs is sorted by, newest first; equal times by id, greatest first.
public enum RunOrder: String, CaseIterable, Sendable {
    case created
    case ended
}

/// A place in a list of runs: the list goes on with what comes after that time and id.
public struct RunCursor: Hashable, Sendable {
    public var order: RunOrder
    public var time: Timestamp
    public var id: RunID

    public init(order: RunOrder, time: Timestamp, id: RunID) {
        self.order = order
        self.time = time
        self.id = id
    }

    /// The place of `run` in a list of that order; nil when it is not in it.
    public init?(of run: WorkflowRun, in order: RunOrder) {
        switch order {
        case .created: self.init(order: order, time: run.createdAt, id: run.id)
        case .ended:
            guard let endedAt = run.endedAt else { return nil }
            self.init(order: order, time: endedAt, id: run.id)
        }
    }
}

/// A question for one page of a tenant's runs.
public struct RunQuery: Hashable, Sendable {
    public static let limits = 1...1000
    public static let defaultLimit = 100

    public var tenant: Tenant
    public var filter: RunFilter
    /// Within ``limits``.
    public var limit: Int
    /// Where the page begins; nil for the first one. Its order is that of the filter.
    public var after: RunCursor?
    /// Where the page ends, for the way back: the runs that come right before that place. Asked for in place of ``after``.
    public var before: RunCursor?
    /// Whether everything that matches is to be counted.
    public var withTotal: Bool

    public init(
        tenant: Tenant, filter: RunFilter = RunFilter(), limit: Int = RunQuery.defaultLimit, after: RunCursor? = nil,
        before: RunCursor? = nil, withTotal: Bool = false
    ) {
        self.tenant = tenant
        self.filter = filter
        self.limit = limit
        self.after = after
        self.before = before
        self.withTotal = withTotal
    }
}

/// One page of a list of runs.
public struct RunPage: Hashable, Sendable {
    public var runs: [WorkflowRun]
    /// Where the next page begins; nil on the last one.
    public var next: RunCursor?
    /// Where the page before ends, to go back; nil on the first one.
    public var previous: RunCursor?
    /// Everything that matches, when it was asked for.
    public var total: Int?

    public init(runs: [WorkflowRun], next: RunCursor? = nil, previous: RunCursor? = nil, total: Int? = nil) {
        self.runs = runs
        self.next = next
        self.previous = previous
        self.total = total
    }

    /// The page of a query, of what a store fetched for it.
    ///
    /// - Parameter fetched: up to one run more than the page may hold, which tells whether the list goes on. In the order of
    ///   the list, or for a page that was asked for backwards from its end up.
    public init(fetched: consuming [WorkflowRun], for query: RunQuery, total: Int? = nil) {
        var runs = fetched
        let goesOn = runs.count > query.limit
        let order = query.filter.order
        let isBackwards = query.before != nil
        if goesOn { runs.removeLast(runs.count - query.limit) }
        if isBackwards { runs.reverse() }
        // What the page was asked for from lies on its other side.
        let hasNext = isBackwards || goesOn
        let hasPrevious = isBackwards ? goesOn : query.after != nil
        self.init(
            runs: runs, next: hasNext ? runs.last.flatMap { RunCursor(of: $0, in: order) } : nil,
            previous: hasPrevious ? runs.first.flatMap { RunCursor(of: $0, in: order) } : nil, total: total)
    }
}
