import Synchronization

/// How long one request has waited for its turn at the store, over all the verbs that it takes to answer it.
///
/// A store that lets callers queue has patience with a request, not with each of its verbs anew: so nobody waits for an answer
/// longer than for one of them, however many there are.
public final class StoreWait: Sendable {
    /// That of the request which is being answered, if there is one.
    @TaskLocal public static var ofThisRequest: StoreWait?

    private let waited = Mutex(Duration.zero)

    public init() {}

    /// - Returns: how long it is by now.
    public func add(_ duration: Duration) -> Duration {
        waited.withLock { waited in
            waited += duration
            return waited
        }
    }
}
