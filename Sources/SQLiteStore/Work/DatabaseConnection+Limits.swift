import StoreCore
import WorkflowModel

/// The statements about tasks that wait for limits.
enum LimitStatement {
    static let leased = "SELECT uses FROM tasks INDEXED BY tasks_leased WHERE lease_expires_at IS NOT NULL AND tenant = ?"
    /// Of tasks that wait for work outside.
    static let waiting = """
        SELECT uses FROM tasks INDEXED BY tasks_waiting
        WHERE tenant = ? AND wait IS NOT NULL AND uses IS NOT NULL AND lease_expires_at IS NULL
        """
    static let going = """
        SELECT count(*) FROM runs INDEXED BY runs_going WHERE tenant = ? AND configuration = ? AND state BETWEEN 1 AND 4
        """
    static let firstWaiting = """
        SELECT ready_at FROM tasks INDEXED BY tasks_parked WHERE tenant = ? AND parked_on = ? ORDER BY ready_at LIMIT 1
        """
    static let nextQueue = """
        SELECT parked_on FROM tasks INDEXED BY tasks_parked WHERE tenant = ? AND parked_on > ? ORDER BY parked_on LIMIT 1
        """
    static let head = """
        SELECT k.run, k.position, iif(k.wait IS NULL, k.uses, NULL), r.configuration, r.state FROM tasks AS k INDEXED BY tasks_parked
        CROSS JOIN runs AS r ON r.number = k.run
        WHERE k.tenant = ? AND k.parked_on = ? ORDER BY k.ready_at, k.position, k.run LIMIT 1
        """
}

extension DatabaseConnection {
    func hasLimits(_ tenant: Int) throws -> Bool {
        try row("SELECT 1 FROM limits WHERE tenant = ? LIMIT 1", tenant) { _ in true } ?? false
    }

    func size(of limit: Limit, tenant: Int) throws -> Int? {
        try row("SELECT size FROM limits WHERE tenant = ? AND name = ?", tenant, limit.rawValue) { try $0.next() }
    }

    /// - Parameter queue: nil for tasks that can be claimed.
    func move(run: Int, position: Int, of tenant: Int, to queue: LimitQueue?) throws {
        try change(
            "UPDATE tasks SET parked_on = ? WHERE tenant = ? AND run = ? AND position = ?", queue?.rawValue, tenant, run, position)
    }

    func goingRunCount(of configuration: String, tenant: Int) throws -> Int {
        try row(LimitStatement.going, tenant, configuration) { try $0.next() } ?? 0
    }
}

extension DatabaseConnection: LimitTransaction {
    func isLimited(_ limit: Limit, of tenant: Int, in ledger: inout LimitLedger) throws -> Bool {
        try size(of: limit, tenant: tenant) != nil
    }

    /// Workers are few, so that all their leases are read.
    func learn(_ limits: Set<Limit>, of tenant: Int, into ledger: inout LimitLedger) throws {
        var leased: LeasedUnits?
        for limit in limits {
            guard let size = try size(of: limit, tenant: tenant) else {
                ledger.setUnlimited(limit)
                continue
            }
            let units =
                try leased
                ?? LeasedUnits(
                    try rows(LimitStatement.leased, tenant) { try ResourceUse.uses(try $0.next()) },
                    waiting: try rows(LimitStatement.waiting, tenant) { try ResourceUse.uses(try $0.next()) })
            leased = units
            let taken = try units.taken(of: limit) { try goingRunCount(of: $0, tenant: tenant) }
            let first = try row(LimitStatement.firstWaiting, tenant, limit.rawValue) { try $0.next(Timestamp.self) }
            ledger.set(limit, size: size, taken: taken, waitingSince: first)
        }
    }

    func waitingQueues(of tenant: Int) throws -> [LimitQueue] {
        var queues: [LimitQueue] = []
        while let queue = try row(
            LimitStatement.nextQueue, tenant, queues.last?.rawValue ?? "", decode: { try $0.nextQueue() })
        {
            queues.append(queue)
        }
        return queues
    }

    /// One at a time, because tasks are moved one at a time.
    func heads(of queue: LimitQueue, tenant: Int) throws -> [WaitingHead<Int>] {
        try rows(LimitStatement.head, tenant, queue.rawValue) { columns in
            let run = try columns.next(Int.self)
            return try columns.nextWaitingHead(of: run)
        }
    }

    func move(_ tasks: [MovedTask<Int>], of tenant: Int) throws {
        for task in tasks { try move(run: task.head.run, position: task.head.position, of: tenant, to: task.queue) }
    }

    func leaveQueue(_ queue: LimitQueue, run: Int, of tenant: Int) throws {
        try change(
            "UPDATE tasks SET parked_on = NULL WHERE tenant = ? AND run = ? AND parked_on = ?", tenant, run, queue.rawValue)
    }

    func emptyQueue(_ queue: LimitQueue, of tenant: Int) throws -> Int {
        try change("UPDATE tasks SET parked_on = NULL WHERE tenant = ? AND parked_on = ?", tenant, queue.rawValue)
    }
}
