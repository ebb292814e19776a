import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func deleteRun(_ id: RunID, of tenant: Tenant) async throws -> DeletionOutcome? {
        try await write { (database, attempt: inout WriteAttempt<DeletionOutcome?>) in
            let outcome = try database.delete(id, of: tenant)
            // An earlier try, whose answer was lost, has deleted it.
            if outcome == nil, let former = attempt.former { return former }
            return outcome
        }
    }
}

enum RunDeletionStatement {
    static let run = """
        SELECT created_at, name, ended_at IS NOT NULL FROM runs
        WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4 FOR UPDATE
        """
    /// The keys stay used: a repeated start must not start another run.
    static let startKeys = "UPDATE start_keys SET run = '' WHERE tenant = $1 AND run = $2"
}

extension PostgresConnection {
    func delete(_ id: RunID, of tenant: Tenant) throws -> DeletionOutcome? {
        guard let number = try number(of: tenant) else { return nil }
        try lockMarks()
        let found = try findRun(id, of: number) { from, to in
            try row(RunDeletionStatement.run, number, id, from, to) {
                (createdAt: try $0.next(Timestamp.self), name: try $0.next(String.self), hasEnded: try $0.next(Bool.self))
            }
        }
        guard let run = found else { return nil }
        guard run.hasEnded else { return .hasNotEnded }
        let key = RunKey(tenant: number, id: id, createdAt: run.createdAt)
        let gone = try rows(RetentionStatement.delete, values: [key].columns) { try $0.nextFiledRun() }.compactMap(\.self)
        try unfile(gone)
        try change(RunDeletionStatement.startKeys, number, id)
        try deleteRecords(of: [key])
        try record(.runDeleted, AuditObject(id.rawValue, name: run.name), of: tenant, numbered: number)
        return .deleted
    }
}
