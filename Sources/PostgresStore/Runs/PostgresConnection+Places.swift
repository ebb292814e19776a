import WorkflowModel

// Where a run is. Runs are partitioned by the time of their creation and asked for by their ids. The ids that this service
// makes say in which month that was; so do those of history from services like it. The others are listed in stray_runs.
extension PostgresConnection {
    /// Looks for a run where its id says that it is, and then where it was listed.
    ///
    /// - Parameter look: given the span of time in which the run was created, its first instant and the one after its last.
    func findRun<Value>(
        _ id: RunID, of tenant: Int, _ look: (Timestamp, Timestamp) throws -> Value?
    ) throws -> Value? {
        if let month = PartitionMonth(of: id), let found = try look(month.begin, month.end) { return found }
        let listed = try row("SELECT created_at FROM stray_runs WHERE tenant = $1 AND id = $2", tenant, id) {
            try $0.next(Timestamp.self)
        }
        return try listed.flatMap { try look($0, $0 + .milliseconds(1)) }
    }
}

/// What tells a run from all others, and its rows from those of all others.
struct RunKey: Hashable {
    var tenant: Int
    var id: RunID
    var createdAt: Timestamp
}

extension [RunKey] {
    /// As the columns tenant, id and created_at of `unnest`, then the first and the last time: what tells the planner which
    /// partitions are meant.
    var columns: [any SQLValue] {
        let times = map(\.createdAt)
        return [
            Column(map(\.tenant)), Column(map(\.id)), Column(times), times.min() ?? .earliest, times.max() ?? .earliest,
        ]
    }
}
