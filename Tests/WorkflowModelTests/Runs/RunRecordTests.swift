import Testing
import WorkflowModel
import WorkflowTestKit

@Suite("Statistics of recent runs")
struct RunRecordTests {
    private func run(_ state: RunState, took seconds: Double?, keepsTasks: Bool = false) -> RecentRun {
        RecentRun(
            WorkflowRun(
                id: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, name: "Daily", type: "a.b", state: state,
                createdAt: StoreBench.start, endedAt: seconds.map(StoreBench.after), principal: StoreBench.someone),
            keepsTasks: keepsTasks)
    }

    @Test func onlyRunsThatEndedByThemselvesCount() throws {
        #expect(RunRecord([]) == nil)
        #expect(RunRecord([run(.inProgress, took: nil), run(.canceled, took: 5)]) == nil)
        let record = try #require(
            RunRecord([run(.started, took: nil), run(.failed, took: 8), run(.canceled, took: 900), run(.succeeded, took: 2)]))
        #expect(record.ended == 2 && record.succeeded == 1 && record.successPercent == 50)
        #expect(record.median == .seconds(2) && record.percentile95 == .seconds(2))
    }

    @Test func percentilesLeaveOutFailedRunsAndRerunsThatKeptTasks() throws {
        let whole = (1...10).map { run(.succeeded, took: Double($0 * 100)) }
        let partial = (1...10).map { _ in run(.succeeded, took: 1, keepsTasks: true) }
        let failed = (1...5).map { _ in run(.failed, took: 2) }
        let record = try #require(RunRecord(partial + failed + whole))
        #expect(record.ended == 25 && record.succeeded == 20)
        #expect(record.median == .seconds(500) && record.percentile95 == .seconds(1_000))
    }

    @Test func withoutAWholeRunThatSucceededThereIsNoPercentile() throws {
        let record = try #require(RunRecord([run(.failed, took: 2), run(.succeeded, took: 1, keepsTasks: true)]))
        #expect(record.ended == 2 && record.succeeded == 1)
        #expect(record.median == nil && record.percentile95 == nil)
    }

    @Test func percentilesAreThoseOfTheNewestThirty() throws {
        let newest = (1...30).map { run(.succeeded, took: Double($0)) }
        let record = try #require(RunRecord(newest.shuffled(using: 5) + [run(.failed, took: 1_000)]))
        #expect(record.ended == 30 && record.successPercent == 100)
        #expect(record.median == .seconds(15) && record.percentile95 == .seconds(29))
    }

    @Test(arguments: [(30, 29, 97), (30, 1, 3), (30, 0, 0), (30, 30, 100), (3, 2, 67)])
    func theShareIsRounded(ended: Int, succeeded: Int, percent: Int) throws {
        let runs = (0..<ended).map { run($0 < succeeded ? .succeeded : .failed, took: 1) }
        let record = try #require(RunRecord(runs))
        #expect(record.successPercent == percent)
    }
}

extension [RecentRun] {
    /// In another order.
    fileprivate func shuffled(using step: Int) -> [RecentRun] {
        (0..<step).flatMap { begin in stride(from: begin, to: count, by: step).map { self[$0] } }
    }
}
