import GRDB
import WorkflowModel

/// One step from a schema to the next. Steps are numbered from 1, only added to, and never changed once released.
///
/// The number of the last one applied is the database's `user_version`, which changes in the same transaction.
struct Migration: Sendable {
    var number: Int
    /// Statements separated by semicolons.
    var sql: String

    static let all: [Migration] = [
        .first, .takingTurns, .recentRuns, .retention, .runCounts, .alerts, .schedules, .limits, .reruns,
    ]

    /// Brings a database up to the newest schema.
    /// - Throws: ``StoreError/Code/newerThanProgram`` when it is beyond that.
    static func apply(_ migrations: [Migration], to database: Database) throws {
        let newest = migrations.last?.number ?? 0
        let present = try database.row("PRAGMA user_version") { try $0.next(Int.self) } ?? 0
        guard present <= newest else {
            throw StoreError(
                .newerThanProgram,
                "The database was written by a newer version of this program (its schema is \(present), this program knows "
                    + "those up to \(newest)): run that version, or use another data directory.")
        }
        for migration in migrations where migration.number > present {
            try database.inTransaction(.immediate) {
                try database.execute(sql: migration.sql)
                try database.execute(sql: "PRAGMA user_version = \(migration.number)")
                return .commit
            }
        }
    }
}
