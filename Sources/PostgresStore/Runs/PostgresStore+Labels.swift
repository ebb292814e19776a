import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func changeLabels(of id: RunID, tenant: Tenant, _ change: LabelChange) async throws -> LabelOutcome? {
        try await write { (database, attempt: inout WriteAttempt<LabelOutcome?>) in
            let outcome = try database.changeLabels(of: id, tenant: tenant, change)
            // An earlier try, whose answer was lost, has changed them.
            if case .unchanged? = outcome, let former = attempt.former { return former }
            return outcome
        }
    }
}

enum LabelStatement {
    static let run = """
        SELECT created_at, name, labels, \(FiledRunStatement.isAtRest) FROM runs AS r
        WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4 FOR UPDATE
        """
    static let update = "UPDATE runs SET labels = $1 WHERE tenant = $2 AND id = $3 AND created_at = $4"
}

extension PostgresConnection {
    /// A run at rest is filed again, under its new labels.
    func changeLabels(of id: RunID, tenant: Tenant, _ change: LabelChange) throws -> LabelOutcome? {
        guard let number = try number(of: tenant) else { return nil }
        try lockMarks()
        let found = try findRun(id, of: number) { from, to in
            try row(LabelStatement.run, number, id, from, to) {
                (
                    createdAt: try $0.next(Timestamp.self), name: try $0.next(String.self), labels: try $0.next(RunLabels.self),
                    isAtRest: try $0.next(Bool.self)
                )
            }
        }
        guard let run = found else { return nil }
        let labels = change.applied(to: run.labels)
        guard labels != run.labels else { return .unchanged(labels) }
        guard labels.count <= RunLabels.most else { return .tooMany(labels.count) }
        if run.isAtRest {
            try fileAgain(RunKey(tenant: number, id: id, createdAt: run.createdAt))
        }
        try self.change(LabelStatement.update, labels, number, id, run.createdAt)
        try record(.runLabeled, AuditObject(id.rawValue, name: run.name), of: tenant, numbered: number)
        return .changed(labels)
    }
}
