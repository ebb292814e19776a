import CSQLite

/// Settings of SQLite's memory allocator in this process.
enum SQLiteMemory {
    /// Turns off SQLite's memory statistics, which this program does not read. They take a lock of the whole process for each
    /// allocation, several per row, so that a reader would wait there for a writer. SQLite's documentation recommends it
    /// (compile.html, SQLITE_DEFAULT_MEMSTATUS).
    ///
    /// Must be evaluated before the first connection is opened; SQLite ignores it later.
    static let isUncounted = sqlite3_disable_memory_statistics() == SQLITE_OK
}
