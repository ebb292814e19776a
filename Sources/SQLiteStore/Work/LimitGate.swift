import StoreCore
import WorkflowModel

/// Decides in a claim which ready tasks do not fit into a limit, and moves those into the limit's queue.
struct LimitGate {
    private let database: DatabaseConnection
    /// Ledgers of the tenants that have any limits.
    private var ledgers: [Int: LimitLedger] = [:]
    /// The limits of the tasks that have to wait, by tenant.
    private var waiting: [Int: Set<Limit>] = [:]

    init(_ database: DatabaseConnection, _ runs: [StoredRun]) throws {
        self.database = database
        for tenant in Set(runs.map(\.tenant)) where try database.hasLimits(tenant) { ledgers[tenant] = LimitLedger() }
    }

    mutating func admits(_ task: ReadyTask, of run: StoredRun) throws -> Bool {
        guard var ledger = ledgers[task.tenant] else { return true }
        let progress = run.progress[task.position]
        let demand = run.progress.demand(of: progress, configuration: run.configuration)
        try database.learn(ledger.unknown(in: [demand]), of: task.tenant, into: &ledger)
        defer { ledgers[task.tenant] = ledger }
        guard let queue = ledger.obstacle(to: demand, readySince: progress.readyAt) else {
            ledger.take(demand)
            if run.progress.state == .scheduled, let configuration = run.configuration {
                try database.leaveQueue(LimitQueue(.runs(of: configuration)), run: task.run, of: task.tenant)
            }
            return true
        }
        try database.move(run: task.run, position: task.position, of: task.tenant, to: queue)
        if let since = progress.readyAt { ledger.wait(in: queue, readySince: since) }
        waiting[task.tenant, default: []].formUnion(demand.units.map(\.limit))
        return false
    }

    /// Called when the leases are written. Where an admitted task waits in another queue now, the next task of its former
    /// queue is admitted.
    /// - Returns: whether to claim again.
    func close() throws -> Bool {
        for (tenant, limits) in waiting { _ = try database.admitWaiting(of: tenant, for: limits) }
        return !waiting.isEmpty
    }
}
