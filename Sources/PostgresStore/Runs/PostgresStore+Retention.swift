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
        createdBefore cutoff: Timestamp, from place: RetentionPlace?
    ) async throws -> RetentionStep {
        if let behind = try RetentionMonth(place), let step = try await dropMonth(createdBefore: cutoff, from: behind) {
            return step
        }
        let place = try place.flatMap { $0.isOfMonths ? nil : try RetentionMark($0) } ?? .beginning
        return try await write { (database, attempt: inout WriteAttempt<RetentionStep>) in
            if place.run.tenant == 0 {
                try database.change(RetentionStatement.alertsWithoutRun, cutoff, RetentionLimits.runsLookedAt)
            }
            let step = try database.deleteRuns(createdBefore: cutoff, behind: place)
            // What the try before had deleted is gone.
            if let former = attempt.former, step.deletedRuns == 0 { return former }
            return step
        }
    }
}

/// What a step of retention keeps to.
enum RetentionLimits {
    /// Runs that a step looks at, those that it leaves alone included.
    static let runsLookedAt = 500
    /// Ticks of schedules that a step deletes.
    static let ticks = 2_000
    /// How long a step waits for those who work with a month that is to be dropped, and how long others wait for it: nobody comes
    /// to a table while somebody waits for all of it.
    static let longestHold = Duration.milliseconds(100)
    /// How often it is tried to drop a month before its runs are deleted one by one.
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
    /// Alerts that are about no run go by their own time.
    static let alertsWithoutRun = """
        DELETE FROM alerts WHERE number IN (
            SELECT number FROM alerts WHERE run IS NULL AND occurred_at < $1 AND next_at IS NULL ORDER BY occurred_at LIMIT $2)
        """
    static let nextTenant = "SELECT min(number) FROM tenants WHERE number > $1"
    static let delete = """
        DELETE FROM runs AS r USING unnest($1, $2, $3) AS c (tenant, id, created_at)
        WHERE r.tenant = c.tenant AND r.id = c.id AND r.created_at = c.created_at AND r.created_at BETWEEN $4 AND $5
            AND r.ended_at IS NOT NULL
        RETURNING r.id, r.created_at
        """
}

/// How far retention has come: behind that run of that tenant.
private struct RetentionMark {
    static let beginning = RetentionMark(run: RunKey(tenant: 0, id: RunID(rawValue: ""), createdAt: .earliest))

    var run: RunKey

    init(run: RunKey) {
        self.run = run
    }

    init(_ place: RetentionPlace) throws {
        let parts = place.text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let tenant = Int(parts[0]), let milliseconds = Int64(parts[1]) else {
            throw StoreError(.unavailable, "Retention cannot go on there: that place is not one of this store.")
        }
        run = RunKey(tenant: tenant, id: RunID(rawValue: String(parts[2])), createdAt: Timestamp(milliseconds: milliseconds))
    }

    var place: RetentionPlace {
        RetentionPlace(text: "\(run.tenant)/\(run.createdAt.milliseconds)/\(run.id.rawValue)")
    }
}

extension PostgresConnection {
    fileprivate func deleteRuns(createdBefore cutoff: Timestamp, behind mark: RetentionMark) throws -> RetentionStep {
        let tenant = mark.run.tenant
        let found = try rows(
            RetentionStatement.runs, tenant, cutoff, mark.run.createdAt, mark.run.id, RetentionLimits.runsLookedAt
        ) { RunKey(tenant: tenant, id: try $0.next(), createdAt: try $0.next()) }
        let gone =
            found.isEmpty
            ? []
            : try rows(RetentionStatement.delete, values: found.columns) {
                RunKey(tenant: tenant, id: try $0.next(), createdAt: try $0.next())
            }
        try deleteWhatBelonged(to: gone)
        if found.count == RetentionLimits.runsLookedAt, let last = found.last {
            return RetentionStep(deletedRuns: gone.count, next: RetentionMark(run: last).place)
        }
        if try deleteTicks(of: tenant, decidedBefore: cutoff, limit: RetentionLimits.ticks) == RetentionLimits.ticks {
            // The next step finds no more runs of this tenant, and goes on with its ticks.
            return RetentionStep(deletedRuns: gone.count, next: RetentionMark(run: found.last ?? mark.run).place)
        }
        let next = try row(RetentionStatement.nextTenant, tenant) { try $0.next(Int?.self) } ?? nil
        var beginning = RetentionMark.beginning
        beginning.run.tenant = next ?? 0
        return RetentionStep(deletedRuns: gone.count, next: next == nil ? nil : beginning.place)
    }

    private func deleteWhatBelonged(to runs: [RunKey]) throws {
        guard !runs.isEmpty else { return }
        for table in ["output_chunks", "attempts", "tasks"] {
            _ = try execute(
                """
                DELETE FROM \(table) AS x USING unnest($1, $2, $3) AS c (tenant, run, created_at)
                WHERE x.tenant = c.tenant AND x.run = c.run AND x.run_created_at = c.created_at
                    AND x.run_created_at BETWEEN $4 AND $5
                """, runs.columns)
        }
        for (table, column) in [("start_keys", "run"), ("stray_runs", "id"), ("alerts", "run")] {
            _ = try execute(
                """
                DELETE FROM \(table) AS x USING unnest($1, $2) AS c (tenant, run) WHERE x.tenant = c.tenant AND x.\(column) = c.run
                """, [Column(runs.map(\.tenant)), Column(runs.map(\.id))])
        }
    }
}
