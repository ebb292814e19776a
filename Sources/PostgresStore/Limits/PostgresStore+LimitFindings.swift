import StoreCore
import WorkflowModel

extension PostgresStore {
    func limitFindings(repairing isRepairing: Bool) async throws -> [StoreFinding] {
        try await write { (database, attempt: inout WriteAttempt<[StoreFinding]>) in
            let open = try database.openQueues()
            guard !open.isEmpty else { return attempt.former ?? [] }
            if isRepairing {
                for (tenant, queue) in open { _ = try database.emptyQueue(queue, of: tenant) }
                attempt.signals.insert(.work)
            }
            return [
                StoreFinding(
                    .tasks, places: open.count, "Tasks wait for limits that have free slots.",
                    remedy: isRepairing ? .repaired : .repairable)
            ]
        }
    }
}

extension PostgresConnection {
    /// A tenant that has claimable tasks is left out: those tasks may take the free slots.
    fileprivate func openQueues() throws -> [(tenant: Int, queue: LimitQueue)] {
        let parked = "SELECT DISTINCT tenant FROM ready_tasks WHERE parked_on IS NOT NULL ORDER BY tenant"
        let ready = "SELECT 1 FROM ready_tasks WHERE tenant = $1 AND parked_on IS NULL LIMIT 1"
        var open: [(tenant: Int, queue: LimitQueue)] = []
        for tenant in try rows(parked, decode: { try $0.next(Int.self) }) {
            // A transaction that releases something must not be seen before the tasks that it admits.
            try lockLimits(of: tenant)
            guard try row(ready, tenant, decode: { _ in true }) == nil else { continue }
            for queue in try openQueues(of: tenant) { open.append((tenant, queue)) }
        }
        return open
    }
}
