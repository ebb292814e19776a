import Synchronization

/// The time limit of one request at the store, over all store methods that the request calls.
///
/// The store's patience is per request, not per method: waiting for a connection, an answer or a retry ends at the request's
/// deadline.
public final class StoreWait: Sendable {
    /// The limit of the request that is being answered; nil outside of requests.
    @TaskLocal public static var ofThisRequest: StoreWait?

    private struct State {
        var waited = Duration.zero
        var deadline: Duration?
    }

    private let limit: Duration?
    private let state = Mutex(State())

    /// - Parameter limit: the limit for the whole request; nil for the store's standard.
    public init(limit: Duration? = nil) {
        self.limit = limit
    }

    /// Adds time that the request has waited for its turn.
    /// - Returns: the total so far.
    public func add(_ duration: Duration) -> Duration {
        state.withLock { state in
            state.waited += duration
            return state.waited
        }
    }

    /// When the request gives up. Its time begins with the first call of this method.
    /// - Parameters:
    ///   - elapsed: by `TimeSource.elapsed`, as the deadline is.
    ///   - standard: the limit of a request without its own.
    public func deadline(at elapsed: Duration, standard: Duration) -> Duration {
        state.withLock { state in
            let deadline = state.deadline ?? elapsed + (limit ?? standard)
            state.deadline = deadline
            return deadline
        }
    }
}
