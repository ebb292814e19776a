import WorkflowModel

/// The statements about what waits for room.
enum LimitStatement {
    /// Keys of advisory locks are numbers: this one is beyond those of everything else.
    static let lock = 0x6C69_6D69 << 32
    static let sizes = """
        SELECT l.name, l.size, q.ready_at FROM limits AS l LEFT JOIN LATERAL (
            SELECT ready_at FROM ready_tasks WHERE tenant = l.tenant AND parked_on = l.name ORDER BY ready_at LIMIT 1) AS q ON true
        WHERE l.tenant = $1 AND l.name = ANY ($2)
        """
    static let leased = "SELECT uses FROM task_leases WHERE tenant = $1"
    static let going = """
        SELECT count(*) FROM runs
        WHERE tenant = $1 AND configuration = $2 AND configuration IS NOT NULL AND state BETWEEN 1 AND 4
        """
    /// Those that a stop is just taking away are passed over.
    static let heads = """
        SELECT q.run, q.run_created_at, q.position, k.uses, r.configuration, r.state FROM ready_tasks AS q
        JOIN tasks AS k ON k.tenant = q.tenant AND k.run = q.run AND k.position = q.position
            AND k.run_created_at = q.run_created_at
        JOIN runs AS r ON r.tenant = q.tenant AND r.id = q.run AND r.created_at = q.run_created_at
        WHERE q.tenant = $1 AND q.parked_on = $2 ORDER BY q.ready_at, q.position, q.run LIMIT 20 FOR UPDATE OF q SKIP LOCKED
        """
    static let leave = """
        UPDATE ready_tasks AS q SET parked_on = NULL FROM (
            SELECT tenant, run, position FROM ready_tasks WHERE tenant = $1 AND run = $2 AND parked_on = $3
            FOR UPDATE SKIP LOCKED) AS w
        WHERE q.tenant = w.tenant AND q.run = w.run AND q.position = w.position
        """
    static let leaveAll = """
        UPDATE ready_tasks AS q SET parked_on = NULL FROM (
            SELECT tenant, run, position FROM ready_tasks WHERE tenant = $1 AND parked_on = $2 FOR UPDATE SKIP LOCKED) AS w
        WHERE q.tenant = w.tenant AND q.run = w.run AND q.position = w.position
        """
    static let queues = """
        WITH RECURSIVE queues (name) AS (
            (SELECT parked_on FROM ready_tasks WHERE tenant = $1 AND parked_on IS NOT NULL ORDER BY parked_on LIMIT 1)
            UNION ALL
            SELECT (SELECT parked_on FROM ready_tasks WHERE tenant = $1 AND parked_on > q.name ORDER BY parked_on LIMIT 1)
            FROM queues AS q WHERE q.name IS NOT NULL)
        SELECT name FROM queues WHERE name IS NOT NULL
        """
    static let move = """
        UPDATE ready_tasks AS q SET parked_on = c.queue
        FROM unnest($1, $2, $3, $4) AS c (tenant, run, position, queue)
        WHERE q.tenant = c.tenant AND q.run = c.run AND q.position = c.position
        """
}

extension PostgresConnection {
    /// Whoever decides what a tenant's limits have room for, or makes room, does so one after the other; behind the locks of
    /// runs. What is read after it sees what whoever held it before has written.
    func lockLimits(of tenant: Int) throws {
        _ = try execute("SELECT pg_advisory_xact_lock($1)", [LimitStatement.lock + tenant])
    }

    func hasLimits(_ tenant: Int) throws -> Bool {
        try row("SELECT 1 FROM limits WHERE tenant = $1 LIMIT 1", tenant) { _ in true } ?? false
    }

    /// Looks up what there is of limits and what is taken of it. Workers are few, so that their leases are read one by one.
    func learn(_ limits: Set<Limit>, of tenant: Int, into ledger: inout LimitLedger) throws {
        guard !limits.isEmpty else { return }
        for limit in limits { ledger.setUnlimited(limit) }
        let found = try rows(LimitStatement.sizes, tenant, Column(limits.map(\.rawValue).sorted())) {
            (name: try $0.next(String.self), size: try $0.next(Int.self), first: try $0.next(Timestamp?.self))
        }
        guard !found.isEmpty else { return }
        let leased = LeasedUnits(try rows(LimitStatement.leased, tenant) { try ResourceUse.uses(try $0.next()) })
        for (name, size, first) in found {
            guard let limit = Limit(rawValue: name) else { throw StoreError.unreadable("the limit \(name)") }
            let taken = try leased.taken(of: limit) { configuration in
                try row(LimitStatement.going, tenant, configuration) { try $0.next() } ?? 0
            }
            ledger.set(limit, size: size, taken: taken, waitingSince: first)
        }
    }

    /// All tasks of a run that wait there can be claimed again.
    func leaveQueue(_ queue: LimitQueue, run: RunKey) throws {
        try change(LimitStatement.leave, run.tenant, run.id, queue.rawValue)
    }

    /// Lets through who waits for these limits and has room now, in the order in which they have waited. The tenant's limits are locked.
    ///
    /// - Parameter limits: nil when limits themselves have changed: everybody who waits is looked at.
    /// - Returns: whether there may be something to claim.
    func admitWaiting(of tenant: Int, for limits: Set<Limit>?) throws -> Bool {
        let queues = try limits.map { $0.map { LimitQueue($0) }.sorted { $0.rawValue < $1.rawValue } } ?? waitingQueues(of: tenant)
        var pass = AdmissionPass(database: self, tenant: tenant)
        for queue in queues { try pass.admit(from: queue) }
        return pass.hasAdmitted
    }

    /// Lets through who waited for what a run has left.
    /// - Returns: whether there may be something to claim.
    func admitWaiting(behind run: StoredRun) throws -> Bool {
        guard run.hasLimits else { return false }
        try lockLimits(of: run.key.tenant)
        return try admitWaiting(of: run.key.tenant, for: run.progress.limitsMadeRoom(configuration: run.configuration))
    }

    func waitingQueues(of tenant: Int) throws -> [LimitQueue] {
        try rows(LimitStatement.queues, tenant) { try $0.next(String.self) }.map { name in
            guard let queue = LimitQueue(rawValue: name) else { throw StoreError.unreadable("the queue \(name)") }
            return queue
        }
    }

    /// Those that have waited longest there.
    func heads(of queue: LimitQueue, tenant: Int) throws -> [WaitingHead] {
        try rows(LimitStatement.heads, tenant, queue.rawValue) { columns in
            WaitingHead(
                run: RunKey(tenant: tenant, id: try columns.next(), createdAt: try columns.next()), position: try columns.next(),
                uses: try ResourceUse.uses(try columns.next()), configuration: try columns.next(), runState: try columns.next())
        }
    }

    /// nil: to be claimed.
    fileprivate func move(_ tasks: [(task: WaitingHead, queue: LimitQueue?)]) throws {
        guard !tasks.isEmpty else { return }
        try change(
            LimitStatement.move, Column(tasks.map(\.task.run.tenant)), Column(tasks.map(\.task.run.id)),
            Column(tasks.map(\.task.position)), Column(tasks.map { $0.queue?.rawValue }))
    }
}

struct WaitingHead {
    var run: RunKey
    var position: Int
    var uses: [String: Int]
    var configuration: String?
    var runState: RunState
}

/// Goes through queues once, and counts whom it lets through as if they had been claimed.
private struct AdmissionPass {
    let database: PostgresConnection
    let tenant: Int
    private(set) var hasAdmitted = false
    private var ledger = LimitLedger()
    private var runs: Set<RunID> = []

    init(database: PostgresConnection, tenant: Int) {
        self.database = database
        self.tenant = tenant
    }

    mutating func admit(from queue: LimitQueue) throws {
        try database.learn(ledger.unknown(in: [queue.limit]), of: tenant, into: &ledger)
        guard !queue.isBeyond, ledger.limits(queue.limit) else {
            let changed = try database.change(LimitStatement.leaveAll, tenant, queue.rawValue)
            hasAdmitted = hasAdmitted || changed > 0
            return
        }
        while true {
            let heads = try database.heads(of: queue, tenant: tenant)
            guard try admit(heads, from: queue), !heads.isEmpty else { return }
        }
    }

    /// - Returns: whether there may be more to let through.
    private mutating func admit(_ heads: [WaitingHead], from queue: LimitQueue) throws -> Bool {
        var moved: [(task: WaitingHead, queue: LimitQueue?)] = []
        var isOpen = true
        for head in heads where isOpen {
            let isNew = head.runState == .scheduled && !runs.contains(head.run.id)
            let demand = LimitDemand(uses: head.uses, takingUpRunOf: isNew ? head.configuration : nil)
            try database.learn(ledger.unknown(in: [demand]), of: tenant, into: &ledger)
            if let obstacle = ledger.obstacle(to: demand) {
                isOpen = obstacle != queue
                if isOpen { moved.append((head, obstacle)) }
                continue
            }
            ledger.take(demand)
            runs.insert(head.run.id)
            hasAdmitted = true
            moved.append((head, nil))
            if case .runs = queue.limit { try database.leaveQueue(queue, run: head.run) }
        }
        try database.move(moved)
        return isOpen
    }
}
