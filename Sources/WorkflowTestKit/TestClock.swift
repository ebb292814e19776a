public import WorkflowModel

/// A clock that stands still until a test advances it.
public final class TestClock: TimeSource {
    private struct Sleeper: Sendable {
        var number: Int
        /// By the clock that never jumps.
        var deadline: Duration
        var wake: CheckedContinuation<Void, any Error>
    }

    private struct State: Sendable {
        var now: Timestamp
        /// How much time has passed: what sleepers go by. It knows of no jumps of ``now``.
        var passed = Duration.zero
        var next = 0
        var sleepers: [Sleeper] = []
        /// Those that were cancelled before they fell asleep.
        var cancelled: Set<Int> = []

        /// - Returns: those whose time it is to wake.
        mutating func advance(by duration: Duration) -> [Sleeper] {
            now = now + duration
            passed += duration
            let woken = sleepers.filter { $0.deadline <= passed }
            sleepers.removeAll { $0.deadline <= passed }
            return woken.sorted { ($0.deadline, $0.number) < ($1.deadline, $1.number) }
        }
    }

    private let state: Watched<State>

    /// 2024-02-10T17:29:32.687Z, unless a test says otherwise.
    public init(now: Timestamp = Timestamp(milliseconds: 1_707_586_172_687)) {
        state = Watched(State(now: now))
    }

    public var now: Timestamp { state.value.now }

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

    /// Lets time pass, at once: who wakes finds that all of it has passed. Whoever sleeps wakes when it is time, in the order of the
    /// deadlines.
    public func advance(by duration: Duration) {
        wake(state.change { $0.advance(by: duration) })
    }

    /// Lets time pass as soon as so many sleep, or more: nobody of them can be between a look at the clock and falling asleep, and
    /// sleep through what has passed meanwhile.
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

    /// Sets the clock, as an operator or a time server does: nobody who sleeps notices.
    public func jump(by duration: Duration) {
        state.change { $0.now = $0.now + duration }
    }

    /// How long those who sleep have still to sleep, shortest first.
    public var sleeping: [Duration] {
        let state = state.value
        return state.sleepers.map { $0.deadline - state.passed }.sorted()
    }

    /// Returns when so many sleep, or more.
    public func untilSleeping(_ count: Int) async {
        await state.until { $0.sleepers.count >= count }
    }

    /// Returns when somebody sleeps who will wake after exactly `duration`.
    public func untilSleeping(for duration: Duration) async {
        await untilSleeping { $0 == duration }
    }

    /// Returns when somebody sleeps whose rest of it is as it should be.
    public func untilSleeping(_ isMet: @escaping @Sendable (Duration) -> Bool) async {
        await state.until { state in state.sleepers.contains { isMet($0.deadline - state.passed) } }
    }
}
