import StoreCore
import WorkflowModel

extension ConnectionPool {
    /// Folds changes into the kept counts, until none is left or another node does so.
    func foldRunCounts() async throws {
        var (folded, all) = (PostgresSettings.changesAtOnce, 0)
        while folded == PostgresSettings.changesAtOnce {
            folded = try await run { connection in
                try connection.transaction {
                    guard try connection.takeRunCounts() else { return 0 }
                    return try connection.foldRunCounts(limit: PostgresSettings.changesAtOnce)
                }
            }
            all += folded
        }
        guard all >= PostgresSettings.changesToCleanUp else { return }
        // Folded changes slow down every total until the server vacuums. If this fails, the server does so later.
        try? await run { _ = try $0.control("VACUUM (SKIP_LOCKED) run_changes") }
    }
}

extension PostgresConnection {
    /// Locks the counts for this transaction, unless another one has them.
    fileprivate func takeRunCounts() throws -> Bool {
        guard try row("SELECT 1 FROM run_changes ORDER BY tenant LIMIT 1", decode: { _ in true }) != nil else { return false }
        return try row("SELECT pg_try_advisory_xact_lock($1)", RunCountSQL.lock) { try $0.next(Bool.self) } ?? false
    }

    /// - Returns: the number of folded changes.
    fileprivate func foldRunCounts(limit: Int) throws -> Int {
        try row(RunCountSQL.fold, limit) { try $0.next(Int.self) } ?? 0
    }

    /// Subtracts the runs of a month from the counts, in the transaction that drops it. The month is locked against writes.
    func forgetRunCounts(of month: PartitionMonth) throws {
        _ = try execute("SELECT pg_advisory_xact_lock($1)", [RunCountSQL.lock])
        while try foldRunCounts(limit: PostgresSettings.changesAtOnce) > 0 {}
        let hours = CountedSpan(TimeWindow(from: month.begin, to: month.end)).hours
        for statement in RunCountSQL.forget { try change(statement, hours.lowerBound, hours.upperBound) }
    }

    /// - Parameter isRepairing: whether to rebuild all counts where any is wrong.
    func runCountFindings(repairing isRepairing: Bool) throws -> [StoreFinding] {
        let silence = longestSilence
        longestSilence = PostgresSettings.schemaTimeout
        defer { longestSilence = silence }
        // Counting all runs may take longer than a request may.
        try control("SET LOCAL statement_timeout = 0")
        if isRepairing {
            // Locks out writes of runs.
            try control("LOCK TABLE runs IN SHARE ROW EXCLUSIVE MODE")
            _ = try execute("SELECT pg_advisory_xact_lock($1)", [RunCountSQL.lock])
        }
        let places = try row("SELECT count(*) FROM (\(RunCountSQL.wrong)) AS w") { try $0.next(Int.self) } ?? 0
        guard places > 0 else { return [] }
        if isRepairing {
            for table in ["run_changes", "run_hours", "run_day_pairs", "run_days"] { try control("DELETE FROM \(table)") }
            try control(RunCountSQL.fill)
        }
        return [
            StoreFinding(
                .counts, places: places, "Counts of runs are not the number of the runs.",
                remedy: isRepairing ? .repaired : .repairable)
        ]
    }
}
