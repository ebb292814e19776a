import StoreCore
public import WorkflowModel

/// The statements about the time until which closing tasks of stopped runs may run.
enum ClosingStatement {
    static let due = "SELECT tenant, run FROM closing_deadlines WHERE due_at <= $1 ORDER BY due_at LIMIT $2"
    static let set = "INSERT INTO closing_deadlines (tenant, run, run_created_at, due_at) VALUES ($1, $2, $3, $4)"
    static let remove = "DELETE FROM closing_deadlines WHERE tenant = $1 AND run = $2"
}

extension PostgresStore {
    /// Reads first: nearly always nothing is due. Two nodes may find the same run: the second one waits for its lock, and then finds
    /// nothing to change.
    public func endClosingOfAllTenants(at now: Timestamp, limit: Int) async throws -> [RunID] {
        let due = try await read { database in
            try database.rows(ClosingStatement.due, now, limit) { (tenant: try $0.next(Int.self), run: try $0.next(RunID.self)) }
        }
        var changed: [RunID] = []
        for (tenant, run) in due {
            let hasChanged = try await write { (database, attempt: inout WriteAttempt<Bool>) in
                try database.lockReadyTasks(of: run, tenant: tenant)
                let stored = try database.storedRun(run, of: tenant)
                let isDue = try database.change(ClosingStatement.remove, tenant, run) > 0
                // An earlier try, whose answer was lost, or another node has changed it.
                guard isDue, let stored else { return attempt.former ?? false }
                return try database.endClosing(of: stored, at: now, signals: &attempt.signals)
            }
            if hasChanged { changed.append(run) }
        }
        return changed
    }
}

extension PostgresConnection {
    /// Locks ready tasks before their run, as a claim does, so that the two never deadlock.
    func lockReadyTasks(of run: RunID, tenant: Int) throws {
        _ = try execute("SELECT 1 FROM ready_tasks WHERE tenant = $1 AND run = $2 ORDER BY position FOR UPDATE", [tenant, run])
    }

    func saveClosingDeadline(of run: StoredRun) throws {
        switch run.progress.closingDeadline {
        case nil: return
        case .set(let instant): try setClosingDeadline(instant, of: run.key)
        case .removed: try change(ClosingStatement.remove, run.key.tenant, run.id)
        }
    }

    func setClosingDeadline(_ instant: Timestamp, of run: RunKey) throws {
        try change(ClosingStatement.set, run.tenant, run.id, run.createdAt, instant)
    }
}
