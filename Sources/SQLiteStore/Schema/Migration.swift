import GRDB
import StoreCore
import WorkflowModel

/// One step from a schema to the next. Steps are numbered from 1, only added to, and never changed once released.
///
/// The number of the last applied step is the database's `user_version`, which changes in the same transaction.
struct Migration: Sendable {
    var number: Int
    /// Statements separated by semicolons.
    var sql = ""
    /// Applied after the statements.
    var rewordings: [Rewording] = []

    static let all: [Migration] = [
        .first, .takingTurns, .recentRuns, .retention, .runCounts, .alerts, .schedules, .limits, .reruns, .quickRules,
        .stops, .issuers, .origins, .searches, .statistics, .filing, .audit, .texts, .warnings, .notes, .pauses,
        .stopReasons, .stopReceipts, .closing, .resolutions, .subscriptions, .bulk, .smallMarks, .parameters,
        .subjectClasses, .codeVersions, .gates, .secrets, .typedDays, .fanOut, .waits, .triggers, .fewerIndexes,
        .outputMarks,
    ]

    /// Brings a database up to the newest schema.
    /// - Throws: ``StoreError/Code/newerThanProgram`` when it is beyond that.
    static func apply(_ migrations: [Migration], to connection: DatabaseConnection) throws {
        let newest = migrations.last?.number ?? 0
        let present = try connection.row("PRAGMA user_version") { try $0.next(Int.self) } ?? 0
        guard present <= newest else {
            throw StoreError(
                .newerThanProgram,
                "The database was written by a newer version of this program (its schema is \(present), this program knows "
                    + "those up to \(newest)): run that version, or use another data directory.")
        }
        for migration in migrations where migration.number > present {
            try connection.database.inTransaction(.immediate) {
                try connection.database.execute(sql: migration.sql)
                try connection.reword(migration.rewordings)
                try connection.database.execute(sql: "PRAGMA user_version = \(migration.number)")
                return .commit
            }
        }
    }
}

/// Replaces a part of a table's declaration on which neither rows nor indexes depend, such as the text of a constraint.
///
/// SQLite has no statement for that: the table would have to be copied, which takes minutes with many runs. Its documentation
/// ("Making Other Kinds Of Table Schema Changes", lang_altertable.html) recommends editing the text in a transaction instead.
struct Rewording: Sendable {
    var table: String
    var old: String
    var new: String
}

extension DatabaseConnection {
    /// - Throws: ``StoreError`` when a table's declaration is not the expected one.
    fileprivate func reword(_ rewordings: [Rewording]) throws {
        guard !rewordings.isEmpty else { return }
        try database.execute(sql: "PRAGMA writable_schema = ON")
        for rewording in rewordings {
            let found = try change(
                "UPDATE sqlite_schema SET sql = replace(sql, ?2, ?3) WHERE type = 'table' AND name = ?1 AND instr(sql, ?2) > 0",
                rewording.table, rewording.old, rewording.new)
            guard found == 1 else {
                throw StoreError(.damaged, "The table \(rewording.table) is not declared as this program declared it.")
            }
        }
        // Makes every open connection read the declarations again, this one included.
        let version = try row("PRAGMA schema_version") { try $0.next(Int.self) } ?? 0
        try database.execute(sql: "PRAGMA schema_version = \(version + 1)")
        try database.execute(sql: "PRAGMA writable_schema = RESET")
    }
}
