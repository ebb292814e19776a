import GRDB
import StoreCore
import WorkflowModel

/// Opens the database file: one connection that writes and checkpoints, and a few that only read.
///
/// The readers are opened read-only, so that none of them ever checkpoints. Several connections that write and checkpoint at
/// once can corrupt a database in SQLite before 3.51.3.
enum OpenedDatabase {
    /// "Weir" in ASCII. Tells our database files from those of other programs.
    static let applicationID: Int64 = 0x5765_6972

    static let readers = 4
    /// How long to wait for a lock of another program, in seconds: half of a request's time at the store, because a write may wait
    /// for the batch before its own first.
    static let patience = 4.0
    /// The log is checkpointed when it has this many pages (16 MiB).
    static let checkpointPages = 4_000
    /// The log file is truncated to this size after a burst, in bytes.
    static let longestLog = 64 << 20
    static let writerCacheKiB = 64 << 10
    static let readerCacheKiB = 8 << 10

    /// The connection that writes, with the schema brought up to date.
    /// - Throws: ``StoreError``, or what GRDB throws.
    static func pool(at path: String, preparing prepare: @escaping @Sendable (Database) throws -> Void) throws -> DatabasePool {
        _ = SQLiteMemory.isUncounted
        let pool = try DatabasePool(path: path, configuration: configuration(preparing: prepare))
        try pool.writeWithoutTransaction { database in
            // GRDB sets NORMAL when it switches to WAL, with which the last commits can be lost in a power failure.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try Migration.apply(Migration.all, to: DatabaseConnection(database))
            try DatabaseConnection(database).countRunsIfMissing()
            try probe(database)
        }
        return pool
    }

    /// Creates a database in an empty file, with its complete schema.
    static func create(at path: String) throws {
        try pool(at: path, preparing: { _ in }).close()
    }

    /// The connections that read. The file has to exist by then.
    static func readers(
        at path: String, preparing prepare: @escaping @Sendable (Database) throws -> Void
    ) throws -> [DatabaseQueue] {
        var configuration = configuration(preparing: prepare)
        configuration.readonly = true
        return try (0..<readers).map { _ in try DatabaseQueue(path: path, configuration: configuration) }
    }

    private static func configuration(preparing prepare: @escaping @Sendable (Database) throws -> Void) -> Configuration {
        var configuration = Configuration()
        configuration.label = "weir"
        configuration.busyMode = .timeout(patience)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            if database.configuration.readonly {
                try database.execute(sql: "PRAGMA cache_size = -\(readerCacheKiB)")
            } else {
                // Before GRDB switches to WAL, so that a file of another program stays unchanged.
                try identify(database)
                try database.execute(sql: "PRAGMA cache_size = -\(writerCacheKiB)")
                try database.execute(sql: "PRAGMA temp_store = MEMORY")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = \(checkpointPages)")
                try database.execute(sql: "PRAGMA journal_size_limit = \(longestLog)")
            }
            try prepare(database)
        }
        return configuration
    }

    private static func identify(_ database: Database) throws {
        let found = try DatabaseConnection(database).row("PRAGMA application_id") { try $0.next(Int64.self) }
        guard found != applicationID else { return }
        let objects = try DatabaseConnection(database).row("SELECT count(*) FROM sqlite_schema") { try $0.next(Int.self) }
        guard found == 0, objects == 0 else {
            throw StoreError(.damaged, "The file weir.db there belongs to another program: use another data directory.")
        }
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    }

    /// Reads one row of every table, so that a truncated file is refused at the start and not at the first request. A check
    /// of every page would take minutes. A virtual table has no page of its own: its tables are read.
    private static func probe(_ database: Database) throws {
        let statement = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
        let tables = try DatabaseConnection(database).rows(statement) { try $0.next(String.self) }
        for table in tables {
            try database.execute(sql: "SELECT * FROM \(table.quotedDatabaseIdentifier) LIMIT 1")
        }
    }
}
