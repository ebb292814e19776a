import WorkflowModel

extension PostgresStore {
    func limitFindings(repairing isRepairing: Bool) async throws -> [StoreFinding] {
        try await write { (database, attempt: inout WriteAttempt<[StoreFinding]>) in
            let open = try database.openQueues()
            guard !open.isEmpty else { return attempt.former ?? [] }
            if isRepairing {
                for (tenant, queue) in open { try database.change(LimitStatement.leaveAll, tenant, queue.rawValue) }
                attempt.signals.insert(.work)
            }
            return [
                StoreFinding(
                    .tasks, places: open.count, "Tasks wait for limits that have room for them.",
                    remedy: isRepairing ? .repaired : .repairable)
            ]
        }
    }
}

extension PostgresConnection {
    /// Queues whose first could go. Where a tenant has tasks that can be claimed, or will be, the room may be theirs.
    fileprivate func openQueues() throws -> [(tenant: Int, queue: LimitQueue)] {
        var open: [(tenant: Int, queue: LimitQueue)] = []
        let parked = "SELECT DISTINCT tenant FROM ready_tasks WHERE parked_on IS NOT NULL ORDER BY tenant"
        for tenant in try rows(parked, decode: { try $0.next(Int.self) }) {
            // So that nobody who makes room is seen before those whom they let through.
            try lockLimits(of: tenant)
            let ready = "SELECT 1 FROM ready_tasks WHERE tenant = $1 AND parked_on IS NULL LIMIT 1"
            if try row(ready, tenant, decode: { _ in true }) != nil { continue }
            for queue in try waitingQueues(of: tenant) {
                guard let head = try heads(of: queue, tenant: tenant).first else { continue }
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
