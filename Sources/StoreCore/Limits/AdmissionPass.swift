public import WorkflowModel

extension LimitTransaction {
    /// Makes waiting tasks claimable that fit into these limits now, in the order in which they have waited.
    ///
    /// - Parameter limits: nil for all queues, when limits themselves have changed.
    /// - Returns: whether a worker may find something to claim.
    public func admitWaiting(of tenant: Int, for limits: Set<Limit>?) throws -> Bool {
        let queues = try limits.map { $0.map { LimitQueue($0) }.sorted { $0.rawValue < $1.rawValue } } ?? waitingQueues(of: tenant)
        var pass = AdmissionPass(database: self, tenant: tenant)
        for queue in queues { try pass.admit(from: queue) }
        return pass.hasAdmitted
    }

    /// Queues whose first task fits. Where a tenant has tasks that can be claimed, they may take what is free.
    public func openQueues(of tenant: Int) throws -> [LimitQueue] {
        try waitingQueues(of: tenant).filter { queue in
            guard let head = try heads(of: queue, tenant: tenant).first else { return false }
            let demand = head.demand(isTakenUp: false)
            var ledger = LimitLedger()
            try learn(ledger.unknown(in: [demand]), of: tenant, into: &ledger)
            return ledger.obstacle(to: demand) == nil
        }
    }
}

extension WaitingHead {
    /// - Parameter isTakenUp: whether another task of the run was admitted in the same pass.
    fileprivate func demand(isTakenUp: Bool) -> LimitDemand {
        LimitDemand(uses: uses, startingRunOf: runState == .scheduled && !isTakenUp ? configuration : nil)
    }
}

/// One walk through queues. Tasks that it admits count as claimed.
private struct AdmissionPass<Database: LimitTransaction> {
    let database: Database
    let tenant: Int
    private(set) var hasAdmitted = false
    private var ledger = LimitLedger()
    private var runs: Set<Database.RunReference> = []

    init(database: Database, tenant: Int) {
        self.database = database
        self.tenant = tenant
    }

    mutating func admit(from queue: LimitQueue) throws {
        guard !queue.exceedsSize, try database.isLimited(queue.limit, of: tenant, in: &ledger) else {
            let admitted = try database.emptyQueue(queue, of: tenant)
            hasAdmitted = hasAdmitted || admitted > 0
            return
        }
        while true {
            let heads = try database.heads(of: queue, tenant: tenant)
            guard !heads.isEmpty, try admit(heads, from: queue) else { return }
        }
    }

    /// - Returns: whether the queue may have more tasks that fit.
    private mutating func admit(_ heads: [WaitingHead<Database.RunReference>], from queue: LimitQueue) throws -> Bool {
        var moved: [MovedTask<Database.RunReference>] = []
        var isOpen = true
        for head in heads where isOpen {
            let demand = head.demand(isTakenUp: runs.contains(head.run))
            try database.learn(ledger.unknown(in: [demand]), of: tenant, into: &ledger)
            if let obstacle = ledger.obstacle(to: demand) {
                isOpen = obstacle != queue
                if isOpen { moved.append(MovedTask(head: head, queue: obstacle)) }
                continue
            }
            ledger.take(demand)
            runs.insert(head.run)
            hasAdmitted = true
            if case .runs = queue.limit {
                try database.leaveQueue(queue, run: head.run, of: tenant)
            } else {
                moved.append(MovedTask(head: head, queue: nil))
            }
        }
        if !moved.isEmpty { try database.move(moved, of: tenant) }
        return isOpen
    }
}
