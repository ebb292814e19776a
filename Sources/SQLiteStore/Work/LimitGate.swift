import GRDB
import WorkflowModel

/// Decides in a claim which of the tasks that are ready a limit has no room for, and puts those into the limit's queue.
struct LimitGate {
    private let database: Database
    /// Of the tenants that have any limits.
    private var ledgers: [Int64: LimitLedger] = [:]
    /// What those that had to wait need room for, by tenant.
    private var waiting: [Int64: Set<Limit>] = [:]

    init(_ database: Database, _ runs: [StoredRun]) throws {
        self.database = database
        for tenant in Set(runs.map(\.tenant)) where try database.hasLimits(tenant) { ledgers[tenant] = LimitLedger() }
    }

    mutating func admits(_ task: ReadyTask, of run: StoredRun) throws -> Bool {
        guard var ledger = ledgers[task.tenant] else { return true }
        let progress = run.progress.tasks[task.position]
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
        try database.park(run: task.run, position: task.position, of: task.tenant, in: queue)
        if let since = progress.readyAt { ledger.wait(in: queue, readySince: since) }
        waiting[task.tenant, default: []].formUnion(demand.units.map(\.limit))
        return false
    }

    /// To be called when the leases are written. Where one that had been let through before waits somewhere else now, the next
    /// is let through.
    /// - Returns: whether to claim again.
    func close() throws -> Bool {
        for (tenant, limits) in waiting { _ = try database.admitWaiting(of: tenant, for: limits) }
        return !waiting.isEmpty
    }
}
