import StoreCore
import WorkflowModel

/// The place of a task that can be claimed.
struct ReadyTask: Hashable {
    var tenant: Int
    var run: Int
    var position: Int
}

/// The statements by which tenants take turns.
///
/// However many tasks are queued, they read as many as are claimed, and each tenant at most once.
enum TurnStatement {
    static let tenants = """
        SELECT t.number FROM tenants AS t INDEXED BY tenants_turn
        WHERE t.turn >= 0 AND EXISTS (
            SELECT 1 FROM tasks AS k INDEXED BY tasks_queue
            WHERE k.tenant = t.number AND k.ready_at <= ? AND k.parked_on IS NULL)
        ORDER BY t.turn, t.number LIMIT ?
        """
    static let queue = """
        SELECT run, position FROM tasks INDEXED BY tasks_queue WHERE tenant = ? AND ready_at <= ? AND parked_on IS NULL
        ORDER BY ready_at, position, run LIMIT ? OFFSET ?
        """
    static let newest = "SELECT max(turn) FROM tenants"
}

extension DatabaseConnection {
    /// Claimable tasks, dealt as if they were claimed one at a time. One task of each tenant that has any comes first, then
    /// another of each, and so on.
    func readyTasks(at now: Timestamp, limit: Int) throws -> [ReadyTask] {
        let tenants = try rows(TurnStatement.tenants, now, limit) { try $0.next(Int.self) }
        var queues = tenants.map { _ in [ReadyTask]() }
        var found = 0
        // Every tenant's share first; the rest is shared by the tenants that have more.
        var open = Array(tenants.indices)
        while found < limit, !open.isEmpty {
            let share = (limit - found + open.count - 1) / open.count
            open = try open.filter { index in
                let more = try queue(of: tenants[index], at: now, limit: share, after: queues[index].count)
                queues[index] += more
                found += more.count
                return more.count == share
            }
        }
        let depth = queues.map(\.count).max() ?? 0
        let dealt = (0..<depth).flatMap { place in queues.compactMap { $0.indices.contains(place) ? $0[place] : nil } }
        return Array(dealt.prefix(limit))
    }

    private func queue(of tenant: Int, at now: Timestamp, limit: Int, after offset: Int) throws -> [ReadyTask] {
        try rows(TurnStatement.queue, tenant, now, limit, offset) { columns in
            ReadyTask(tenant: tenant, run: try columns.next(), position: try columns.next())
        }
    }

    /// Records the tenants' turns, in the order in which their tasks were dealt.
    func recordTurns(_ claimed: [ReadyTask]) throws {
        guard !claimed.isEmpty else { return }
        let newest = try row(TurnStatement.newest) { try $0.next(Int.self) } ?? 0
        var turns: [Int: Int] = [:]
        for (place, task) in claimed.enumerated() { turns[task.tenant] = newest + 1 + place }
        for (tenant, turn) in turns { try change("UPDATE tenants SET turn = ? WHERE number = ?", turn, tenant) }
    }
}
