import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Stopping", .timeLimit(.minutes(10)))
struct StopTests {
    private typealias Bench = EngineBench

    @Test func aStopReachesWorkUnderWayAtOnce() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"), Bench.task("b", "needs: [a]"))
                await bench.untilRunning("a", by: runner)
                let stopping = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                #expect(stopping?.run.state == .stopping)
                let details = try await bench.end(of: run)
                #expect(details.run.state == .canceled)
                #expect(details.run.error == .manuallyStopped)
                #expect(details.tasks.map(\.state) == [.canceled, .canceled])
                #expect(runner.record.cancelled.count == 1)
            }
        }
    }

    @Test func howWorkWasEndedIsRecordedWithItsAttempt() async throws {
        try await Bench.with { bench in
            let ending = TaskEnding(terminatedAt: bench.clock.now, goneAt: bench.clock.now + .seconds(2))
            let step = ScriptedRunner.Step(.held, receipt: ending)
            let runner = ScriptedRunner(otherwise: step)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await bench.untilRunning("a", by: runner)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                #expect(try await bench.end(of: run).run.state == .canceled)
                let attempts = try await bench.database.attempts(of: run, tenant: Bench.acme)
                #expect(attempts.map(\.ending) == [ending])
            }
        }
    }

    @Test func aRunIsCanceledOnlyWhenNothingOfItIsLeft() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .holdWhateverHappens)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await bench.untilRunning("a", by: runner)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                await runner.until { $0.cancelled.count == 1 }
                #expect(try await bench.details(run).run.state == .stopping)
                runner.finish("a", with: .stopped)
                #expect(try await bench.end(of: run).run.state == .canceled)
            }
        }
    }

    @Test func aStopThatNoSignalToldOfIsHeardWhenTheLeaseIsRenewed() async throws {
        try await Bench.with(isMute: true) { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            let run = try await bench.start(Bench.task("a"))
            try await bench.running(runner) { _ async throws in
                await bench.untilRunning("a", by: runner)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                await bench.clock.untilSleeping(for: .seconds(10))
                #expect(runner.record.cancelled.isEmpty)
                bench.clock.advance(by: .seconds(10))
                #expect(try await bench.end(of: run).run.state == .canceled)
                #expect(runner.record.cancelled.count == 1)
            }
        }
    }

    @Test func aStopThatCameBeforeTheWorkBeganIsHeardWhenItSaysSo() async throws {
        try await Bench.with(isMute: true) { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            let run = try await bench.start(Bench.task("a"))
            // The first report fails; the stop arrives before the retry.
            bench.store.fail(.commit, with: [.refuse(.unavailable)])
            try await bench.running(runner) { _ async throws in
                await bench.store.until { $0.calls[.commit] == 1 }
                try await bench.until("a", of: run, is: .started)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                await bench.untilRetrying()
                bench.clock.advance(by: .milliseconds(75))
                let details = try await bench.end(of: run)
                #expect(details.run.state == .canceled)
                #expect(bench.store.commits.map(\.event) == [.began, .stopped])
                #expect(runner.record.cancelled.count == 1)
            }
        }
    }

    @Test func workThatWasOverBeforeItHeardOfTheStopIsCanceledAllTheSame() async throws {
        try await Bench.with(isMute: true) { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            let run = try await bench.start(Bench.task("a"))
            try await bench.running(runner) { _ async throws in
                await bench.untilRunning("a", by: runner)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                runner.finish("a")
                let details = try await bench.end(of: run)
                #expect(details.run.state == .canceled)
                #expect(details.tasks.map(\.state) == [.canceled])
                #expect(runner.record.cancelled.isEmpty)
            }
        }
    }

    @Test func aStopBetweenTwoAttemptsEndsTheRunAtOnce() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .fail(.platform))
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a", "retry: {attempts: 2, first_delay: 8s}"))
                try await bench.until("a", of: run, is: .inProgress)
                let stopped = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                #expect(stopped?.run.state == .canceled)
                #expect(runner.record.attempts.count == 1)
            }
        }
    }

    @Test func anotherRunIsNotTouched() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner) { _ async throws in
                let one = try await bench.start(Bench.task("a"))
                let other = try await bench.start(Bench.task("b"))
                await bench.untilRunning("a", by: runner)
                await bench.untilRunning("b", by: runner)
                _ = try await bench.database.stopRun(one, of: Bench.acme, at: bench.clock.now)
                #expect(try await bench.end(of: one).run.state == .canceled)
                runner.finish("b")
                #expect(try await bench.end(of: other).run.state == .succeeded)
            }
        }
    }
}
