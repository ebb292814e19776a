import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func resolve(_ order: ResolutionOrder, in run: RunID, of tenant: Tenant) async throws -> ResolutionOutcome {
        try await write { (database, attempt: inout WriteAttempt<ResolutionOutcome>) in
            // An earlier try, whose answer was lost, has written it.
            if case .resolved(let former)? = attempt.former, let decision = former.resolutions.last,
                let number = try database.number(of: tenant)
            {
                try database.lockReadyTasks(of: run, tenant: number)
                if try database.resolutions(of: [run], tenant: number)[run]?.contains(decision) == true {
                    attempt.signals.insert(.work)
                    return .resolved(former)
                }
            }
            return try database.resolve(order, in: run, of: tenant, signals: &attempt.signals)
        }
    }

    public func needs(in run: RunID, of tenant: Tenant) async throws -> [[String]]? {
        try await readAnywhere { database in
            guard let number = try database.number(of: tenant) else { return nil }
            return try database.findRun(run, of: number) { from, to in
                let needs = try database.rows(ResolutionStatement.needs, number, run, from, to) { try Needs.ids($0.next()) }
                return needs.isEmpty ? try database.row(ResolutionStatement.run, number, run, from, to) { _ in [] } : needs
            }
        }
    }
}

/// A decision with its place.
struct PlacedResolution {
    var run: RunKey
    var number: Int
    var resolution: RunResolution
}

enum ResolutionStatement {
    static let needs = """
        SELECT needs FROM tasks WHERE tenant = $1 AND run = $2 AND run_created_at >= $3 AND run_created_at < $4
            AND position < \(ItemPlace.first)
        ORDER BY position
        """
    static let run = "SELECT 1 FROM runs WHERE tenant = $1 AND id = $2 AND created_at >= $3 AND created_at < $4"
    static let lock = run + " FOR NO KEY UPDATE"
    static let list = """
        SELECT c.run, n.* FROM unnest($2) AS c (run)
        CROSS JOIN LATERAL (
            SELECT d.task, d.resolution, d.reason, d.resolved_at, p.id, p.name, p.email
            FROM run_resolutions AS d JOIN principals AS p ON p.number = d.resolved_by
            WHERE d.tenant = $1 AND d.run = c.run ORDER BY d.number) AS n
        """
    static let count = "SELECT count(*) FROM run_resolutions WHERE tenant = $1 AND run = $2"
    /// A rerun of a run that carries a decision and has not ended. It is never older than the run.
    static let carrier = """
        SELECT r.id FROM runs AS r
        WHERE r.tenant = $1 AND r.rerun_of = $2 AND r.created_at >= $3 AND r.ended_at IS NULL
            AND EXISTS (SELECT 1 FROM run_resolutions AS d WHERE d.tenant = r.tenant AND d.run = r.id)
        ORDER BY r.created_at DESC, r.id DESC LIMIT 1
        """
}

extension PostgresConnection {
    func resolve(
        _ order: ResolutionOrder, in run: RunID, of tenant: Tenant, signals: inout Set<StoreSignal>
    ) throws -> ResolutionOutcome {
        guard let number = try number(of: tenant) else { return .noSuchRun }
        // As a stop does, so that the two, and a claim, never deadlock.
        try lockReadyTasks(of: run, tenant: number)
        guard var stored = try storedRun(run, of: number) else { return .noSuchRun }
        if case .one(let task) = order.tasks { try load(item: task, into: &stored) }
        if let refusal = try resolve(stored, by: order, signals: &signals) { return .refused(refusal) }
        guard let details = try runDetails(run, of: tenant) else { return .noSuchRun }
        try record(.runResolved, AuditObject(run.rawValue, name: details.run.name), of: tenant, numbered: number)
        return .resolved(details)
    }

    func resolutions(of runs: [RunID], tenant: Int) throws -> [RunID: [RunResolution]] {
        let found = try rows(ResolutionStatement.list, tenant, Column(runs)) {
            (run: try $0.next(RunID.self), resolution: try $0.nextResolution())
        }
        return Dictionary(grouping: found, by: \.run).mapValues { $0.map(\.resolution) }
    }

    func resolutionCount(of run: StoredRun) throws -> Int {
        try row(ResolutionStatement.count, run.tenant, run.id) { try $0.next(Int.self) } ?? 0
    }

    func record(_ resolutions: [RunResolution], after count: Int, of run: StoredRun) throws {
        try insert(resolutions, of: run.key, after: count)
    }

    func insert(_ resolutions: [RunResolution], of run: RunKey, after count: Int = 0) throws {
        try insert(
            resolutions.enumerated().map { PlacedResolution(run: run, number: count + $0.offset + 1, resolution: $0.element) })
    }

    func insert(_ placed: [PlacedResolution]) throws {
        guard !placed.isEmpty else { return }
        let resolutions = placed.map(\.resolution)
        _ = try execute(
            """
            INSERT INTO run_resolutions (tenant, run, run_created_at, number, task, resolution, reason, resolved_at, resolved_by)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                Column(placed.map(\.run.tenant)), Column(placed.map(\.run.id)), Column(placed.map(\.run.createdAt)),
                Column(placed.map(\.number)), Column(resolutions.map(\.task)), Column(resolutions.map(\.resolution)),
                Column(resolutions.map(\.reason)), Column(resolutions.map(\.resolvedAt)),
                Column(try placed.map { try findOrCreate($0.resolution.resolvedBy, in: $0.run.tenant) }),
            ])
    }

    /// Locks the old run, so that of two reruns with a decision the second one sees the first.
    /// - Throws: ``ResolutionRefusal/isCarriedBy(_:)`` when the plan carries a decision, and another rerun that does so is under way.
    func checkCarriers(of plan: RunPlan, tenant: Int) throws {
        guard !plan.resolutions.isEmpty, let old = plan.rerunOf else { return }
        _ = try findRun(old, of: tenant) { from, to in
            try row(ResolutionStatement.lock, tenant, old, from, to) { _ in true }
        }
        let beginning = PartitionMonth(of: old)?.begin ?? .earliest
        let carrier = try row(ResolutionStatement.carrier, tenant, old, beginning) { try $0.next(RunID.self) }
        if let carrier { throw ResolutionRefusal.isCarriedBy(carrier) }
    }
}
