import StoreCore
import WorkflowModel

/// One step from a schema to the next. Steps are numbered from 1, only added to, and never changed once released.
///
/// The numbers of applied steps are rows of `schema_steps`, each written in the step's own transaction. All tables are in one
/// schema, so that other programs can use the same database.
struct Migration: Sendable {
    var number: Int
    /// Statements separated by semicolons.
    var sql: String

    static let all: [Migration] = [
        .first, .sharing, .alerts, .schedules, .timelines, .limits, .reruns, .runCounts, .stops, .issuers, .questions,
        .statistics, .audit, .filing, .warnings, .notes, .pauses, .stopReasons, .stopReceipts, .closing, .resolutions,
        .subscriptions, .texts, .bulk, .openRuns, .parameters, .subjectClasses, .codeVersions, .gates, .secrets,
        .typedDays, .fanOut, .waits, .triggers, .outputMarks,
    ]

    /// The advisory lock of changes of the schema and of partitions, so that nodes that start at once wait for each other.
    static let lock = 0x5765_6972

    /// Brings a database up to the newest schema. Safe when several nodes do so at once.
    /// - Throws: ``StoreError/Code/newerThanProgram`` when it is beyond that.
    static func apply(_ migrations: [Migration], to database: PostgresConnection) throws {
        try database.changingSchema {
            let isThere = try database.row("SELECT 1 FROM pg_namespace WHERE nspname = 'weir'") { _ in true } ?? false
            if !isThere { try database.control("CREATE SCHEMA weir") }
            try database.control("CREATE TABLE IF NOT EXISTS weir.schema_steps (number integer PRIMARY KEY)")
        }
        let newest = migrations.last?.number ?? 0
        for migration in migrations {
            try database.changingSchema {
                // Read again for each step: another node may have applied it.
                let present = try database.row("SELECT max(number) FROM schema_steps") { try $0.next(Int?.self) } ?? nil
                guard present ?? 0 <= newest else {
                    throw StoreError(
                        .newerThanProgram,
                        "The database was written by a newer version of this program (its schema is \(present ?? 0), this "
                            + "program knows those up to \(newest)): run that version, or use another database.")
                }
                guard migration.number > present ?? 0 else { return }
                try database.control(migration.sql)
                try database.change("INSERT INTO schema_steps (number) VALUES ($1)", migration.number)
            }
        }
    }
}

extension PostgresConnection {
    /// Runs `body` in a transaction that excludes other changes of the schema, with a longer time limit.
    func changingSchema<Value: Sendable>(_ body: () throws -> Value) throws -> Value {
        let silence = longestSilence
        longestSilence = PostgresSettings.schemaTimeout
        defer { longestSilence = silence }
        return try transaction {
            try control("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
            _ = try execute("SELECT pg_advisory_xact_lock($1)", [Migration.lock])
            return try body()
        }
    }
}
