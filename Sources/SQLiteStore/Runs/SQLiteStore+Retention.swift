import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func endedRunsOfAllTenants(createdBefore cutoff: Timestamp) async throws -> [TenantRunCount] {
        try await read { database in
            try database.rows(RetentionStatement.counts, cutoff) {
                TenantRunCount(tenant: try $0.nextTenant(), runs: try $0.next())
            }.filter { $0.runs > 0 }
        }
    }

    public func deleteEndedRunsOfAllTenants(
        createdBefore cutoff: Timestamp, from place: RetentionPlace?, addingToStatistics isCounting: Bool
    ) async throws -> RetentionStep {
        let place = try place.map { try RunPlace($0) } ?? RunPlace(beginning: 0)
        return try await write(.trusted) { database, _ in
            var step = RunDeletion(database: database, cutoff: cutoff, place: place, isCounting: isCounting)
            try step.proceed()
            try step.deleted.save(to: database)
            try step.unfiling.countRemoved()
            return RetentionStep(deletedRuns: step.deletedRuns, next: step.isThrough ? nil : step.place.retentionPlace)
        }
    }
}

/// The limits of a retention step.
enum RetentionLimits {
    /// Runs that a step reads, including those that it keeps.
    static let runsRead = 100
    /// Rows that a step deletes before it stops, of all tables. A start may wait that long: some milliseconds.
    static let rows = 400
    /// Statistics that a step deletes.
    static let statistics = 1_000
    /// Attempts that are read at once, each of which may have as much output as is kept of an attempt.
    static let attempts = 20
}

enum RetentionStatement {
    static let counts = """
        SELECT t.name, (
            SELECT count(*) FROM runs AS r INDEXED BY runs_created
            WHERE r.tenant = t.number AND r.created_at < ? AND r.ended_at IS NOT NULL)
        FROM tenants AS t ORDER BY t.name
        """
    static let runs = """
        SELECT number, created_at, id, ended_at IS NOT NULL FROM runs INDEXED BY runs_created
        WHERE tenant = ? AND created_at < ? AND (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?
        """
    static let alertsWithoutRun = """
        DELETE FROM alerts WHERE number IN (
            SELECT number FROM alerts INDEXED BY alerts_without_run WHERE run IS NULL AND occurred_at < ? AND next_at IS NULL LIMIT ?)
        """
    static let nextTenant = "SELECT min(number) FROM tenants WHERE number > ?"
    static let output = "DELETE FROM output_chunks WHERE tenant = ? AND run = ? AND position = ? AND attempt = ?"
    static let attempt = "DELETE FROM attempts WHERE tenant = ? AND run = ? AND position = ? AND number = ?"
    static let tasks = "DELETE FROM tasks WHERE tenant = ? AND run = ?"
    static let startKeys = "DELETE FROM start_keys WHERE run = ?"
    static let alerts = "DELETE FROM alerts WHERE run = ?"
    static let run = "DELETE FROM runs WHERE number = ?"
    /// Deletes a run and returns what its statistic needs.
    static let countedRun = """
        DELETE FROM runs WHERE number = ?
        RETURNING created_at, type, state, coalesce(configuration, imported_configuration, ''), ifnull(error_attribution, ''),
            ended_at
        """
    static let attempts = "SELECT position, number FROM attempts WHERE tenant = ? AND run = ? LIMIT ?"
}

/// One step of retention.
private struct RunDeletion {
    let database: DatabaseConnection
    let cutoff: Timestamp
    private(set) var place: RunPlace
    private(set) var deletedRuns = 0
    private(set) var isThrough = false
    private(set) var deleted = DeletedRuns()
    private let isCounting: Bool
    private(set) var unfiling: RunUnfiling
    private var rows = 0

    /// - Parameter isCounting: whether ``deleted`` has the runs that the step deletes.
    init(database: DatabaseConnection, cutoff: Timestamp, place: RunPlace, isCounting: Bool) {
        self.database = database
        self.cutoff = cutoff
        self.place = place
        self.isCounting = isCounting
        unfiling = RunUnfiling(database)
    }

    mutating func proceed() throws {
        if place.tenant == 0 { try deleteAlertsWithoutRun() }
        var left = RetentionLimits.runsRead
        while left > 0 {
            let runs = try database.rows(RetentionStatement.runs, place.tenant, cutoff, place.createdAt, place.id, left) {
                columns in
                (
                    number: try columns.next(Int.self), createdAt: try columns.next(Timestamp.self),
                    id: try columns.next(RunID.self), hasEnded: try columns.next(Bool.self)
                )
            }
            for run in runs {
                if run.hasEnded, try !delete(run.number) { return }
                place = RunPlace(tenant: place.tenant, createdAt: run.createdAt, id: run.id)
                if rows >= RetentionLimits.rows { return }
            }
            left -= runs.count
            guard left > 0 else { return }
            let limit = RetentionLimits.rows - rows
            let ticks = try database.deleteTicks(of: place.tenant, decidedBefore: cutoff, limit: limit)
            rows += ticks
            // The next step finds no more runs of this tenant, and continues with its ticks.
            if ticks == limit { return }
            let rest = RetentionLimits.rows - rows
            let firings = try database.deleteFirings(of: place.tenant, before: cutoff, limit: rest)
            rows += firings
            if firings == rest { return }
            let next = try database.row(RetentionStatement.nextTenant, place.tenant) { try $0.next(Int?.self) }
            guard let tenant = next ?? nil else {
                isThrough = true
                return
            }
            place = RunPlace(beginning: tenant)
            // An empty tenant counts as well.
            left -= 1
        }
    }

    /// Alerts that are about no run expire by their own time.
    private mutating func deleteAlertsWithoutRun() throws {
        rows += try database.change(RetentionStatement.alertsWithoutRun, cutoff, RetentionLimits.rows)
    }

    /// - Returns: whether the run is deleted completely; false when the step ends before.
    private mutating func delete(_ run: Int) throws -> Bool {
        while true {
            let attempts = try database.rows(RetentionStatement.attempts, place.tenant, run, RetentionLimits.attempts) {
                (position: try $0.next(Int.self), number: try $0.next(Int.self))
            }
            for attempt in attempts {
                if rows >= RetentionLimits.rows { return false }
                try delete(RetentionStatement.output, place.tenant, run, attempt.position, attempt.number)
                try delete(RetentionStatement.attempt, place.tenant, run, attempt.position, attempt.number)
            }
            if attempts.count < RetentionLimits.attempts { break }
        }
        try delete(RetentionStatement.tasks, place.tenant, run)
        try delete(RetentionStatement.startKeys, run)
        try delete(RetentionStatement.alerts, run)
        try delete(NoteStatement.delete, place.tenant, run)
        try delete(ResolutionStatement.delete, place.tenant, run)
        try delete(SubscriptionStatement.deleteOfRun, place.tenant, run)
        rows += try unfiling.remove(run)
        if isCounting {
            try deleteCounted(run)
        } else {
            try delete(RetentionStatement.run, run)
        }
        deletedRuns += 1
        return true
    }

    private mutating func deleteCounted(_ run: Int) throws {
        let tenant = place.tenant
        let found = try database.rows(RetentionStatement.countedRun, run) { columns in
            let createdAt = try columns.next(Timestamp.self)
            let key = DeletedRuns.Key(
                tenant: tenant, day: CountStep.day.start(of: createdAt), type: try columns.next(), state: try columns.next(),
                configuration: try columns.next(), attribution: try columns.next())
            return (key: key, runtime: try columns.next(Timestamp.self) - createdAt)
        }
        for run in found { deleted.add(run.runtime, run.key) }
        rows += found.count
    }

    private mutating func delete<each Value: SQLValue>(_ statement: String, _ values: repeat each Value) throws {
        rows += try database.change(statement, repeat each values)
    }
}
