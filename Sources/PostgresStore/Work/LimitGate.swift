import WorkflowModel

/// Decides in a claim which of the tasks that were taken a limit has no room for, and puts those into the limit's queue.
///
/// Made after the runs are locked: it locks the limits of their tenants, so that no other claim decides about them meanwhile.
struct LimitGate {
    private let database: PostgresConnection
    /// Of the tenants that have any limits.
    private var ledgers: [Int: LimitLedger] = [:]
    private var parked: [(key: RunKey, position: Int, readyAt: Timestamp?, queue: LimitQueue)] = []
    /// What those that had to wait need room for, by tenant.
    private var waiting: [Int: Set<Limit>] = [:]
    /// Runs that are taken up, with the queues that their other tasks may wait in.
    private var takenUp: [(key: RunKey, queue: LimitQueue)] = []

    init(_ database: PostgresConnection, _ runs: some Sequence<StoredRun>, _ ready: [ReadyTask]) throws {
        self.database = database
        let limited = runs.filter(\.hasLimits)
        for tenant in Set(limited.map(\.key.tenant)).sorted() {
            try database.lockLimits(of: tenant)
            let ofTenant = Dictionary(uniqueKeysWithValues: limited.filter { $0.key.tenant == tenant }.map { ($0.key, $0) })
            let demands = ready.compactMap { task in
                ofTenant[task.run].map {
                    $0.progress.demand(of: $0.progress.tasks[task.position], configuration: $0.configuration)
                }
            }
            var ledger = LimitLedger()
            try database.learn(ledger.unknown(in: demands), of: tenant, into: &ledger)
            ledgers[tenant] = ledger
        }
    }

    mutating func admits(_ task: ReadyTask, of run: StoredRun) -> Bool {
        guard var ledger = ledgers[task.run.tenant] else { return true }
        defer { ledgers[task.run.tenant] = ledger }
        let demand = run.progress.demand(of: run.progress.tasks[task.position], configuration: run.configuration)
        guard let queue = ledger.obstacle(to: demand, readySince: task.readyAt) else {
            ledger.take(demand)
            if run.progress.state == .scheduled, let configuration = run.configuration {
                takenUp.append((task.run, LimitQueue(.runs(of: configuration))))
            }
            return true
        }
        ledger.wait(in: queue, readySince: task.readyAt)
        parked.append((task.run, task.position, task.readyAt, queue))
        waiting[task.run.tenant, default: []].formUnion(demand.units.map(\.limit))
        return false
    }

    /// To be called when the leases are written. Where one that had been let through before waits somewhere else now, the next
    /// is let through.
    /// - Returns: whether to claim again.
    func close() throws -> Bool {
        guard !ledgers.isEmpty else { return false }
        if !parked.isEmpty { try database.queue(parked.map { ($0.key, $0.position, $0.readyAt) }, in: parked.map(\.queue)) }
        for (key, queue) in takenUp { try database.leaveQueue(queue, run: key) }
        for (tenant, limits) in waiting.sorted(by: { $0.key < $1.key }) {
            _ = try database.admitWaiting(of: tenant, for: limits)
        }
        return !waiting.isEmpty
    }
}
