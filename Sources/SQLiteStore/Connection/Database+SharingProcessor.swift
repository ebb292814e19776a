import GRDB
import GRDBSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Database {
    /// How many steps of its machine SQLite takes before it looks whether somebody waits for the processor: a tenth of a
    /// millisecond, roughly.
    private static let stepsAtOnce: CInt = 1_000

    /// Runs what takes long, and lets others have the processor meanwhile.
    ///
    /// A kernel that does not preempt takes the processor from what only computes at its next tick, up to 4 ms later with 250 ticks
    /// a second, which whoever reads a list would wait for.
    func sharingProcessor<Value>(_ body: () throws -> Value) rethrows -> Value {
        let yield: @convention(c) (UnsafeMutableRawPointer?) -> CInt = { _ in
            sched_yield()
            return 0
        }
        sqlite3_progress_handler(sqliteConnection, Self.stepsAtOnce, yield, nil)
        defer { sqlite3_progress_handler(sqliteConnection, 0, nil, nil) }
        return try body()
    }
}
