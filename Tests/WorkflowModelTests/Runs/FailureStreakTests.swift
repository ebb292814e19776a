import Testing
import WorkflowModel
import WorkflowTestKit

@Suite struct FailureStreakTests {
    /// - Parameter states: newest first.
    private func streak(_ states: [RunState]) -> FailureStreak? {
        FailureStreak(
            states.enumerated().map { index, state in
                RecentRun(
                    WorkflowRun(
                        id: RunID(rawValue: "wf-\(index)"), tenant: StoreBench.acme, name: "Daily", type: "test.daily/run",
                        state: state, createdAt: StoreBench.after(Double(100 - index)), principal: StoreBench.someone))
            })
    }

    @Test(
        arguments: [
            [], [.succeeded], [.succeeded, .failed], [.canceled], [.inProgress, .succeeded, .failed], [.canceled, .succeeded],
        ] as [[RunState]])
    func noStreak(_ states: [RunState]) {
        #expect(streak(states) == nil)
    }

    @Test func stoppedAndOpenRunsDoNotCount() throws {
        let found = try #require(streak([.inProgress, .failed, .canceled, .failed, .stopping, .succeeded, .failed]))
        #expect(found.count == 2)
        #expect(found.latest.id.rawValue == "wf-1" && found.first.id.rawValue == "wf-3" && found.good?.id.rawValue == "wf-5")
        let endless = try #require(streak([.failed, .failed]))
        #expect(endless.count == 2 && endless.first.id.rawValue == "wf-1" && endless.good == nil)
    }
}
