import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowOperations

/// A store whose steps end as a test says. After the last of them, nothing is left to file.
private final class ScriptedFiling: RunFiling {
    enum Step: Sendable {
        /// Takes this long, and more is left.
        case takes(Duration)
        case fails
    }

    private let clock: TestClock
    private let steps: Watched<[Step]>

    init(_ steps: [Step], _ clock: TestClock) {
        self.steps = Watched(steps)
        self.clock = clock
    }

    func fileRunsAtRest() async throws -> Bool {
        let step = steps.change { $0.isEmpty ? nil : $0.removeFirst() }
        switch step {
        case .takes(let duration):
            clock.advance(by: duration)
            return true
        case .fails: throw StoreError(.unavailable, "The disk is full.")
        case nil: return false
        }
    }

    func runsToFileOfAllTenants(countingTo limit: Int) -> Int { min(steps.value.count, limit) }
}

@Suite("The steps of filing")
struct FilingWorkTests {
    private let clock = TestClock()
    private let log = RecordedLog()

    /// Runs the work until it has made its steps, and returns the pauses after each of them.
    private func pauses(_ steps: [ScriptedFiling.Step]) async -> [Duration] {
        let filing = ScriptedFiling(steps, clock)
        let work = FilingWork(filing: filing, time: clock, logger: log.logger)
        let running = Task { await work.run() }
        var pauses: [Duration] = []
        for _ in 0...steps.count {
            await clock.untilSleeping(1)
            pauses += clock.sleeping
            clock.advance(by: clock.sleeping[0])
        }
        running.cancel()
        await running.value
        return pauses
    }

    @Test func leaveThreeQuartersOfTheTimeToOthersAndPauseBrieflyAtMost() async {
        let pauses = await pauses([.takes(.milliseconds(5)), .takes(.milliseconds(2)), .takes(.seconds(1))])
        #expect(pauses == [.milliseconds(15), .milliseconds(6), FilingPauses.longest, FilingPauses.interval])
        #expect(log.texts.isEmpty)
    }

    @Test func goOnAfterAFailure() async {
        let pauses = await pauses([.fails, .takes(.milliseconds(5))])
        #expect(pauses == [FilingPauses.afterFailure, .milliseconds(15), FilingPauses.interval])
        #expect(log.texts.count == 1)
        #expect(log.count(of: "could not file ended runs") == 1 && log.count(of: "The disk is full.") == 1)
    }

    @Test func endWhenTheyAreCancelled() async {
        let work = FilingWork(filing: ScriptedFiling([], clock), time: clock, logger: log.logger)
        let running = Task { await work.run() }
        await clock.untilSleeping(for: FilingPauses.interval)
        running.cancel()
        await running.value
        #expect(clock.sleeping.isEmpty)
    }
}
