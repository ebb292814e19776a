import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func endedRunsOfAllTenants(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount] {
        try await read { database in
            try database.rows(RetentionStatement.counts, cutoff) {
                TenantRunCount(tenant: try $0.nextTenant(), runs: try $0.next())
            }
        }
    }

    public func deleteEndedRunsOfAllTenants(
        createdBefore cutoff: Timestamp, from place: RetentionPlace?, addingToStatistics isCounting: Bool
    ) async throws -> RetentionStep {
        if let behind = try RetentionMonth(place),
            let step = try await dropMonth(createdBefore: cutoff, from: behind, isCounting: isCounting)
        {
            return step
        }
        let place = try place.flatMap { $0.isOfMonths ? nil : try RunPlace($0) } ?? RunPlace(beginning: 0)
        return try await write { (database, attempt: inout WriteAttempt<RetentionStep>) in
            if place.tenant == 0 {
                try database.change(RetentionStatement.alertsWithoutRun, cutoff, RetentionLimits.runsRead)
            }
            try database.lockMarks()
            let step = try database.deleteRuns(createdBefore: cutoff, behind: place, isCounting: isCounting)
            // An earlier try has deleted the runs.
            if let former = attempt.former, step.deletedRuns == 0 { return former }
            return step
        }
    }
}

/// The limits of a retention step.
enum RetentionLimits {
    /// Runs that a step reads, including those that it keeps.
    static let runsRead = 500
    /// Statistics that a step deletes.
    static let statistics = 5_000
    /// Most ticks that a step deletes.
    static let ticks = 2_000
    /// How long a step waits for the locks of a month that it drops, and how long others wait for it. A waiting table lock
    /// blocks all later ones.
    static let longestHold = Duration.milliseconds(100)
    /// How often dropping a month is tried before its runs are deleted one by one.
    static let triesPerMonth = 20
}

enum RetentionStatement {
    static let counts = """
        SELECT t.name, c.runs FROM tenants AS t CROSS JOIN LATERAL (
            SELECT count(*) AS runs FROM runs WHERE tenant = t.number AND created_at < $1 AND ended_at IS NOT NULL) AS c
        WHERE c.runs > 0 ORDER BY t.name
        """
    static let runs = """
        SELECT id, created_at FROM runs
        WHERE tenant = $1 AND created_at < $2 AND created_at >= $3 AND (created_at, id) > ($3, $4)
        ORDER BY created_at, id LIMIT $5
        """
    /// Alerts that are about no run expire by their own time.
    static let alertsWithoutRun = """
        DELETE FROM alerts WHERE number IN (
            SELECT number FROM alerts WHERE run IS NULL AND occurred_at < $1 AND next_at IS NULL ORDER BY occurred_at LIMIT $2)
        """
    static let nextTenant = "SELECT min(number) FROM tenants WHERE number > $1"
    private static let deletion = """
        DELETE FROM runs AS r USING unnest($1, $2, $3) AS c (tenant, id, created_at)
        WHERE r.tenant = c.tenant AND r.id = c.id AND r.created_at = c.created_at AND r.created_at BETWEEN $4 AND $5
            AND r.ended_at IS NOT NULL
        """
    private static let gone = "WITH gone AS (\(deletion) RETURNING \(FiledRunStatement.ofRuns))"
    private static let filed = """
        SELECT \(FiledRunStatement.columns) FROM gone AS r JOIN principals AS p ON p.number = r.principal
        """
    static let delete = "\(gone) \(filed)"
    /// Adds what it deletes to the statistics.
    static let deleteCounted = "\(gone), added AS (\(StatisticStatement.adding(from: "gone"))) \(filed)"
}

extension PostgresConnection {
    fileprivate func deleteRuns(
        createdBefore cutoff: Timestamp, behind place: RunPlace, isCounting: Bool
    ) throws -> RetentionStep {
        let tenant = place.tenant
        let found = try rows(
            RetentionStatement.runs, tenant, cutoff, place.createdAt, place.id, RetentionLimits.runsRead
        ) { RunKey(tenant: tenant, id: try $0.next(), createdAt: try $0.next()) }
        let statement = isCounting ? RetentionStatement.deleteCounted : RetentionStatement.delete
        let gone = found.isEmpty ? [] : try rows(statement, values: found.columns) { try $0.nextFiledRun() }.compactMap(\.self)
        try unfile(gone)
        try deleteRecords(of: gone.map(\.key))
        if found.count == RetentionLimits.runsRead, let last = found.last {
            return RetentionStep(deletedRuns: gone.count, next: RunPlace(last).retentionPlace)
        }
        if try deleteTicks(of: tenant, decidedBefore: cutoff, limit: RetentionLimits.ticks) == RetentionLimits.ticks {
            // The next step finds no more runs of this tenant, and continues with its ticks.
            return RetentionStep(deletedRuns: gone.count, next: (found.last.map { RunPlace($0) } ?? place).retentionPlace)
        }
        if try deleteFirings(of: tenant, before: cutoff, limit: RetentionLimits.ticks) == RetentionLimits.ticks {
            return RetentionStep(deletedRuns: gone.count, next: (found.last.map { RunPlace($0) } ?? place).retentionPlace)
        }
        let next = try row(RetentionStatement.nextTenant, tenant) { try $0.next(Int?.self) } ?? nil
        return RetentionStep(deletedRuns: gone.count, next: next.map { RunPlace(beginning: $0).retentionPlace })
    }

    func deleteRecords(of runs: [RunKey]) throws {
        guard !runs.isEmpty else { return }
        for table in ["output_chunks", "attempts", "tasks"] {
            _ = try execute(
                """
                DELETE FROM \(table) AS x USING unnest($1, $2, $3) AS c (tenant, run, created_at)
                WHERE x.tenant = c.tenant AND x.run = c.run AND x.run_created_at = c.created_at
                    AND x.run_created_at BETWEEN $4 AND $5
                """, runs.columns)
        }
        let beside = [
            ("start_keys", "run"), ("stray_runs", "id"), ("alerts", "run"), ("run_notes", "run"), ("run_resolutions", "run"),
            ("run_subscriptions", "run"),
        ]
        for (table, column) in beside {
            _ = try execute(
                """
                DELETE FROM \(table) AS x USING unnest($1, $2) AS c (tenant, run) WHERE x.tenant = c.tenant AND x.\(column) = c.run
                """, [Column(runs.map(\.tenant)), Column(runs.map(\.id))])
        }
    }
}
