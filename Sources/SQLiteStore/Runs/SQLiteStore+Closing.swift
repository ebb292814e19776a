import StoreCore
public import WorkflowModel

/// The statement that finds stopped runs whose closing tasks have had their time.
enum ClosingStatement {
    static let due = """
        SELECT d.run, r.tenant FROM closing_deadlines AS d INDEXED BY closing_deadlines_due CROSS JOIN runs AS r ON r.number = d.run
        WHERE d.due_at <= ? ORDER BY d.due_at LIMIT ?
        """
}

extension SQLiteStore {
    /// Reads first: nearly always nothing is due.
    public func endClosingOfAllTenants(at now: Timestamp, limit: Int) async throws -> [RunID] {
        let due = try await read { database in
            try database.rows(ClosingStatement.due, now, limit) { (run: try $0.next(Int.self), tenant: try $0.next(Int.self)) }
        }
        var changed: [RunID] = []
        for (number, tenant) in due {
            let id = try await write { database, signals -> RunID? in
                guard let run = try database.storedRun(number: number, of: tenant) else { return nil }
                if try database.endClosing(of: run, at: now, signals: &signals) { return run.id }
                try database.removeClosingDeadline(ofRun: number)
                return nil
            }
            if let id { changed.append(id) }
        }
        return changed
    }
}

extension DatabaseConnection {
    func saveClosingDeadline(of run: StoredRun) throws {
        switch run.progress.closingDeadline {
        case nil: return
        case .set(let instant): try setClosingDeadline(instant, ofRun: run.number)
        case .removed: try removeClosingDeadline(ofRun: run.number)
        }
    }

    fileprivate func removeClosingDeadline(ofRun run: Int) throws {
        try change("DELETE FROM closing_deadlines WHERE run = ?", run)
    }

    private func setClosingDeadline(_ instant: Timestamp, ofRun run: Int) throws {
        try change("INSERT INTO closing_deadlines (run, due_at) VALUES (?, ?)", run, instant)
    }
}
