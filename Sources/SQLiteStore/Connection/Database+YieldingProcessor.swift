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
    /// Virtual machine steps between two calls that yield the processor: about 0.1 ms.
    private static let stepsAtOnce: CInt = 1_000

    /// Runs a long operation and yields the processor regularly.
    ///
    /// A kernel without preemption takes the processor from a computing thread at its next tick, up to 4 ms later at 250 Hz.
    /// A request that reads a list would wait for that.
    func yieldingProcessor<Value>(_ body: () throws -> Value) rethrows -> Value {
        let yield: @convention(c) (UnsafeMutableRawPointer?) -> CInt = { _ in
            sched_yield()
            return 0
        }
        sqlite3_progress_handler(sqliteConnection, Self.stepsAtOnce, yield, nil)
        defer { sqlite3_progress_handler(sqliteConnection, 0, nil, nil) }
        return try body()
    }
}
