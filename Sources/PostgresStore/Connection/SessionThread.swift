import Foundation

/// Runs what blocks once, away from Swift's own threads: what has to be done before there is a pool.
enum SessionThread {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result(catching: body)) }.start()
        }
    }
}
