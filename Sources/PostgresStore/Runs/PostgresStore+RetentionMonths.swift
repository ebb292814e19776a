import StoreCore
import WorkflowModel

// Months that expire as a whole are dropped with their tables, before runs are deleted row by row.

/// The progress of retention over whole months: the next month, and how often dropping it was tried.
struct RetentionMonth: Hashable, Sendable {
    /// Months that begin before it are done.
    var from: Timestamp
    var tries = 0

    static let first = RetentionMonth(from: .earliest)

    init(from: Timestamp, tries: Int = 0) {
        self.from = from
        self.tries = tries
    }

    /// nil for a place behind the months.
    init?(_ place: RetentionPlace?) throws {
        guard let place else {
            self = .first
            return
        }
        guard place.isOfMonths else { return nil }
        let parts = place.text.split(separator: "/")
        guard parts.count == 3, let from = Int64(parts[1]), let tries = Int(parts[2]) else {
            throw StoreError.unknownRetentionPlace()
        }
        self.init(from: Timestamp(milliseconds: from), tries: tries)
    }

    var place: RetentionPlace { RetentionPlace(text: "month/\(from.milliseconds)/\(tries)") }

    /// The same month again, or the next one after the last try.
    func after(_ month: PartitionMonth) -> RetentionMonth {
        tries + 1 < RetentionLimits.triesPerMonth
            ? RetentionMonth(from: month.begin, tries: tries + 1) : RetentionMonth(from: month.end)
    }
}

extension RetentionPlace {
    var isOfMonths: Bool { text.hasPrefix("month/") }
}

extension PostgresStore {
    /// Drops the next month that expires as a whole, or asks for another try.
    /// - Returns: nil when there is none.
    func dropMonth(
        createdBefore cutoff: Timestamp, from mark: RetentionMonth, isCounting: Bool
    ) async throws -> RetentionStep? {
        let months = try await read { try $0.monthsWithPartitions() }
        guard let month = months.sorted().first(where: { $0.begin >= mark.from && $0.end <= cutoff }) else { return nil }
        let next = RetentionMonth(from: month.end).place
        do {
            let dropped = try await write { (database, attempt: inout WriteAttempt<DroppedMonth>) in
                let dropped = try database.drop(month, isCounting: isCounting)
                // An earlier try, whose answer was lost, has dropped the month.
                if dropped == .wasGone, let former = attempt.former { return former }
                return dropped
            }
            switch dropped {
            case .isGone(let runs): return RetentionStep(deletedRuns: runs, droppedMonths: 1, next: next)
            case .wasGone, .hasToStay: return RetentionStep(deletedRuns: 0, next: next)
            case .isBusy: return RetentionStep(deletedRuns: 0, next: mark.after(month).place)
            }
        } catch let error as StoreError {
            // The locks were not free in time.
            guard let failure = error.cause as? PostgresFailure,
                failure.isRefusal(.lockNotAvailable) || failure.isRefusal(.deadlock)
            else { throw error }
            return RetentionStep(deletedRuns: 0, next: mark.after(month).place)
        }
    }
}

extension RetentionStatement {
    /// Rows that refer to runs by their creation time, each found by an index that begins with it.
    fileprivate static let besideMonth = [
        "DELETE FROM start_keys WHERE created_at >= $1 AND created_at < $2",
        "DELETE FROM stray_runs WHERE created_at >= $1 AND created_at < $2",
        "DELETE FROM alerts WHERE run IS NOT NULL AND run_created_at >= $1 AND run_created_at < $2",
        "DELETE FROM run_resolutions WHERE run_created_at >= $1 AND run_created_at < $2",
        "DELETE FROM run_notes WHERE run_created_at >= $1 AND run_created_at < $2",
        "DELETE FROM run_subscriptions WHERE run_created_at >= $1 AND run_created_at < $2",
    ]
}

private enum DroppedMonth: Hashable, Sendable {
    /// The month is dropped; it had this many runs.
    case isGone(Int)
    case wasGone
    /// Another transaction changes partitions.
    case isBusy
    /// The month has a run that has not ended.
    case hasToStay
}

extension PostgresConnection {
    /// Drops a month in which all runs have ended, in a transaction.
    ///
    /// First writes into the month are locked out, while reads continue until the runs are counted and added to the
    /// statistics. Only then the parent
    /// tables are locked, for as long as detaching takes: a moment, once they are free.
    /// - Parameter isCounting: whether the runs are added to the statistics.
    fileprivate func drop(_ month: PartitionMonth, isCounting: Bool) throws -> DroppedMonth {
        let silence = longestSilence
        longestSilence = PostgresSettings.schemaTimeout
        defer { longestSilence = silence }
        // Counting a large month may take longer than a request may.
        try control("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = \(RetentionLimits.longestHold.milliseconds)")
        let isAlone = try row("SELECT pg_try_advisory_xact_lock($1)", Migration.lock) { try $0.next(Bool.self) }
        guard isAlone == true else { return .isBusy }
        let tables = try partitions(of: month)
        guard tables.contains("runs_\(month.suffix)") else { return .wasGone }
        try lockMarks()
        // Notes and subscriptions are written while their run is only locked, which the month's tables would allow.
        try control(
            "LOCK TABLE \((tables + ["run_notes", "run_subscriptions"]).joined(separator: ", ")) IN SHARE ROW EXCLUSIVE MODE")
        let runs = try row("SELECT count(*) FROM runs_\(month.suffix)") { try $0.next(Int.self) } ?? 0
        let ended = try row("SELECT count(*) FROM runs_\(month.suffix) WHERE ended_at IS NOT NULL") { try $0.next(Int.self) } ?? 0
        guard runs == ended else { return .hasToStay }
        if isCounting { _ = try execute(StatisticStatement.adding(from: "runs_\(month.suffix)"), []) }
        for statement in RetentionStatement.besideMonth { try change(statement, month.begin, month.end) }
        if tables.contains("subject_days_\(month.suffix)") {
            try change(SubjectStatement.touch(from: "subject_days_\(month.suffix)"))
        }
        try forgetRunCounts(of: month)
        try control("DROP TABLE \(tables.reversed().joined(separator: ", "))")
        return .isGone(runs)
    }
}
