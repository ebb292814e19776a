import StoreCore
import WorkflowModel

/// The place of a task that can be claimed.
struct ReadyTask {
    var run: RunKey
    var position: Int
    var readyAt: Timestamp
    /// The tenant's place in the order of turns.
    var turn: Int
}

/// The statements by which tenants take turns.
enum TurnStatement {
    /// Takes tasks of the tenants with the lowest turns, as many of each as fit into the limit, by one statement whatever is
    /// queued. Tenants with tasks are found by skipping from one to the next in the queue's index. Tasks that another claim
    /// has locked are skipped, so that workers never wait for each other. With EXISTS in place of the limit of one, the server may read
    /// all ready tasks.
    static let take = """
        WITH RECURSIVE queued (tenant) AS (
            (SELECT tenant FROM ready_tasks WHERE parked_on IS NULL ORDER BY tenant LIMIT 1)
            UNION ALL
            SELECT (
                SELECT q.tenant FROM ready_tasks AS q WHERE q.tenant > p.tenant AND q.parked_on IS NULL ORDER BY q.tenant LIMIT 1)
            FROM queued AS p WHERE p.tenant IS NOT NULL),
        next AS MATERIALIZED (
            SELECT t.tenant FROM queued AS p JOIN tenant_turns AS t ON t.tenant = p.tenant CROSS JOIN LATERAL (
                SELECT FROM ready_tasks WHERE tenant = p.tenant AND ready_at <= $1 AND parked_on IS NULL
                ORDER BY ready_at, position, run LIMIT 1) AS q
            ORDER BY t.turn, t.tenant LIMIT $2),
        shares AS MATERIALIZED (
            SELECT tenant, row_number() OVER () AS turn, count(*) OVER () AS tenants FROM next),
        picked AS MATERIALIZED (
            SELECT q.*, s.turn FROM shares AS s CROSS JOIN LATERAL (
                SELECT tenant, run, position FROM ready_tasks
                WHERE tenant = s.tenant AND ready_at <= $1 AND parked_on IS NULL ORDER BY ready_at, position, run
                LIMIT $2 / s.tenants + (s.turn <= $2 % s.tenants)::integer FOR UPDATE SKIP LOCKED) AS q)
        DELETE FROM ready_tasks AS q USING picked AS p
        WHERE q.tenant = p.tenant AND q.run = p.run AND q.position = p.position
        RETURNING q.tenant, q.run, q.run_created_at, q.position, q.ready_at, p.turn
        """
    /// Turns only serve fairness: where another claim is recording one, that one counts.
    static let record = """
        WITH free AS MATERIALIZED (
            SELECT t.tenant, c.turn FROM unnest($1, $2) AS c (tenant, turn) JOIN tenant_turns AS t ON t.tenant = c.tenant
            FOR UPDATE OF t SKIP LOCKED),
        begin AS MATERIALIZED (SELECT nextval('turns') AS turn)
        UPDATE tenant_turns AS t SET turn = b.turn + f.turn FROM free AS f, begin AS b WHERE t.tenant = f.tenant
        """
}

extension PostgresConnection {
    /// Takes claimable tasks, dealt as if they were claimed one at a time. One task of each tenant that has any comes first,
    /// then another of each, and so on.
    func takeReadyTasks(at now: Timestamp, limit: Int) throws -> [ReadyTask] {
        var queues: [[ReadyTask]] = []
        var count = 0
        while count < limit {
            let taken = try rows(TurnStatement.take, now, limit - count) { columns in
                ReadyTask(
                    run: RunKey(tenant: try columns.next(), id: try columns.next(), createdAt: try columns.next()),
                    position: try columns.next(), readyAt: try columns.next(), turn: try columns.next())
            }
            if taken.isEmpty { break }
            count += taken.count
            // The rest of the limit is shared by the tenants that have more.
            for queue in Self.queues(taken) {
                if let known = queues.firstIndex(where: { $0.first?.run.tenant == queue.first?.run.tenant }) {
                    queues[known] += queue
                } else {
                    queues.append(queue)
                }
            }
        }
        let depth = queues.map(\.count).max() ?? 0
        let dealt = (0..<depth).flatMap { place in queues.compactMap { $0.indices.contains(place) ? $0[place] : nil } }
        if !dealt.isEmpty { try recordTurns(dealt) }
        return dealt
    }

    /// The taken tasks by tenant, in the order of turns.
    private static func queues(_ taken: [ReadyTask]) -> [[ReadyTask]] {
        Dictionary(grouping: taken, by: \.turn).sorted { $0.key < $1.key }.map { queue in
            queue.value.sorted { ($0.readyAt, $0.position, $0.run.id) < ($1.readyAt, $1.position, $1.run.id) }
        }
    }

    /// Records the tenants' turns, in the order in which their tasks were dealt.
    private func recordTurns(_ claimed: [ReadyTask]) throws {
        var turns: [Int: Int] = [:]
        for (place, task) in claimed.enumerated() { turns[task.run.tenant] = place }
        _ = try execute(TurnStatement.record, [Column(Array(turns.keys)), Column(Array(turns.values))])
    }
}
