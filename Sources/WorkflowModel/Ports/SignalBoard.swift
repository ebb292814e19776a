import Synchronization

/// Distributes a store's signals to all listeners.
package final class SignalBoard: Sendable {
    /// Signals are hints: a slow listener loses the oldest ones.
    package static let buffered = 256

    private struct Listeners {
        var next = 0
        var continuations: [Int: AsyncStream<StoreSignal>.Continuation] = [:]
        var isFinished = false
    }

    private let listeners = Mutex(Listeners())

    package init() {}

    package func stream() -> AsyncStream<StoreSignal> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: StoreSignal.self, bufferingPolicy: .bufferingNewest(Self.buffered))
        let number = listeners.withLock { listeners -> Int? in
            guard !listeners.isFinished else { return nil }
            listeners.next += 1
            listeners.continuations[listeners.next] = continuation
            return listeners.next
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.listeners.withLock { $0.continuations[number] = nil }
        }
        return stream
    }

    package func send(_ signals: Set<StoreSignal>) {
        guard !signals.isEmpty else { return }
        let continuations = listeners.withLock { Array($0.continuations.values) }
        for continuation in continuations {
            for signal in signals { continuation.yield(signal) }
        }
    }

    /// Ends all streams; streams opened later end at once.
    package func finish() {
        let continuations = listeners.withLock { listeners in
            listeners.isFinished = true
            return Array(listeners.continuations.values)
        }
        for continuation in continuations { continuation.finish() }
    }
}
