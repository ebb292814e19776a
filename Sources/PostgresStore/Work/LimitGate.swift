import StoreCore
import WorkflowModel

/// Decides in a claim which taken tasks do not fit into a limit, and moves those into the limit's queue.
///
/// Created after the runs are locked. It locks the limits of their tenants, so that no other claim decides about them
/// meanwhile.
struct LimitGate {
    private let database: PostgresConnection
    /// Ledgers of the tenants that have any limits.
    private var ledgers: [Int: LimitLedger] = [:]
    private var parked: [QueuedTask] = []
    /// The limits of the tasks that have to wait, by tenant.
    private var waiting: [Int: Set<Limit>] = [:]
    /// Runs that start, with the queues in which their other tasks may wait.
    private var takenUp: [(key: RunKey, queue: LimitQueue)] = []

    init(_ database: PostgresConnection, _ runs: some Sequence<StoredRun>, _ ready: [ReadyTask]) throws {
        self.database = database
        let limited = runs.filter(\.hasLimits)
        for tenant in Set(limited.map(\.key.tenant)).sorted() {
            try database.lockLimits(of: tenant)
            let ofTenant = Dictionary(uniqueKeysWithValues: limited.filter { $0.key.tenant == tenant }.map { ($0.key, $0) })
            let demands = ready.compactMap { task in
                ofTenant[task.run].map {
                    $0.progress.demand(of: $0.progress[task.position], configuration: $0.configuration)
                }
            }
            var ledger = LimitLedger()
            // Taken out of the queue, a task that waits for work outside still holds its units.
            let held = ready.compactMap { task in ofTenant[task.run]?.progress[task.position] }.filter(\.waitsOutside)
            let units = held.map { LimitDemand(unitsOf: $0.uses) }
            try database.learn(ledger.unknown(in: demands + units), of: tenant, into: &ledger)
            for units in units { ledger.take(units) }
            ledgers[tenant] = ledger
        }
    }

    mutating func admits(_ task: ReadyTask, of run: StoredRun) -> Bool {
        guard var ledger = ledgers[task.run.tenant] else { return true }
        defer { ledgers[task.run.tenant] = ledger }
        let demand = run.progress.demand(of: run.progress[task.position], configuration: run.configuration)
        guard let queue = ledger.obstacle(to: demand, readySince: task.readyAt) else {
            ledger.take(demand)
            if run.progress.state == .scheduled, let configuration = run.configuration {
                takenUp.append((task.run, LimitQueue(.runs(of: configuration))))
            }
            return true
        }
        ledger.wait(in: queue, readySince: task.readyAt)
        parked.append(QueuedTask(run.progress[task.position], at: task.position, of: task.run, in: queue))
        waiting[task.run.tenant, default: []].formUnion(demand.units.map(\.limit))
        return false
    }

    /// Called when the leases are written. Where an admitted task waits in another queue now, the next task of its former
    /// queue is admitted.
    /// - Returns: whether to claim again.
    func close() throws -> Bool {
        guard !ledgers.isEmpty else { return false }
        if !parked.isEmpty { try database.queue(parked) }
        for (key, queue) in takenUp { try database.leaveQueue(queue, run: key, of: key.tenant) }
        for (tenant, limits) in waiting.sorted(by: { $0.key < $1.key }) {
            _ = try database.admitWaiting(of: tenant, for: limits)
        }
        return !waiting.isEmpty
    }
}
