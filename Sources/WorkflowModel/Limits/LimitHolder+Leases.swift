extension LimitHolder {
    /// A task that a worker holds.
    /// - Returns: nil when it takes up nothing of that limit.
    package init?(of limit: Limit, run: RunID, task: TaskID, label: String, uses: String?, since: Timestamp) throws {
        var units = 1
        if case .resource(let name) = limit {
            guard let used = try ResourceUse.uses(uses)[name] else { return nil }
            units = used
        }
        self.init(run: run, task: task, label: label, units: units, since: since)
    }
}

extension LimitStanding {
    /// A limit that tasks take up while workers hold them.
    package init(queue: LimitQueue, size: Int?, leases: [LimitHolder]) {
        self.init(
            queue: queue, size: size, taken: leases.reduce(0) { $0 + $1.units }, holders: leases.sorted { $0.since < $1.since })
    }
}
