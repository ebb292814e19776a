import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func deleteRun(_ id: RunID, of tenant: Tenant) async throws -> DeletionOutcome? {
        // As retention, which deletes runs likewise.
        try await write(.trusted) { database, _ in try database.delete(id, of: tenant) }
    }
}

enum RunDeletionStatement {
    static let run = "SELECT number, name, ended_at IS NOT NULL FROM runs INDEXED BY runs_id WHERE tenant = ? AND id = ?"
    static let records = ["output_chunks", "attempts", "tasks", "run_notes", "run_resolutions", "run_subscriptions"].map {
        "DELETE FROM \($0) WHERE tenant = ? AND run = ?"
    }
    /// The keys stay used: a repeated start must not start another run.
    static let startKeys = "UPDATE start_keys SET run = NULL WHERE run = ?"
}

extension DatabaseConnection {
    func delete(_ id: RunID, of tenant: Tenant) throws -> DeletionOutcome? {
        guard let number = try number(of: tenant) else { return nil }
        let found = try row(RunDeletionStatement.run, number, id) {
            (number: try $0.next(Int.self), name: try $0.next(String.self), hasEnded: try $0.next(Bool.self))
        }
        guard let run = found else { return nil }
        guard run.hasEnded else { return .hasNotEnded }
        for statement in RunDeletionStatement.records { try change(statement, number, run.number) }
        try change(RunDeletionStatement.startKeys, run.number)
        try change(RetentionStatement.alerts, run.number)
        var unfiling = RunUnfiling(self)
        _ = try unfiling.remove(run.number)
        try change(RetentionStatement.run, run.number)
        try unfiling.countRemoved()
        try record(.runDeleted, AuditObject(id.rawValue, name: run.name), of: tenant, numbered: number)
        return .deleted
    }
}
