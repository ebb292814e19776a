extension LimitHolder {
    /// A task that a worker executes.
    /// - Returns: nil when it holds nothing of that limit.
    package init?(of limit: Limit, run: RunID, task: TaskID, label: String, uses: String?, since: Timestamp) throws {
        var units = 1
        if case .resource(let name) = limit {
            guard let used = try ResourceUse.uses(uses)[name] else { return nil }
            units = used
        }
        self.init(run: run, task: task, label: label, units: units, since: since)
    }
}

extension LimitUsage {
    /// A limit whose slots are held by tasks that workers execute.
    package init(queue: LimitQueue, size: Int?, leases: [LimitHolder]) {
        self.init(
            queue: queue, size: size, taken: leases.reduce(0) { $0 + $1.units }, holders: leases.sorted { $0.since < $1.since })
    }
}
