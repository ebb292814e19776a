import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func stopRun(_ id: RunID, of tenant: Tenant, at now: Timestamp) async throws -> WorkflowRunDetails? {
        try await write { database, signals in
            guard let number = try database.number(of: tenant), var run = try database.storedRun(id, of: number) else { return nil }
            try run.progress.stop(at: now)
            // Nobody works on imported history, so that what it says is under way has nobody to end it.
            if run.isImported { try run.endUnheldTasks(of: tenant, at: now) }
            if run.progress.hasRunChanged, run.progress.tasks.contains(where: { $0.state == .stopping }) {
                signals.insert(.stop(id))
            }
            try database.save(run)
            if run.hasEndedScheduled { signals.insert(.schedules) }
            if try database.admitWaiting(behind: run) { signals.insert(.work) }
            return try database.runDetails(id, of: tenant)
        }
    }
}

extension StoredRun {
    fileprivate mutating func endUnheldTasks(of tenant: Tenant, at now: Timestamp) throws {
        for task in progress.tasks where task.state == .stopping {
            let nobody = Lease(tenant: tenant, run: id, task: task.id, attempt: task.attempt, token: task.token)
            _ = try progress.commit(.stopped, under: nobody, at: now)
        }
    }
}
