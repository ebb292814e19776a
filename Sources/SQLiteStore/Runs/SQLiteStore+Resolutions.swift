import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func resolve(_ order: ResolutionOrder, in run: RunID, of tenant: Tenant) async throws -> ResolutionOutcome {
        try await write { database, signals in try database.resolve(order, in: run, of: tenant, signals: &signals) }
    }

    public func needs(in run: RunID, of tenant: Tenant) async throws -> [[String]]? {
        try await read { database in
            guard let number = try database.number(of: tenant) else { return nil }
            let needs = try database.rows(ResolutionStatement.needs, number, run) { try Needs.ids($0.next()) }
            return needs.isEmpty ? try database.row(NoteStatement.run, number, run) { _ in [] } : needs
        }
    }
}

enum ResolutionStatement {
    static let needs = """
        SELECT k.needs FROM runs AS r INDEXED BY runs_id
        CROSS JOIN tasks AS k ON k.tenant = r.tenant AND k.run = r.number
        WHERE r.tenant = ? AND r.id = ? AND k.position < \(ItemPlace.first) ORDER BY k.position
        """
    static let list = """
        SELECT d.task, d.resolution, d.reason, d.resolved_at, p.id, p.name, p.email FROM run_resolutions AS d
        CROSS JOIN principals AS p ON p.number = d.resolved_by
        WHERE d.tenant = ? AND d.run = ? ORDER BY d.number
        """
    static let count = "SELECT count(*) FROM run_resolutions WHERE tenant = ? AND run = ?"
    static let insert = """
        INSERT INTO run_resolutions (tenant, run, number, task, resolution, reason, resolved_at, resolved_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let delete = "DELETE FROM run_resolutions WHERE tenant = ? AND run = ?"
    /// A rerun of a run that carries a decision and has not ended.
    static let carrier = """
        SELECT r.id FROM runs AS r INDEXED BY runs_rerun_of
        WHERE r.tenant = ? AND r.rerun_of = ? AND r.ended_at IS NULL
            AND EXISTS (SELECT 1 FROM run_resolutions AS d WHERE d.tenant = r.tenant AND d.run = r.number)
        ORDER BY r.created_at DESC, r.id DESC LIMIT 1
        """
}

extension DatabaseConnection {
    func resolve(
        _ order: ResolutionOrder, in run: RunID, of tenant: Tenant, signals: inout Set<StoreSignal>
    ) throws -> ResolutionOutcome {
        guard let number = try number(of: tenant), var stored = try storedRun(run, of: number) else { return .noSuchRun }
        if case .one(let task) = order.tasks { try load(item: task, into: &stored) }
        if let refusal = try resolve(stored, by: order, signals: &signals) { return .refused(refusal) }
        guard let details = try runDetails(run, of: tenant) else { return .noSuchRun }
        try record(.runResolved, AuditObject(run.rawValue, name: details.run.name), of: tenant, numbered: number)
        return .resolved(details)
    }

    func resolutions(of run: Int, tenant: Int) throws -> [RunResolution] {
        try rows(ResolutionStatement.list, tenant, run) { try $0.nextResolution() }
    }

    func resolutionCount(of run: StoredRun) throws -> Int {
        try row(ResolutionStatement.count, run.tenant, run.number) { try $0.next(Int.self) } ?? 0
    }

    func record(_ resolutions: [RunResolution], after count: Int, of run: StoredRun) throws {
        try insert(resolutions, after: count, run: run.number, tenant: run.tenant)
    }

    /// - Parameter count: the decisions that the run has.
    func insert(_ resolutions: [RunResolution], after count: Int = 0, run: Int, tenant: Int) throws {
        for (place, resolution) in resolutions.enumerated() {
            try change(
                ResolutionStatement.insert, tenant, run, count + place + 1, resolution.task, resolution.resolution,
                resolution.reason, resolution.resolvedAt, try findOrCreate(resolution.resolvedBy, in: tenant))
        }
    }

    /// - Throws: ``ResolutionRefusal/isCarriedBy(_:)`` when the plan carries a decision, and another rerun that does so is under way.
    func checkCarriers(of plan: RunPlan, tenant: Int) throws {
        guard !plan.resolutions.isEmpty, let old = plan.rerunOf else { return }
        let carrier = try row(ResolutionStatement.carrier, tenant, old) { try $0.next(RunID.self) }
        if let carrier { throw ResolutionRefusal.isCarriedBy(carrier) }
    }
}
