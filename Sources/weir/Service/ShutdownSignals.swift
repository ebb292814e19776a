import UnixSignals

/// Decides what signals do to a running service.
struct ShutdownSignals {
    /// `timeout` sends a signal to its command and then to the process group. Within this time, the second one is the same request.
    static let repetition = Duration.seconds(1)

    enum Action {
        /// The signal has no meaning for the service.
        case ignore
        case shutDown
        /// The shutdown continues.
        case repeated
        case endAtOnce
    }

    private var requestedAt: Duration?

    /// - Parameter elapsed: the time by `TimeSource.elapsed`.
    mutating func action(for signal: UnixSignal, at elapsed: Duration) -> Action {
        switch ServiceSignals.meaning(of: signal) {
        case .nothing: return .ignore
        case .endAtOnce: return .endAtOnce
        case .end:
            guard let requestedAt else {
                self.requestedAt = elapsed
                return .shutDown
            }
            return elapsed - requestedAt < Self.repetition ? .repeated : .endAtOnce
        }
    }
}
