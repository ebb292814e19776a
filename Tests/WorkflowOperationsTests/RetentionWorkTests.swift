import Synchronization
import Testing
import WorkflowModel

@testable import WorkflowOperations

/// A clock that records the durations of sleeps.
private final class WorkingTime: TimeSource {
    private struct State {
        var now = Timestamp(milliseconds: 0)
        var rests: [Duration] = []
    }

    private let state = Mutex(State())

    var now: Timestamp { state.withLock { $0.now } }
    var elapsed: Duration { now - Timestamp(milliseconds: 0) }
    var rests: [Duration] { state.withLock { $0.rests } }

    func pass(_ duration: Duration) {
        state.withLock { $0.now = $0.now + duration }
    }

    func sleep(for duration: Duration) async throws {
        state.withLock { $0.rests.append(duration) }
        pass(duration)
    }
}

@Suite("The steps of retention")
struct RetentionWorkTests {
    private static let steps = [20, 4, 900, 1].map { Duration.milliseconds($0) }

    /// Steps of these durations; each deletes ten runs.
    private func work(isShared: Bool, time: WorkingTime) -> RetentionWork {
        RetentionWork(isShared: isShared, time: time) { place in
            let number = place.flatMap { Int($0.text) } ?? 0
            time.pass(Self.steps[number])
            let next = number + 1 < Self.steps.count ? RetentionPlace(text: "\(number + 1)") : nil
            return RetentionStep(deletedRuns: 10, next: next)
        }
    }

    @Test func leaveThreeQuartersOfTheTimeToOtherProgramsAndPauseForASecondAtMost() async throws {
        let time = WorkingTime()
        var progress: [Int] = []
        let totals = try await work(isShared: true, time: time).run { progress.append($0.runs) }
        #expect(totals.runs == 40 && progress == [10, 20, 30, 40])
        #expect(time.rests == [.milliseconds(60), .milliseconds(12), .seconds(1)])
    }

    @Test func doNotPauseWhenTheStoreIsNotShared() async throws {
        let time = WorkingTime()
        #expect(try await work(isShared: false, time: time).run { _ in }.runs == 40)
        #expect(time.rests.isEmpty)
    }
}
