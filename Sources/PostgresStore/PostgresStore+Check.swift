public import WorkflowModel

extension PostgresStore {
    /// What is derived here is what can be claimed and what is held: each has a row of its own beside the task that says so.
    public func checkOfAllTenants(repairing isRepairing: Bool, at now: Timestamp) async throws -> [StoreFinding] {
        try await write { database in
            // Nothing is claimed, ended or started meanwhile.
            if isRepairing { try database.control("LOCK TABLE ready_tasks, task_leases IN SHARE ROW EXCLUSIVE MODE") }
            let strays = try database.row("SELECT count(*) FROM (\(CheckStatement.queuedWithoutTask)) AS q") {
                try $0.next(Int.self)
            }
            guard let strays, strays > 0 else { return [] }
            if isRepairing {
                try database.control(
                    """
                    DELETE FROM ready_tasks AS q USING (\(CheckStatement.queuedWithoutTask)) AS s
                    WHERE q.tenant = s.tenant AND q.run = s.run AND q.position = s.position
                    """)
            }
            return [
                StoreFinding(
                    .tasks, places: strays, "Tasks can be claimed that do not say so.",
                    remedy: isRepairing ? .repaired : .repairable)
            ]
        }
    }
}

private enum CheckStatement {
    static let queuedWithoutTask = """
        SELECT q.tenant, q.run, q.position FROM ready_tasks AS q
        WHERE NOT EXISTS (
            SELECT 1 FROM tasks AS k
            WHERE k.tenant = q.tenant AND k.run = q.run AND k.run_created_at = q.run_created_at AND k.position = q.position
                AND k.ready_at = q.ready_at)
        """
}
