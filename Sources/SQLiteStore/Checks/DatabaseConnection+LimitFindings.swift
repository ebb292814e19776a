import StoreCore
import WorkflowModel

extension LimitStatement {
    static let parkedTenants = "SELECT DISTINCT tenant FROM tasks INDEXED BY tasks_parked WHERE parked_on IS NOT NULL"
    static let ready = """
        SELECT 1 FROM tasks INDEXED BY tasks_queue WHERE tenant = ? AND ready_at IS NOT NULL AND parked_on IS NULL LIMIT 1
        """
}

extension DatabaseConnection {
    func limitFindings() throws -> [StoreFinding] {
        let places = try openQueues().count
        guard places > 0 else { return [] }
        return [StoreFinding(.tasks, places: places, "Tasks wait for limits that have free slots.", remedy: .repairable)]
    }

    func emptyOpenQueues(signals: inout Set<StoreSignal>) throws {
        for (tenant, queue) in try openQueues() {
            _ = try emptyQueue(queue, of: tenant)
            signals.insert(.work)
        }
    }

    /// A tenant that has claimable tasks is left out: those tasks may take the free slots.
    private func openQueues() throws -> [(tenant: Int, queue: LimitQueue)] {
        let tenants = try rows(LimitStatement.parkedTenants) { try $0.next(Int.self) }
        var open: [(tenant: Int, queue: LimitQueue)] = []
        for tenant in tenants where try row(LimitStatement.ready, tenant, decode: { _ in true }) == nil {
            for queue in try openQueues(of: tenant) { open.append((tenant, queue)) }
        }
        return open
    }
}
