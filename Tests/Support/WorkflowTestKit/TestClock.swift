public import WorkflowModel

/// A clock that advances only when a test says so.
public final class TestClock: TimeSource {
    private struct Sleeper: Sendable {
        var number: Int
        /// By the monotonic clock.
        var deadline: Duration
        var wake: CheckedContinuation<Void, any Error>
    }

    private struct State: Sendable {
        var now: Timestamp
        /// The monotonic time, which sleepers use. Independent of jumps of ``now``.
        var passed = Duration.zero
        var next = 0
        var sleepers: [Sleeper] = []
        /// Sleepers cancelled before they started to sleep.
        var cancelled: Set<Int> = []

        /// - Returns: the sleepers whose deadlines have passed.
        mutating func advance(by duration: Duration) -> [Sleeper] {
            now = now + duration
            passed += duration
            let woken = sleepers.filter { $0.deadline <= passed }
            sleepers.removeAll { $0.deadline <= passed }
            return woken.sorted { ($0.deadline, $0.number) < ($1.deadline, $1.number) }
        }
    }

    private let state: Watched<State>

    /// 2024-02-10T17:29:32.687Z by default.
    public init(now: Timestamp = Timestamp(milliseconds: 1_707_586_172_687)) {
        state = Watched(State(now: now))
    }

    public var now: Timestamp { state.value.now }

    public var elapsed: Duration { state.value.passed }

    public func sleep(for duration: Duration) async throws {
        let number = state.change { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.change { state in
                    if state.cancelled.remove(number) != nil { return .failure(CancellationError()) }
                    guard duration > .zero else { return .success(()) }
                    state.sleepers.append(Sleeper(number: number, deadline: state.passed + duration, wake: continuation))
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sleeper: Sleeper? = state.change { state in
                guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
                    state.cancelled.insert(number)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.wake.resume(throwing: CancellationError())
        }
    }

    /// Advances the clock in one step: a sleeper that wakes sees the whole step. Sleepers wake in the order of their deadlines.
    public func advance(by duration: Duration) {
        wake(state.change { $0.advance(by: duration) })
    }

    /// Advances the clock as soon as this many sleepers, or more, sleep: otherwise a task between reading the clock and falling asleep
    /// would miss the step.
    public func advance(by duration: Duration, whenSleeping count: Int) async {
        while !Task.isCancelled {
            await untilSleeping(count)
            let woken = state.change { $0.sleepers.count >= count ? $0.advance(by: duration) : nil }
            if let woken { return wake(woken) }
        }
    }

    private func wake(_ sleepers: [Sleeper]) {
        for sleeper in sleepers { sleeper.wake.resume() }
    }

    /// Sets the wall clock, as an operator or a time server does. Sleepers are not affected.
    public func jump(by duration: Duration) {
        state.change { $0.now = $0.now + duration }
    }

    /// The remaining times of all sleepers, shortest first.
    public var sleeping: [Duration] {
        let state = state.value
        return state.sleepers.map { $0.deadline - state.passed }.sorted()
    }

    /// Returns when this many sleepers, or more, sleep.
    public func untilSleeping(_ count: Int) async {
        await state.until { $0.sleepers.count >= count }
    }

    /// Returns when a sleeper has exactly `duration` left.
    public func untilSleeping(for duration: Duration) async {
        await untilSleeping { $0 == duration }
    }

    /// Returns when the remaining time of a sleeper meets the condition.
    public func untilSleeping(_ isMet: @escaping @Sendable (Duration) -> Bool) async {
        await state.until { state in state.sleepers.contains { isMet($0.deadline - state.passed) } }
    }
}
