import WorkflowModel

// Months of which nothing is to stay go at once, with their tables, before anything is deleted row by row.

/// How far retention has come with whole months: which one is next, and how often that was tried.
struct RetentionMonth: Hashable, Sendable {
    /// Months that begin before it are done.
    var from: Timestamp
    var tries = 0

    static let first = RetentionMonth(from: .earliest)

    init(from: Timestamp, tries: Int = 0) {
        self.from = from
        self.tries = tries
    }

    /// nil for a place behind all months.
    init?(_ place: RetentionPlace?) throws {
        guard let place else {
            self = .first
            return
        }
        guard place.isOfMonths else { return nil }
        let parts = place.text.split(separator: "/")
        guard parts.count == 3, let from = Int64(parts[1]), let tries = Int(parts[2]) else {
            throw StoreError(.unavailable, "Retention cannot go on there: that place is not one of this store.")
        }
        self.init(from: Timestamp(milliseconds: from), tries: tries)
    }

    var place: RetentionPlace { RetentionPlace(text: "month/\(from.milliseconds)/\(tries)") }

    /// The same month once more; when that was in vain often enough, the next one.
    func after(_ month: PartitionMonth) -> RetentionMonth {
        tries + 1 < RetentionLimits.triesPerMonth
            ? RetentionMonth(from: month.begin, tries: tries + 1) : RetentionMonth(from: month.end)
    }
}

extension RetentionPlace {
    var isOfMonths: Bool { text.hasPrefix("month/") }
}

extension PostgresStore {
    /// Drops the next month of which nothing is to stay, or says that it has to be tried again.
    /// - Returns: nil when there is none.
    func dropMonth(createdBefore cutoff: Timestamp, from mark: RetentionMonth) async throws -> RetentionStep? {
        let months = try await read { try $0.monthsWithPartitions() }
        guard let month = months.sorted().first(where: { $0.begin >= mark.from && $0.end <= cutoff }) else { return nil }
        let next = RetentionMonth(from: month.end).place
        do {
            let dropped = try await write { (database, attempt: inout WriteAttempt<DroppedMonth>) in
                let dropped = try database.drop(month)
                // Whoever lost the answer to a commit finds the month gone.
                if dropped == .wasGone, let former = attempt.former { return former }
                return dropped
            }
            switch dropped {
            case .isGone(let runs): return RetentionStep(deletedRuns: runs, droppedMonths: 1, next: next)
            case .wasGone, .hasToStay: return RetentionStep(deletedRuns: 0, next: next)
            case .isBusy: return RetentionStep(deletedRuns: 0, next: mark.after(month).place)
            }
        } catch let error as StoreError {
            // Others worked with it for longer than they may be held up.
            guard let failure = error.cause as? PostgresFailure,
                failure.isRefusal(.lockNotAvailable) || failure.isRefusal(.deadlock)
            else { throw error }
            return RetentionStep(deletedRuns: 0, next: mark.after(month).place)
        }
    }
}

extension RetentionStatement {
    /// What refers to runs, by the time of their creation: each of them by an index of its own that begins with it.
    fileprivate static let besideMonth = [
        "DELETE FROM start_keys WHERE created_at >= $1 AND created_at < $2",
        "DELETE FROM stray_runs WHERE created_at >= $1 AND created_at < $2",
        "DELETE FROM alerts WHERE run IS NOT NULL AND run_created_at >= $1 AND run_created_at < $2",
    ]
}

private enum DroppedMonth: Hashable, Sendable {
    /// It had so many runs.
    case isGone(Int)
    case wasGone
    /// Somebody else changes months just now.
    case isBusy
    /// It has a run that has not ended.
    case hasToStay
}

extension PostgresConnection {
    /// The months that have tables of their own.
    fileprivate func monthsWithPartitions() throws -> Set<PartitionMonth> {
        let names = try rows(
            """
            SELECT c.relname::text FROM pg_class AS p JOIN pg_namespace AS n ON n.oid = p.relnamespace
            JOIN pg_inherits AS i ON i.inhparent = p.oid JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE n.nspname = 'weir' AND p.relname = 'runs'
            """
        ) { try $0.next(String.self) }
        return Set(names.compactMap { PartitionMonth(suffix: $0.dropFirst("runs_".count)) })
    }

    /// Drops a month in which all runs have ended, in a transaction.
    ///
    /// Nobody writes into the month meanwhile, but all may read it until it is known that it can go. Only then others are kept
    /// away from the tables as a whole, for as long as it takes to take one out: a moment, once they are free.
    fileprivate func drop(_ month: PartitionMonth) throws -> DroppedMonth {
        let silence = longestSilence
        longestSilence = PostgresSettings.schemaTimeout
        defer { longestSilence = silence }
        // Counting a big month takes its time.
        try control("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = \(RetentionLimits.longestHold.milliseconds)")
        let isAlone = try row("SELECT pg_try_advisory_xact_lock($1)", Migration.lock) { try $0.next(Bool.self) }
        guard isAlone == true else { return .isBusy }
        guard try hasPartitions(for: month) else { return .wasGone }
        let tables = Partitions.tables.map { "\($0.name)_\(month.suffix)" }
        try control("LOCK TABLE \(tables.joined(separator: ", ")) IN SHARE ROW EXCLUSIVE MODE")
        let runs = try row("SELECT count(*) FROM runs_\(month.suffix)") { try $0.next(Int.self) } ?? 0
        let ended = try row("SELECT count(*) FROM runs_\(month.suffix) WHERE ended_at IS NOT NULL") { try $0.next(Int.self) } ?? 0
        guard runs == ended else { return .hasToStay }
        for statement in RetentionStatement.besideMonth { try change(statement, month.begin, month.end) }
        try forgetRunCounts(of: month)
        try control("DROP TABLE \(tables.reversed().joined(separator: ", "))")
        return .isGone(runs)
    }
}
