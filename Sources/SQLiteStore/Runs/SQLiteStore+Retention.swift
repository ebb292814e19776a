import GRDB
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
        createdBefore cutoff: Timestamp, from place: RetentionPlace?
    ) async throws -> RetentionStep {
        let place = try place.map(RunPlace.init) ?? .beginning
        return try await write(.trusted) { database, _ in
            var step = RunDeletion(database: database, cutoff: cutoff, place: place)
            try step.proceed()
            return RetentionStep(deletedRuns: step.deletedRuns, next: step.isThrough ? nil : step.place.retentionPlace)
        }
    }
}

/// What a step of retention keeps to.
enum RetentionLimits {
    /// Runs that a step looks at, those that it leaves alone included.
    static let runsLookedAt = 100
    /// Rows that a step deletes before it stops, of all tables: a start waits for them for some milliseconds.
    static let rows = 400
    /// Attempts whose output is asked for at once, each of which has as much as is kept of an attempt.
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
    static let attempts = "SELECT position, number FROM attempts WHERE tenant = ? AND run = ? LIMIT ?"
}

/// How far retention has come: behind that run of that tenant.
private struct RunPlace {
    static let beginning = RunPlace(tenant: 0, createdAt: Timestamp(milliseconds: .min), id: RunID(rawValue: ""))

    var tenant: Int64
    var createdAt: Timestamp
    var id: RunID
}

extension RunPlace {
    init(_ place: RetentionPlace) throws {
        let parts = place.text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let tenant = Int64(parts[0]), let milliseconds = Int64(parts[1]) else {
            throw StoreError(.unavailable, "Retention cannot go on there: that place is not one of this store.")
        }
        self.init(tenant: tenant, createdAt: Timestamp(milliseconds: milliseconds), id: RunID(rawValue: String(parts[2])))
    }

    var retentionPlace: RetentionPlace {
        RetentionPlace(text: "\(tenant)/\(createdAt.milliseconds)/\(id.rawValue)")
    }
}

/// One step.
private struct RunDeletion {
    let database: Database
    let cutoff: Timestamp
    private(set) var place: RunPlace
    private(set) var deletedRuns = 0
    private(set) var isThrough = false
    private var rows = 0

    init(database: Database, cutoff: Timestamp, place: RunPlace) {
        self.database = database
        self.cutoff = cutoff
        self.place = place
    }

    mutating func proceed() throws {
        if place.tenant == 0 { try deleteAlertsWithoutRun() }
        var left = RetentionLimits.runsLookedAt
        while left > 0 {
            let runs = try database.rows(RetentionStatement.runs, place.tenant, cutoff, place.createdAt, place.id, left) {
                columns in
                (
                    number: try columns.next(Int64.self), createdAt: try columns.next(Timestamp.self),
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
            // The next step finds no more runs of this tenant, and goes on with its ticks.
            if ticks == limit { return }
            let next = try database.row(RetentionStatement.nextTenant, place.tenant) { try $0.next(Int64?.self) }
            guard let tenant = next ?? nil else {
                isThrough = true
                return
            }
            place = RunPlace(tenant: tenant, createdAt: RunPlace.beginning.createdAt, id: RunPlace.beginning.id)
            // An empty tenant costs something too.
            left -= 1
        }
    }

    /// Alerts that are about no run go by their own time.
    private mutating func deleteAlertsWithoutRun() throws {
        rows += try database.change(RetentionStatement.alertsWithoutRun, cutoff, RetentionLimits.rows)
    }

    /// - Returns: whether all of it is gone; false when the step ends before.
    private mutating func delete(_ run: Int64) throws -> Bool {
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
        try delete(RetentionStatement.run, run)
        deletedRuns += 1
        return true
    }

    private mutating func delete<each Value: SQLValue>(_ statement: String, _ values: repeat each Value) throws {
        rows += try database.change(statement, repeat each values)
    }
}
