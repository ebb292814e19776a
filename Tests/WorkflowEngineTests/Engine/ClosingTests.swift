import Logging
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Closing tasks", .timeLimit(.minutes(10)))
struct ClosingTests {
    private typealias Bench = EngineBench
    /// No other timer fires when a test advances the clock by this.
    private static let polling = EngineSettings(leaseDuration: .seconds(3_000), pollInterval: .seconds(60))

    @Test func theRunnerIsToldWhatHappened() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [.fail(.customer)]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(
                    Bench.task("a"), Bench.task("b", "needs: [a]"), Bench.task("close", "when: always"),
                    Bench.task("tell", "when: failure, needs: [close]"))
                let details = try await bench.end(of: run)
                #expect(details.run.state == .failed)
                #expect(details.tasks.map(\.state) == [.failed, .skipped, .succeeded, .succeeded])
                let told = RunSoFar(.failed, failedTasks: ["a"])
                #expect(runner.record.attempts.map(\.soFar) == [nil, told, told])
            }
        }
    }

    @Test func aStopIsFollowedByTheClosingTasks() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [.hold]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"), Bench.task("close", "when: always"))
                await bench.untilRunning("a", by: runner)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                let details = try await bench.end(of: run)
                #expect(details.run.state == .canceled)
                #expect(details.tasks.map(\.state) == [.canceled, .succeeded])
                #expect(runner.record.attempts.map(\.soFar) == [nil, RunSoFar(.stopped)])
            }
        }
    }

    @Test func aClosingTaskThatRunsHearsNothingOfAStop() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["b": [.hold], "close": [.hold]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(
                    Bench.task("a"), Bench.task("b"), Bench.task("close", "when: always, needs: [a]"))
                await bench.untilRunning("b", by: runner)
                await bench.untilRunning("close", by: runner)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                try await bench.until("b", of: run, is: .canceled)
                // The store was asked about the lease, and said that it is held.
                await bench.store.until { $0.calls[.renew, default: 0] >= 1 && $0.inProgress[.renew, default: 0] == 0 }
                #expect(try await bench.task("close", of: run).state == .running)
                runner.finish("close")
                let details = try await bench.end(of: run)
                #expect(details.run.state == .canceled)
                #expect(details.tasks.map(\.state) == [.succeeded, .canceled, .succeeded])
                #expect(runner.record.cancelled.map(\.definition.id) == ["b"])
            }
        }
    }

    @Test(arguments: [false, true])
    func aClosingTaskThatHangsAfterAStopIsStopped(hasNoSignals: Bool) async throws {
        try await Bench.with(isMute: hasNoSignals) { bench in
            let runner = ScriptedRunner(["a": [.hold], "close": [.hold]])
            let run = try await bench.start(Bench.task("a"), Bench.task("close", "when: always"))
            try await bench.running(runner, settings: Self.polling) { _ async throws in
                await bench.untilRunning("a", by: runner)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                // Without a signal it learns of the stop when it reports its end.
                if hasNoSignals { runner.finish("a") }
                await bench.untilRunning("close", by: runner)
                await bench.clock.untilSleeping(for: .seconds(60))
                let polls = bench.store.calls[.endClosing, default: 0]
                bench.clock.advance(by: .seconds(60))
                await bench.store.until { $0.calls[.endClosing, default: 0] > polls }
                #expect(try await bench.task("close", of: run).state == .running)
                await bench.clock.untilSleeping(for: .seconds(60))
                bench.clock.advance(by: .seconds(60))
                if hasNoSignals {
                    try await bench.until("close", of: run, is: .stopping)
                    #expect(runner.record.cancelled.isEmpty)
                    // Leases are renewed.
                    bench.clock.advance(by: .seconds(1_000))
                }
                let details = try await bench.end(of: run)
                #expect(details.run.state == .canceled)
                #expect(details.tasks.map(\.state) == [.canceled, .canceled])
                #expect(details.tasks.last?.error == .closingTimeIsOver)
                #expect(runner.record.cancelled.map(\.definition.id) == (hasNoSignals ? ["close"] : ["a", "close"]))
                let line = await bench.log.until(
                    "the closing tasks of a stopped run exceed the `after_stop` of its configuration; stopping them")
                #expect(line?.metadata["run"] == "\(run)")
            }
        }
    }

    @Test func aServiceThatWasKilledEndsWhatWasDueMeanwhile() async throws {
        try await Bench.with { bench in
            let run = try await bench.start(Bench.task("a"), Bench.task("close", "when: always"))
            let former = TaskClaim(limit: 1, worker: "former", until: bench.clock.now + .seconds(30))
            let first = try #require(try await bench.database.claimTasksOfAllTenants(former, at: bench.clock.now).first)
            _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
            _ = try await bench.database.commit(.stopped, under: first.lease, at: bench.clock.now)
            let closing = try #require(try await bench.database.claimTasksOfAllTenants(former, at: bench.clock.now).first)
            #expect(closing.definitionID == "close")
            bench.clock.advance(by: .seconds(121))
            let runner = ScriptedRunner()
            try await bench.running(runner) { _ async throws in
                let details = try await bench.end(of: run)
                #expect(details.run.state == .canceled)
                #expect(details.tasks.map(\.state) == [.canceled, .canceled])
                #expect(details.tasks.map(\.attempts) == [1, 1])
                #expect(runner.record.attempts.isEmpty)
            }
        }
    }

    @Test func aServiceThatIsStartedInTimeRunsTheClosingTaskAgain() async throws {
        try await Bench.with { bench in
            let run = try await bench.start(Bench.task("a"), Bench.task("close", "when: always, retry: {first_delay: 0s}"))
            let former = TaskClaim(limit: 1, worker: "former", until: bench.clock.now + .seconds(30))
            let first = try #require(try await bench.database.claimTasksOfAllTenants(former, at: bench.clock.now).first)
            _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
            _ = try await bench.database.commit(.stopped, under: first.lease, at: bench.clock.now)
            _ = try await bench.database.claimTasksOfAllTenants(former, at: bench.clock.now)
            bench.clock.advance(by: .seconds(60))
            try await bench.running(ScriptedRunner()) { _ async throws in
                let details = try await bench.end(of: run)
                #expect(details.run.state == .canceled)
                #expect(details.tasks.map(\.state) == [.canceled, .succeeded])
                #expect(details.tasks.map(\.attempts) == [1, 2])
            }
        }
    }
}
