import GRDB
import WorkflowModel

extension LimitStatement {
    static let parkedTenants = "SELECT DISTINCT tenant FROM tasks INDEXED BY tasks_parked WHERE parked_on IS NOT NULL"
    static let ready = """
        SELECT 1 FROM tasks INDEXED BY tasks_queue WHERE tenant = ? AND ready_at IS NOT NULL AND parked_on IS NULL LIMIT 1
        """
}

extension Database {
    func limitFindings() throws -> [StoreFinding] {
        let places = try openQueues().count
        guard places > 0 else { return [] }
        return [StoreFinding(.tasks, places: places, "Tasks wait for limits that have room for them.", remedy: .repairable)]
    }

    func emptyOpenQueues(signals: inout Set<StoreSignal>) throws {
        for (tenant, queue) in try openQueues() {
            try change("UPDATE tasks SET parked_on = NULL WHERE tenant = ? AND parked_on = ?", tenant, queue.rawValue)
            signals.insert(.work)
        }
    }

    /// Queues whose first could go. Where a tenant has tasks that can be claimed, or will be, the room may be theirs.
    private func openQueues() throws -> [(tenant: Int64, queue: LimitQueue)] {
        var open: [(tenant: Int64, queue: LimitQueue)] = []
        for tenant in try rows(LimitStatement.parkedTenants, decode: { try $0.next(Int64.self) }) {
            if try row(LimitStatement.ready, tenant, decode: { _ in true }) != nil { continue }
            for queue in try waitingQueues(of: tenant) {
                guard let head = try head(of: queue, tenant: tenant) else { continue }
                let demand = LimitDemand(
                    uses: head.uses, takingUpRunOf: head.runState == .scheduled ? head.configuration : nil)
                var ledger = LimitLedger()
                try learn(ledger.unknown(in: [demand]), of: tenant, into: &ledger)
                if ledger.obstacle(to: demand) == nil { open.append((tenant, queue)) }
            }
        }
        return open
    }
}
