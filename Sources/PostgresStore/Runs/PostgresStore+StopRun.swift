public import WorkflowModel

extension PostgresStore {
    public func stopRun(_ id: RunID, of tenant: Tenant, at now: Timestamp) async throws -> WorkflowRunDetails? {
        try await write { (database, attempt: inout WriteAttempt<WorkflowRunDetails?>) in
            guard let number = try database.number(of: tenant) else { return nil }
            // As a claim does: first the ready tasks, then their run, so that the two never wait for each other.
            _ = try database.execute(
                "SELECT 1 FROM ready_tasks WHERE tenant = $1 AND run = $2 ORDER BY position FOR UPDATE", [number, id])
            guard var run = try database.storedRun(id, of: number) else { return nil }
            try run.progress.stop(at: now)
            // Nobody works on imported history, so that what it says is under way has nobody to end it.
            if run.isImported { try run.endUnheldTasks(of: tenant, at: now) }
            let isNew = run.progress.hasRunChanged || attempt.former != nil
            if isNew, run.progress.tasks.contains(where: { $0.state == .stopping }) { attempt.signals.insert(.stop(id)) }
            if run.hasEndedScheduled { attempt.signals.insert(.schedules) }
            try database.save([run])
            if try database.admitWaiting(behind: run) { attempt.signals.insert(.work) }
            return try database.runDetails(id, of: tenant)
        }
    }
}

extension StoredRun {
    fileprivate mutating func endUnheldTasks(of tenant: Tenant, at now: Timestamp) throws {
        for task in progress.tasks where task.state == .stopping {
            let nobody = Lease(tenant: tenant, run: key.id, task: task.id, attempt: task.attempt, token: task.token)
            _ = try progress.commit(.stopped, under: nobody, at: now)
        }
    }
}
