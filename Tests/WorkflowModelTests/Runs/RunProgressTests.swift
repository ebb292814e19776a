import Testing
import WorkflowModel

@Suite("Run progress")
struct RunProgressTests {
    private let error = RunFixture.customerError

    @Test func aRunIsTakenUpBeginsAndEndsWell() throws {
        var run = RunFixture("a", "b needs a")
        #expect(run.ready == ["a"])
        try run.claim("a")
        #expect(run.progress.state == .started)
        #expect(run.ready == [])
        #expect(try run["a"].attempt == 1 && run["a"].token == 1)
        try run.commit("a", .began)
        #expect(run.progress.state == .inProgress)
        try run.commit("a", .recording)
        #expect(run.states == "a:finalizing b:scheduled")
        let output = TaskOutput(values: JSONText(validated: "{}"), runID: "job-1")
        #expect(try run.commit("a", .succeeded(output)) == .accepted(.succeeded))
        #expect(run.ready == ["b"])
        #expect(run.progress.hasNewWork)
        #expect(try run["b"].readyAt == run.now && run["a"].endedAt == run.now)
        #expect(try run["a"].output == output.values && run["a"].engineRunID == "job-1")
        try run.succeed("b")
        #expect(run.progress.state == .succeeded)
        #expect(run.progress.endedAt == run.now)
        #expect(run.progress.error == nil)
        #expect(!run.progress.hasNewWork)
    }

    @Test func aTaskIsReadyWhenEverythingThatItNeedsHasSucceeded() throws {
        var run = RunFixture("a", "b", "c needs a b", "d needs b")
        try run.succeed("b")
        #expect(run.ready == ["a", "d"])
        try run.succeed("a")
        #expect(run.ready == ["c", "d"])
    }

    @Test func aFailureSkipsWhatCanNoLongerRunAndLetsTheOthersGoOn() throws {
        var run = RunFixture("a", "b", "c needs a", "d needs c b", "e needs b")
        try run.claim("a", "b")
        try run.commit("b", .began)
        try run.commit("a", .failed(error))
        #expect(run.progress.state == .runningWithFailures)
        #expect(run.states == "a:failed b:running c:skipped d:skipped e:scheduled")
        #expect(try run["d"].endedAt == run.now && run["d"].error == nil)
        try run.commit("b", .succeeded(TaskOutput()))
        #expect(run.progress.state == .runningWithFailures)
        try run.succeed("e")
        #expect(run.progress.state == .failed)
        #expect(run.progress.endedAt == run.now)
    }

    @Test func theLastFailureEndsTheRunAtOnce() throws {
        var run = RunFixture("a", "b needs a")
        try run.claim("a")
        try run.commit("a", .began, .failed(error, runID: "job-9"))
        #expect(run.progress.state == .failed)
        #expect(run.states == "a:failed b:skipped")
        #expect(try run["a"].error == error && run["a"].engineRunID == "job-9")
    }

    @Test func theErrorOfARunIsThatOfItsFirstFailure() throws {
        var run = RunFixture("a", "b", "c")
        try run.claim("a", "b", "c")
        try run.commit("b", .failed(RunFixture.platformError))
        try run.commit("a", .failed(error))
        try run.commit("c", .began, .succeeded(TaskOutput()))
        let expected = RunError(attribution: .platform, type: "weir.worker/lost", message: "Task b: The worker is gone")
        #expect(run.progress.error == expected)
        #expect(run.progress.state == .failed)
    }

    @Test func aRetryWaitsForItsTimeAndKeepsTheErrorUntilItSucceeds() throws {
        var run = RunFixture("a", "b needs a")
        try run.claim("a")
        let later = Timestamp(milliseconds: 90_000)
        #expect(
            try run.commit("a", .began, .retrying(RunFixture.platformError, at: later, runID: "job-1")) == .accepted(.inProgress))
        #expect(run.progress.hasNewWork)
        #expect(run.progress.state == .inProgress)
        #expect(try run["a"].readyAt == later && run["a"].error == RunFixture.platformError && run["a"].endedAt == nil)
        #expect(run.progress.error == nil)
        try run.succeed("a")
        #expect(try run["a"].attempt == 2 && run["a"].token == 2 && run["a"].error == nil && run["a"].engineRunID == "job-1")
        #expect(run.ready == ["b"])
    }

    // MARK: Stopping

    @Test func stoppingWhatNobodyHoldsEndsItAtOnce() throws {
        var run = RunFixture("a", "b needs a", "c skipped")
        try run.stop()
        #expect(run.progress.state == .canceled)
        #expect(run.states == "a:canceled b:canceled c:skipped")
        #expect(run.progress.error == .manuallyStopped)
        #expect(run.progress.endedAt == run.now)
        #expect(try run["a"].error == .manuallyStopped && run["a"].endedAt == run.now && run["c"].error == nil)
        #expect(run.ready == [])
    }

    @Test(arguments: [
        TaskEvent.stopped, .succeeded(TaskOutput()), .failed(RunFixture.customerError),
        .retrying(RunFixture.platformError, at: Timestamp(milliseconds: 9_000)),
    ])
    func aStopWaitsForWhatAWorkerHoldsHoweverThatEnds(end: TaskEvent) throws {
        for events in [[], [TaskEvent.began], [.began, .recording]] {
            var run = RunFixture("a", "b", "c needs a b")
            try run.succeed("b")
            try run.claim("a")
            for event in events { try run.commit("a", event) }
            try run.stop()
            #expect(run.progress.state == .stopping)
            #expect(run.states == "a:stopping b:succeeded c:canceled")
            #expect(run.progress.endedAt == nil)
            #expect(try run.commit("a", .began) == .accepted(.stopping))
            #expect(try run.commit("a", end) == .accepted(.canceled))
            #expect(run.progress.state == .canceled)
            #expect(run.progress.error == .manuallyStopped)
            #expect(try run["a"].error == .manuallyStopped)
            #expect(run.ready == [])
            #expect(!run.progress.hasNewWork)
        }
    }

    @Test func whatWaitsForAnotherAttemptIsCanceledByAStop() throws {
        var run = RunFixture("a")
        try run.claim("a")
        try run.commit("a", .retrying(RunFixture.platformError, at: Timestamp(milliseconds: 90_000)))
        try run.stop()
        #expect(run.progress.state == .canceled)
        #expect(try run["a"].error == .manuallyStopped && run["a"].readyAt == nil)
    }

    @Test func aStopOfARunWithFailuresIsAStop() throws {
        var run = RunFixture("a", "b")
        try run.claim("a", "b")
        try run.commit("a", .failed(error))
        try run.stop()
        try run.commit("b", .stopped)
        #expect(run.progress.state == .canceled)
        #expect(run.progress.error == .manuallyStopped)
        #expect(try run["a"].error == error)
    }

    @Test func stoppingAgainOrTooLateChangesNothing() throws {
        var stopping = RunFixture("a")
        try stopping.claim("a")
        try stopping.stop()
        var ended = RunFixture("a")
        try ended.succeed("a")
        for var run in [stopping, ended] {
            run.reload()
            let before = run.progress
            try run.progress.stop(at: run.now)
            #expect(run.progress == before)
            #expect(run.progress.changedTasks.isEmpty && !run.progress.hasRunChanged)
        }
    }

    // MARK: Reports that come twice, late, or from the wrong worker

    @Test func aReportThatWasCountedIsAcceptedAgainAndChangesNothing() throws {
        let end = Timestamp(milliseconds: 90_000)
        let histories: [[TaskEvent]] = [
            [.began], [.began, .recording], [.began, .succeeded(TaskOutput())], [.began, .recording, .succeeded(TaskOutput())],
            [.failed(error)], [.began, .failed(error)], [.retrying(error, at: end)], [.began, .retrying(error, at: end)],
        ]
        for history in histories {
            var run = RunFixture("a", "b")
            try run.claim("a")
            for event in history { try run.commit("a", event) }
            run.reload()
            let before = run.progress
            let last = try #require(history.last)
            #expect(try run.commit("a", last) == .accepted(run["a"].state), "\(history)")
            #expect(run.progress == before, "\(history)")
        }
    }

    @Test func anEndThatAStopTookThePlaceOfIsAcceptedAgain() throws {
        for end in [TaskEvent.stopped, .succeeded(TaskOutput()), .failed(error), .retrying(error, at: Timestamp(milliseconds: 9))] {
            var run = RunFixture("a")
            try run.claim("a")
            try run.stop()
            try run.commit("a", end)
            #expect(try run.commit("a", end) == .accepted(.canceled))
        }
    }

    @Test func whoeverHoldsAnOlderTokenChangesNothing() throws {
        var run = RunFixture("a")
        try run.claim("a")
        let old = try run.lease("a")
        try run.commit("a", .retrying(RunFixture.platformError, at: run.now))
        try run.claim("a")
        run.reload()
        let before = run.progress
        for event in [
            TaskEvent.began, .recording, .succeeded(TaskOutput()), .failed(error), .retrying(error, at: run.now), .stopped,
        ] {
            #expect(try run.commit("a", event, under: old) == .stale)
        }
        #expect(run.progress == before)
    }

    @Test func anotherEndOfAnAttemptThatHasEndedIsStale() throws {
        var run = RunFixture("a", "b")
        try run.claim("a")
        try run.commit("a", .began, .retrying(RunFixture.platformError, at: run.now))
        #expect(try run.commit("a", .succeeded(TaskOutput())) == .stale)
        #expect(try run.commit("a", .failed(error)) == .stale)
        #expect(try run.commit("a", .began) == .stale)
        #expect(run.states == "a:in-progress b:scheduled")
    }

    @Test func aTaskOfAnotherRunIsStale() throws {
        var run = RunFixture("a")
        try run.claim("a")
        var lease = try run.lease("a")
        lease.task = TaskID(rawValue: "wft-other")
        #expect(try run.commit("a", .began, under: lease) == .stale)
    }

    @Test func whatCannotHappenThrowsAndChangesNoState() throws {
        var run = RunFixture("a", "b needs a")
        try run.claim("a")
        run.reload()
        let before = run.states
        #expect(throws: IllegalTransition.self) { try run.commit("a", .succeeded(TaskOutput())) }
        #expect(throws: IllegalTransition.self) { try run.commit("a", .stopped) }
        #expect(throws: IllegalTransition.self) { try run.claim("a") }
        #expect(run.states == before)
        #expect(try run["a"].token == 1)
    }
}
