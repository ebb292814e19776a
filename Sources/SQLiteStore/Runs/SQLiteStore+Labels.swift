import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func changeLabels(of id: RunID, tenant: Tenant, _ change: LabelChange) async throws -> LabelOutcome? {
        try await write { try $0.changeLabels(of: id, tenant: tenant, change) }
    }
}

enum LabelStatement {
    static let run = "SELECT number, name, labels FROM runs INDEXED BY runs_id WHERE tenant = ? AND id = ?"
    /// OR FAIL: see `DatabaseConnection.save`.
    static let update = "UPDATE OR FAIL runs SET labels = ? WHERE number = ?"
}

extension DatabaseConnection {
    /// A run that is filed is filed again, under its new labels.
    func changeLabels(of id: RunID, tenant: Tenant, _ change: LabelChange) throws -> LabelOutcome? {
        guard let number = try number(of: tenant) else { return nil }
        let found = try row(LabelStatement.run, number, id) {
            (number: try $0.next(Int.self), name: try $0.next(String.self), labels: try $0.next(RunLabels.self))
        }
        guard let run = found else { return nil }
        let labels = change.applied(to: run.labels)
        guard labels != run.labels else { return .unchanged(labels) }
        guard labels.count <= RunLabels.most else { return .tooMany(labels.count) }
        try fileAgain(run.number)
        try self.change(LabelStatement.update, labels, run.number)
        try record(.runLabeled, AuditObject(id.rawValue, name: run.name), of: tenant, numbered: number)
        return .changed(labels)
    }
}
