public import WorkflowModel

/// The runs of one tenant in memory, in the orders of all lists. Pages of a store are compared with them.
public struct RunsInMemory: Sendable {
    private var runs: [RunID: WorkflowRun] = [:]
    /// The places of the runs in each order, least first.
    private var places: [RunSortKey: [RunCursor]] = [:]

    public init(_ runs: some Sequence<WorkflowRun> = []) {
        for run in runs { self.runs[run.id] = run }
        for key in RunSortKey.allCases {
            places[key] = self.runs.values.compactMap { RunCursor(of: $0, by: key) }.sorted { $0.isLess(than: $1) }
        }
    }

    public var count: Int { runs.count }

    public subscript(id: RunID) -> WorkflowRun? { runs[id] }

    /// Adds a run, or replaces the one with its id.
    public mutating func put(_ run: WorkflowRun) {
        remove(run.id)
        runs[run.id] = run
        for key in RunSortKey.allCases {
            guard let place = RunCursor(of: run, by: key) else { continue }
            let index = index(of: place, by: key)
            places[key, default: []].insert(place, at: index)
        }
    }

    @discardableResult
    public mutating func remove(_ id: RunID) -> WorkflowRun? {
        guard let run = runs.removeValue(forKey: id) else { return nil }
        for key in RunSortKey.allCases {
            guard let place = RunCursor(of: run, by: key) else { continue }
            let index = index(of: place, by: key)
            places[key]?.remove(at: index)
        }
        return run
    }

    /// The runs that a list reads from one place to another, in the order of reading: without the run at `start`, with the one at
    /// `end`.
    func read(from start: RunCursor?, to end: RunCursor?, by key: RunSortKey, _ direction: RunSort.Direction) -> some Sequence<
        WorkflowRun
    > {
        let all = places[key] ?? []
        let indices: StrideThrough<Int>
        switch direction {
        case .ascending:
            let first = start.map { index(after: $0, by: key) } ?? 0
            let last = end.map { index(after: $0, by: key) } ?? all.count
            indices = stride(from: first, through: last - 1, by: 1)
        case .descending:
            let first = start.map { index(of: $0, by: key) } ?? all.count
            let last = end.map { index(of: $0, by: key) } ?? 0
            indices = stride(from: first - 1, through: last, by: -1)
        }
        return indices.lazy.compactMap { runs[all[$0].id] }
    }

    /// All runs that match, in the order of a list.
    public func list(_ filter: RunFilter, _ sort: RunSort) -> [WorkflowRun] {
        read(from: nil, to: nil, by: sort.key, sort.direction).filter(filter.matches)
    }

    /// The expected counts of a chart.
    func counts(_ filter: RunFilter, by step: CountStep) -> [RunCount] {
        let key = filter.sortKey
        let steps = Dictionary(grouping: list(filter, RunSort(by: key, .ascending))) { run in
            step.start(of: Timestamp(milliseconds: run.sortValue(key) ?? 0))
        }
        return steps.sorted { $0.key < $1.key }.suffix(RunCount.mostSteps).map { start, runs in
            RunCount(start: start, byState: Dictionary(grouping: runs, by: \.state).mapValues(\.count))
        }
    }

    /// The place of a run, by its number in an order.
    func place(_ number: Int, by key: RunSortKey) -> RunCursor? {
        places[key].flatMap { $0.isEmpty ? nil : $0[number % $0.count] }
    }

    /// The number of places before this one.
    private func index(of place: RunCursor, by key: RunSortKey) -> Int {
        partition(by: key) { $0.isLess(than: place) }
    }

    /// The number of places up to and with this one.
    private func index(after place: RunCursor, by key: RunSortKey) -> Int {
        partition(by: key) { !place.isLess(than: $0) }
    }

    /// The number of places at the beginning that meet a condition, which no later place meets.
    private func partition(by key: RunSortKey, _ isBefore: (RunCursor) -> Bool) -> Int {
        guard let all = places[key] else { return 0 }
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(all[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension RunCursor {
    func isLess(than other: RunCursor) -> Bool {
        (value, id) < (other.value, other.id)
    }

    /// Whether a list that is read in this direction comes to this place after another one.
    func comes(after other: RunCursor, _ direction: RunSort.Direction) -> Bool {
        direction == .ascending ? other.isLess(than: self) : isLess(than: other)
    }
}
