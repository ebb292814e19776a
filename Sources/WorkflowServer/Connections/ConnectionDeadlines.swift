import NIOCore

/// Decides when a connection has taken too long. Its caller reports events with their times; it has no clock.
struct ConnectionDeadlines {
    enum Phase: Hashable {
        /// No byte of a request has arrived.
        case idle(since: NIODeadline)
        case headers(since: NIODeadline)
        case body(since: NIODeadline, bytes: Int)
        /// A request has arrived in full and its answer has not ended: no deadline for the client.
        case answering
        /// The last answer has been sent; the client should close.
        case lingering(since: NIODeadline)
    }

    private(set) var phase: Phase
    /// When a graceful shutdown began.
    private var shutdownSince: NIODeadline?
    /// The progress of answers: bytes waiting and bytes sent at a moment.
    private var stall: (since: NIODeadline, waiting: Int, sent: Int)?

    init(at now: NIODeadline) {
        phase = .idle(since: now)
    }

    // MARK: Events

    mutating func bytesArrived(_ count: Int, at now: NIODeadline) {
        switch phase {
        case .idle: phase = .headers(since: now)
        case .body(let since, let bytes): phase = .body(since: since, bytes: bytes + count)
        case .headers, .answering, .lingering: break
        }
    }

    mutating func headersEnded(at now: NIODeadline) {
        if !isLingering { phase = .body(since: now, bytes: 0) }
    }

    mutating func requestEnded() {
        if !isLingering { phase = .answering }
    }

    /// The answer to the last request that has arrived has ended.
    mutating func answersEnded(at now: NIODeadline) {
        if !isLingering { phase = .idle(since: now) }
    }

    mutating func lastAnswerSent(at now: NIODeadline) {
        if !isLingering { phase = .lingering(since: now) }
    }

    /// - Returns: whether to close the connection.
    mutating func shutdownBegan(at now: NIODeadline) -> Bool {
        shutdownSince = shutdownSince ?? now
        switch phase {
        case .idle, .headers, .lingering: return true
        case .body, .answering: return false
        }
    }

    private var isLingering: Bool {
        if case .lingering = phase { true } else { false }
    }

    // MARK: Deadlines

    /// When to close the connection unless another event happens; nil for never.
    func deadline(isCrowded: Bool) -> NIODeadline? {
        let deadline: NIODeadline? =
            switch phase {
            case .idle(let since): since + (isCrowded ? ConnectionLimits.whenCrowded : ConnectionLimits.idle)
            case .headers(let since): since + (isCrowded ? ConnectionLimits.whenCrowded : ConnectionLimits.headers)
            case .body(let since, let bytes):
                since
                    + min(
                        ConnectionLimits.body,
                        ConnectionLimits.bodyStart
                            + .milliseconds(Int64(bytes) * 1_000 / Int64(ConnectionLimits.bodyBytesPerSecond)))
            case .answering: nil
            case .lingering(let since): since + ConnectionLimits.linger
            }
        let end = shutdownSince.map { $0 + ConnectionLimits.shutdown }
        return [deadline, end].compactMap { $0 }.min()
    }

    /// Watches how fast the client reads an answer.
    /// - Parameters:
    ///   - waiting: bytes of answers that the kernel has not accepted.
    ///   - sent: bytes that it has accepted so far.
    /// - Returns: whether the client reads too slowly.
    mutating func isStalled(waiting: Int, sent: Int, at now: NIODeadline) -> Bool {
        guard waiting > 0 else {
            stall = nil
            return false
        }
        guard let begun = stall else {
            stall = (now, waiting, sent)
            return false
        }
        guard now >= begun.since + ConnectionLimits.stall else { return false }
        if sent - begun.sent < min(ConnectionLimits.stallBytes, begun.waiting) { return true }
        stall = (now, waiting, sent)
        return false
    }
}
