import StoreCore
import WorkflowModel

/// The statements about tasks that wait for limits.
enum LimitStatement {
    /// The base of the advisory lock numbers of tenants, above all others.
    static let lock = 0x6C69_6D69 << 32
    static let sizes = """
        SELECT l.name, l.size, q.ready_at FROM limits AS l LEFT JOIN LATERAL (
            SELECT ready_at FROM ready_tasks WHERE tenant = l.tenant AND parked_on = l.name ORDER BY ready_at LIMIT 1) AS q ON true
        WHERE l.tenant = $1 AND l.name = ANY ($2)
        """
    static let leased = "SELECT uses FROM task_leases WHERE tenant = $1"
    /// Of tasks that wait for work outside.
    static let waiting = "SELECT uses FROM ready_tasks WHERE tenant = $1 AND uses IS NOT NULL"
    static let going = """
        SELECT count(*) FROM runs
        WHERE tenant = $1 AND configuration = $2 AND configuration IS NOT NULL AND state BETWEEN 1 AND 4
        """
    /// Tasks that a concurrent stop has locked are skipped.
    static let heads = """
        SELECT q.run, q.run_created_at, q.position, CASE WHEN k.wait IS NULL THEN k.uses END, r.configuration, r.state FROM ready_tasks AS q
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
    /// Serializes the transactions that admit tasks to a tenant's limits or release them. Locked after runs. Statements after
    /// it see what the previous holder has written.
    func lockLimits(of tenant: Int) throws {
        _ = try execute("SELECT pg_advisory_xact_lock($1)", [LimitStatement.lock + tenant])
    }

    func hasLimits(_ tenant: Int) throws -> Bool {
        try row("SELECT 1 FROM limits WHERE tenant = $1 LIMIT 1", tenant) { _ in true } ?? false
    }

    func goingRunCount(of configuration: String, tenant: Int) throws -> Int {
        try row(LimitStatement.going, tenant, configuration) { try $0.next() } ?? 0
    }
}

/// The caller has locked the tenant's limits.
extension PostgresConnection: LimitTransaction {
    func isLimited(_ limit: Limit, of tenant: Int, in ledger: inout LimitLedger) throws -> Bool {
        try learn(ledger.unknown(in: [limit]), of: tenant, into: &ledger)
        return ledger.limits(limit)
    }

    /// Workers are few, so that all their leases are read.
    func learn(_ limits: Set<Limit>, of tenant: Int, into ledger: inout LimitLedger) throws {
        guard !limits.isEmpty else { return }
        for limit in limits { ledger.setUnlimited(limit) }
        let found = try rows(LimitStatement.sizes, tenant, Column(limits.map(\.rawValue).sorted())) {
            (name: try $0.next(String.self), size: try $0.next(Int.self), first: try $0.next(Timestamp?.self))
        }
        guard !found.isEmpty else { return }
        let leased = LeasedUnits(
            try rows(LimitStatement.leased, tenant) { try ResourceUse.uses(try $0.next()) },
            waiting: try rows(LimitStatement.waiting, tenant) { try ResourceUse.uses(try $0.next()) })
        for (name, size, first) in found {
            guard let limit = Limit(rawValue: name) else { throw StoreError.unreadable("the limit \(name)") }
            let taken = try leased.taken(of: limit) { try goingRunCount(of: $0, tenant: tenant) }
            ledger.set(limit, size: size, taken: taken, waitingSince: first)
        }
    }

    func waitingQueues(of tenant: Int) throws -> [LimitQueue] {
        try rows(LimitStatement.queues, tenant) { try $0.nextQueue() }
    }

    func heads(of queue: LimitQueue, tenant: Int) throws -> [WaitingHead<RunKey>] {
        try rows(LimitStatement.heads, tenant, queue.rawValue) { columns in
            let run = RunKey(tenant: tenant, id: try columns.next(), createdAt: try columns.next())
            return try columns.nextWaitingHead(of: run)
        }
    }

    func move(_ tasks: [MovedTask<RunKey>], of tenant: Int) throws {
        let heads = tasks.map(\.head)
        try change(
            LimitStatement.move, Column(heads.map(\.run.tenant)), Column(heads.map(\.run.id)), Column(heads.map(\.position)),
            Column(tasks.map { $0.queue?.rawValue }))
    }

    func leaveQueue(_ queue: LimitQueue, run: RunKey, of tenant: Int) throws {
        try change(LimitStatement.leave, tenant, run.id, queue.rawValue)
    }

    func emptyQueue(_ queue: LimitQueue, of tenant: Int) throws -> Int {
        try change(LimitStatement.leaveAll, tenant, queue.rawValue)
    }
}
