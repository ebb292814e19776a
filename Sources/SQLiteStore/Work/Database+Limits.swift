import GRDB
import WorkflowModel

/// The statements about what waits for room.
enum LimitStatement {
    static let leased = "SELECT uses FROM tasks INDEXED BY tasks_leased WHERE lease_expires_at IS NOT NULL AND tenant = ?"
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
        SELECT k.run, k.position, k.uses, r.configuration, r.state FROM tasks AS k INDEXED BY tasks_parked
        CROSS JOIN runs AS r ON r.number = k.run
        WHERE k.tenant = ? AND k.parked_on = ? ORDER BY k.ready_at, k.position, k.run LIMIT 1
        """
}

extension Database {
    func hasLimits(_ tenant: Int64) throws -> Bool {
        try row("SELECT 1 FROM limits WHERE tenant = ? LIMIT 1", tenant) { _ in true } ?? false
    }

    func size(of limit: Limit, tenant: Int64) throws -> Int? {
        try row("SELECT size FROM limits WHERE tenant = ? AND name = ?", tenant, limit.rawValue) { try $0.next() }
    }

    /// Looks up what there is of limits and what is taken of it. Workers are few, so that their leases are read one by one.
    func learn(_ limits: Set<Limit>, of tenant: Int64, into ledger: inout LimitLedger) throws {
        var leased: LeasedUnits?
        for limit in limits {
            guard let size = try size(of: limit, tenant: tenant) else {
                ledger.setUnlimited(limit)
                continue
            }
            let units =
                try leased
                ?? LeasedUnits(try rows(LimitStatement.leased, tenant) { try ResourceUse.uses(try $0.next()) })
            leased = units
            let taken = try units.taken(of: limit) { configuration in
                try row(LimitStatement.going, tenant, configuration) { try $0.next() } ?? 0
            }
            let first = try row(LimitStatement.firstWaiting, tenant, limit.rawValue) { try $0.next(Timestamp.self) }
            ledger.set(limit, size: size, taken: taken, waitingSince: first)
        }
    }

    func park(run: Int64, position: Int, of tenant: Int64, in queue: LimitQueue) throws {
        try change(
            "UPDATE tasks SET parked_on = ? WHERE tenant = ? AND run = ? AND position = ?", queue.rawValue, tenant, run, position)
    }

    /// All tasks of a run that wait there can be claimed again.
    func leaveQueue(_ queue: LimitQueue, run: Int64, of tenant: Int64) throws {
        try change(
            "UPDATE tasks SET parked_on = NULL WHERE tenant = ? AND run = ? AND parked_on = ?", tenant, run, queue.rawValue)
    }

    /// Lets through who waits for these limits and has room now, in the order in which they have waited.
    ///
    /// - Parameter limits: nil when limits themselves have changed: everybody who waits is looked at.
    /// - Returns: whether there may be something to claim.
    func admitWaiting(of tenant: Int64, for limits: Set<Limit>?) throws -> Bool {
        let queues = try limits.map { $0.map { LimitQueue($0) }.sorted { $0.rawValue < $1.rawValue } } ?? waitingQueues(of: tenant)
        var pass = AdmissionPass(database: self, tenant: tenant)
        for queue in queues { try pass.admit(from: queue) }
        return pass.hasAdmitted
    }

    func waitingQueues(of tenant: Int64) throws -> [LimitQueue] {
        var queues: [LimitQueue] = []
        var last = ""
        while let name = try row(LimitStatement.nextQueue, tenant, last, decode: { try $0.next(String.self) }) {
            guard let queue = LimitQueue(rawValue: name) else { throw StoreError.unreadable("the queue \(name)") }
            queues.append(queue)
            last = name
        }
        return queues
    }

    /// The one that has waited longest there.
    func head(of queue: LimitQueue, tenant: Int64) throws -> WaitingHead? {
        try row(LimitStatement.head, tenant, queue.rawValue) { columns in
            WaitingHead(
                run: try columns.next(), position: try columns.next(), uses: try ResourceUse.uses(try columns.next()),
                configuration: try columns.next(), runState: try columns.next())
        }
    }
}

struct WaitingHead {
    var run: Int64
    var position: Int
    var uses: [String: Int]
    var configuration: String?
    var runState: RunState
}

/// Goes through queues once, and counts whom it lets through as if they had been claimed.
private struct AdmissionPass {
    let database: Database
    let tenant: Int64
    private(set) var hasAdmitted = false
    private var ledger = LimitLedger()
    private var runs: Set<Int64> = []

    init(database: Database, tenant: Int64) {
        self.database = database
        self.tenant = tenant
    }

    mutating func admit(from queue: LimitQueue) throws {
        guard !queue.isBeyond, try database.size(of: queue.limit, tenant: tenant) != nil else {
            let changed = try database.change(
                "UPDATE tasks SET parked_on = NULL WHERE tenant = ? AND parked_on = ?", tenant, queue.rawValue)
            hasAdmitted = hasAdmitted || changed > 0
            return
        }
        while let head = try database.head(of: queue, tenant: tenant) {
            let isNew = head.runState == .scheduled && !runs.contains(head.run)
            let demand = LimitDemand(uses: head.uses, takingUpRunOf: isNew ? head.configuration : nil)
            try database.learn(ledger.unknown(in: [demand]), of: tenant, into: &ledger)
            if let obstacle = ledger.obstacle(to: demand) {
                if obstacle == queue { return }
                try database.park(run: head.run, position: head.position, of: tenant, in: obstacle)
                continue
            }
            ledger.take(demand)
            runs.insert(head.run)
            hasAdmitted = true
            if case .runs = queue.limit {
                try database.leaveQueue(queue, run: head.run, of: tenant)
            } else {
                try database.change(
                    "UPDATE tasks SET parked_on = NULL WHERE tenant = ? AND run = ? AND position = ?", tenant, head.run,
                    head.position)
            }
        }
    }
}
