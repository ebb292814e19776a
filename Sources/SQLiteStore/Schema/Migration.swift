import GRDB
import WorkflowModel

/// One step from a schema to the next. Steps are numbered from 1, only added to, and never changed once released.
///
/// The number of the last one applied is the database's `user_version`, which changes in the same transaction.
struct Migration: Sendable {
    var number: Int
    /// Statements separated by semicolons.
    var sql = ""
    /// After the statements.
    var rewordings: [Rewording] = []

    static let all: [Migration] = [
        .first, .takingTurns, .recentRuns, .retention, .runCounts, .alerts, .schedules, .limits, .reruns, .quickRules,
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
                try database.reword(migration.rewordings)
                try database.execute(sql: "PRAGMA user_version = \(migration.number)")
                return .commit
            }
        }
    }
}

/// Another text for a part of a table's declaration that rows and indexes do not depend on, like what a rule says or when a
/// reference is looked at.
///
/// SQLite has no statement for that but to copy the table, which takes minutes where there are many runs. What its documentation
/// has instead ("Making Other Kinds Of Table Schema Changes", lang_altertable.html) is to edit the text, within a transaction.
struct Rewording: Sendable {
    var table: String
    var old: String
    var new: String
}

extension Database {
    /// - Throws: ``StoreError`` when a table is not declared as is expected.
    fileprivate func reword(_ rewordings: [Rewording]) throws {
        guard !rewordings.isEmpty else { return }
        try execute(sql: "PRAGMA writable_schema = ON")
        for rewording in rewordings {
            let found = try change(
                "UPDATE sqlite_schema SET sql = replace(sql, ?2, ?3) WHERE type = 'table' AND name = ?1 AND instr(sql, ?2) > 0",
                rewording.table, rewording.old, rewording.new)
            guard found == 1 else {
                throw StoreError(.damaged, "The table \(rewording.table) is not declared as this program had declared it.")
            }
        }
        // Whoever has the database open reads the declarations anew, this connection included.
        let version = try row("PRAGMA schema_version") { try $0.next(Int.self) } ?? 0
        try execute(sql: "PRAGMA schema_version = \(version + 1)")
        try execute(sql: "PRAGMA writable_schema = RESET")
    }
}
