import Synchronization

/// A value that a test can await without polling.
public final class Watched<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var next = 0
        var waiting: [Int: (isMet: @Sendable (Value) -> Bool, continuation: CheckedContinuation<Void, Never>)] = [:]
    }

    private let state: Mutex<State>

    public init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    public var value: Value { state.withLock { $0.value } }

    /// Changes the value, and wakes the waiters whose condition it meets.
    @discardableResult
    public func change<Result: Sendable>(_ body: @Sendable (inout Value) throws -> Result) rethrows -> Result {
        let (result, met) = try state.withLock { state in
            let result = try body(&state.value)
            let met = state.waiting.filter { $0.value.isMet(state.value) }.sorted { $0.key < $1.key }
            for (number, _) in met { state.waiting[number] = nil }
            return (result, met.map(\.value.continuation))
        }
        for continuation in met { continuation.resume() }
        return result
    }

    /// Returns when the value meets the condition, even if only for a moment; immediately if it already does.
    ///
    /// Cancellation ends the wait too, so that a test with a time limit fails rather than hangs.
    public func until(_ isMet: @escaping @Sendable (Value) -> Bool) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await wait(for: isMet, number: number, unlessCancelled: true)
        } onCancel: {
            let waiting = state.withLock { $0.waiting.removeValue(forKey: number) }
            waiting?.continuation.resume()
        }
    }

    /// The same, but not affected by cancellation.
    public func untilWhateverHappens(_ isMet: @escaping @Sendable (Value) -> Bool) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await wait(for: isMet, number: number, unlessCancelled: false)
    }

    private func wait(for isMet: @escaping @Sendable (Value) -> Bool, number: Int, unlessCancelled: Bool) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if isMet(state.value) || (unlessCancelled && Task.isCancelled) { return true }
                state.waiting[number] = (isMet, continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}
