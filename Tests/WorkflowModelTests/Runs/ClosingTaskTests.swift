import Testing
import WorkflowModel

@Suite("Closing tasks in a run")
struct ClosingTaskTests {
    private let error = RunFixture.customerError

    @Test func aClosingTaskIsReadyWhenAllThatItNeedsHasEnded() throws {
        var run = RunFixture("a", "b", "close always needs a b")
        try run.succeed("a")
        #expect(run.ready == ["b"])
        try run.succeed("b")
        #expect(run.ready == ["close"])
        #expect(run.progress.hasNewWork)
        #expect(run.progress.state == .inProgress)
        #expect(run.progress.soFar == RunSoFar(.succeeded))
        try run.succeed("close")
        #expect(run.progress.state == .succeeded)
        #expect(run.progress.closingDeadline == nil)
    }

    @Test func itRunsAfterAFailureWhichTheRunKeeps() throws {
        var run = RunFixture("a", "b needs a", "close always needs a b", "tell failure needs a b")
        try run.claim("a")
        try run.commit("a", .failed(error))
        #expect(run.states == "a:failed b:skipped close:scheduled tell:scheduled")
        #expect(run.ready == ["close", "tell"])
        #expect(run.progress.state == .runningWithFailures)
        #expect(run.progress.soFar == RunSoFar(.failed, failedTasks: ["a"]))
        try run.succeed("close", "tell")
        #expect(run.progress.state == .failed)
        #expect(run.progress.error?.message == "Task a: It ended with 3")
    }

    @Test func aTaskForFailuresIsSkippedWhenNothingFailed() throws {
        var run = RunFixture("a", "tell failure needs a", "after failure needs tell", "close always needs after")
        try run.succeed("a")
        #expect(run.states == "a:succeeded tell:skipped after:skipped close:scheduled")
        #expect(run.ready == ["close"])
        try run.succeed("close")
        #expect(run.progress.state == .succeeded)
        #expect(SkipReason(.skipped, when: .failure, hasNeeds: true) == .noFailure)
        #expect(SkipReason(.skipped, when: .failure, hasNeeds: false) == .runMode)
        #expect(SkipReason(.skipped, when: .success, hasNeeds: true) == .failedNeed)
    }

    @Test func aRunEndsWithTheSkippedTaskForFailures() throws {
        var run = RunFixture("a", "tell failure needs a")
        try run.succeed("a")
        #expect(run.progress.state == .succeeded)
        #expect(try run["tell"].endedAt == run.now)
    }

    @Test func onlyAFailureThatLeadsToTheTaskCounts() throws {
        var run = RunFixture("a", "b", "c needs b", "tell-a failure needs a", "tell-c failure needs c")
        try run.claim("b")
        try run.commit("b", .failed(error))
        #expect(run.states == "a:scheduled b:failed c:skipped tell-a:scheduled tell-c:scheduled")
        #expect(run.ready == ["a", "tell-c"])
        try run.succeed("a")
        #expect(try run["tell-a"].state == .skipped)
    }

    @Test func aClosingTaskThatFailsFailsTheRun() throws {
        var run = RunFixture("a", "close always needs a", "tell failure needs close")
        try run.succeed("a")
        try run.claim("close")
        try run.commit("close", .began, .failed(error))
        #expect(run.progress.state == .runningWithFailures)
        #expect(run.ready == ["tell"])
        try run.succeed("tell")
        #expect(run.progress.state == .failed)
        #expect(run.progress.error?.message == "Task close: It ended with 3")
    }

    // MARK: Stops

    @Test func afterAStopClosingTasksRunUntilADeadline() throws {
        var run = RunFixture("a", "b needs a", "close always needs a b", "tell failure needs a b")
        try run.claim("a")
        try run.commit("a", .began)
        try run.stop()
        #expect(run.states == "a:stopping b:canceled close:scheduled tell:scheduled")
        #expect(run.progress.closingDeadline == .set(run.now + RunFixture.afterStop))
        #expect(run.ready == [])
        try run.commit("a", .stopped)
        #expect(run.ready == ["close", "tell"])
        #expect(run.progress.soFar == RunSoFar(.stopped))
        try run.claim("close", "tell")
        #expect(run.progress.state == .stopping)
        try run.commit("close", .began, .succeeded(TaskOutput()))
        #expect(try run["close"].state == .succeeded)
        try run.commit("tell", .began, .failed(error))
        #expect(run.states == "a:canceled b:canceled close:succeeded tell:failed")
        #expect(run.progress.state == .canceled)
        #expect(run.progress.error == .manuallyStopped)
        #expect(run.progress.closingDeadline == .removed)
    }

    @Test func aClosingTaskThatRunsGoesOnAfterAStop() throws {
        var run = RunFixture("a", "b", "close always needs a")
        try run.succeed("a")
        try run.claim("b", "close")
        try run.commit("close", .began)
        try run.stop()
        #expect(run.states == "a:succeeded b:stopping close:running")
        try run.commit("close", .retrying(RunFixture.platformError, at: run.now))
        #expect(run.ready == ["close"])
        try run.commit("b", .stopped)
        try run.succeed("close")
        #expect(run.states == "a:succeeded b:canceled close:succeeded")
        #expect(run.progress.state == .canceled)
    }

    @Test func whatHasNotEndedByTheDeadlineIsStopped() throws {
        var run = RunFixture("a", "b", "runs always needs a", "waits always needs b", "again always needs a")
        try run.succeed("a")
        try run.claim("b", "runs", "again")
        try run.commit("runs", .began)
        try run.commit("again", .retrying(RunFixture.platformError, at: Timestamp(milliseconds: 900_000)))
        try run.stop()
        run.reload()
        try run.progress.endClosing(at: run.now)
        #expect(run.states == "a:succeeded b:stopping runs:stopping waits:canceled again:canceled")
        #expect(try run["waits"].error == .closingTimeIsOver && run["again"].error == .closingTimeIsOver)
        #expect(run.ready == [])
        #expect(run.progress.closingDeadline == .removed && run.progress.hasRunChanged)
        // It wins, whatever the work reports.
        #expect(try run.commit("runs", .succeeded(TaskOutput())) == .accepted(.canceled))
        #expect(try run["runs"].error == .closingTimeIsOver)
        try run.commit("b", .stopped)
        #expect(try run["b"].error == .manuallyStopped)
        #expect(run.progress.state == .canceled)
    }

    @Test func theDeadlineOfARunThatIsNotStoppingChangesNothing() throws {
        var run = RunFixture("a", "close always needs a")
        try run.succeed("a", "close")
        run.reload()
        let before = run.progress
        try run.progress.endClosing(at: run.now)
        #expect(run.progress == before)
    }

    @Test func aRunThatHasNotBegunHasNothingToClose() throws {
        var run = RunFixture("a", "close always needs a", "tell failure needs a")
        try run.stop()
        #expect(run.states == "a:canceled close:canceled tell:canceled")
        #expect(run.progress.state == .canceled)
        #expect(try run["close"].error == .manuallyStopped)
        #expect(run.progress.closingDeadline != .set(run.now + RunFixture.afterStop))
    }

    @Test func withoutTimeAfterAStopClosingTasksAreStoppedToo() throws {
        var run = RunFixture("a", "b", "close always needs a")
        try run.succeed("a")
        try run.claim("b", "close")
        run.progress = RunProgress(
            createdAt: run.progress.createdAt, state: run.progress.state, afterStop: .zero, tasks: run.progress.tasks)
        try run.stop()
        #expect(run.states == "a:succeeded b:stopping close:stopping")
        try run.commit("close", .stopped)
        #expect(try run["close"].error == .manuallyStopped)
    }

    @Test func aFurtherStopChangesNothing() throws {
        var run = RunFixture("a", "close always needs a")
        try run.claim("a")
        try run.stop()
        try run.commit("a", .stopped)
        try run.claim("close")
        run.reload()
        let before = run.progress
        try run.progress.stop(at: run.now)
        #expect(run.progress == before)
    }

    @Test func aLostWorkerOfAClosingTaskLeadsToAnotherAttemptUntilTheDeadline() throws {
        var run = RunFixture("a", "close always needs a")
        try run.claim("a")
        try run.stop()
        try run.commit("a", .stopped)
        try run.claim("close")
        let lost = try run.lease("close")
        try run.commit("close", .began, .retrying(RunFixture.platformError, at: run.now))
        #expect(run.ready == ["close"] && run.progress.state == .stopping)
        try run.claim("close")
        #expect(try run.commit("close", .succeeded(TaskOutput()), under: lost) == .stale)
        try run.progress.endClosing(at: run.now)
        try run.commit("close", .retrying(RunFixture.platformError, at: run.now))
        #expect(run.states == "a:canceled close:canceled")
        #expect(run.progress.state == .canceled)
    }

    // MARK: Consistency

    @Test func inconsistenciesOfClosingTasksAreFoundAndRepaired() throws {
        var run = RunFixture("a", "b", "close always needs a", "tell failure needs a", "last always needs tell b")
        try run.succeed("a", "b")
        #expect(run.progress.inconsistencies == [])
        var tasks = run.progress.tasks
        tasks[2].readyAt = nil
        (tasks[3].state, tasks[3].endedAt) = (.scheduled, nil)
        tasks[4].readyAt = run.now
        run.progress = RunProgress(
            createdAt: run.progress.createdAt, state: .inProgress, afterStop: RunFixture.afterStop, tasks: tasks)
        #expect(run.progress.inconsistencies == [.taskIsStuck, .taskIsReadyTooEarly])
        try run.progress.repair(at: run.now)
        #expect(run.states == "a:succeeded b:succeeded close:scheduled tell:skipped last:scheduled")
        #expect(run.ready == ["close", "last"])
        #expect(run.progress.inconsistencies == [])
    }
}
