import CSQLite

/// How SQLite takes memory, in this process.
enum SQLiteMemory {
    /// Has SQLite not add up what it takes, which nobody asks for: it would take one lock of the whole process for each piece, several
    /// for every row, and a reader would wait there for a writer. SQLite's own documentation advises it (compile.html,
    /// SQLITE_DEFAULT_MEMSTATUS).
    ///
    /// To be looked at before the first connection is opened; SQLite ignores it later.
    static let isUncounted = sqlite3_disable_memory_statistics() == SQLITE_OK
}
