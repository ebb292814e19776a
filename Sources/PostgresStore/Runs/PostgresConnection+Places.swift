import StoreCore
import WorkflowModel

// Where a run is stored. Runs are partitioned by their creation time and looked up by their ids. An id of this service names
// the month; so do those of imported history from similar services. All others are listed in stray_runs.
extension PostgresConnection {
    /// Looks for a run in the month that its id names, and then where stray_runs lists it.
    ///
    /// - Parameter look: receives the span of time in which the run was created: its first instant and the one after its
    ///   last.
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

/// The key of a run in all tables.
struct RunKey: Hashable {
    var tenant: Int
    var id: RunID
    var createdAt: Timestamp
}

extension RunPlace {
    /// The place behind a run.
    init(_ run: RunKey) {
        self.init(tenant: run.tenant, createdAt: run.createdAt, id: run.id)
    }
}

extension [RunKey] {
    /// As the columns tenant, id and created_at of `unnest`, then the first and the last time, by which the planner prunes
    /// partitions.
    var columns: [any SQLValue] {
        let times = map(\.createdAt)
        return [
            Column(map(\.tenant)), Column(map(\.id)), Column(times), times.min() ?? .earliest, times.max() ?? .earliest,
        ]
    }
}
