import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Shutdown, crash and restart", .timeLimit(.minutes(10)))
struct ShutdownTests {
    private typealias Bench = EngineBench

    @Test(arguments: [false, true]) func aShutdownEndsWorkAndLeavesItToBeTriedAgain(byCancellation: Bool) async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [.init(.held, prints: [Array("so far".utf8)])]])
            let engine = bench.engine(runner)
            let life = Task { try await engine.run() }
            let run = try await bench.start(Bench.task("a", "retry: {attempts: 2, first_delay: 8s}"))
            await bench.untilRunning("a", by: runner)
            if byCancellation { life.cancel() } else { await engine.shutDown() }
            try await life.value
            let task = try await bench.task("a", of: run)
            #expect(task.state == .inProgress)
            #expect(task.error?.type == "weir.worker/lost")
            #expect(task.error?.attribution == .platform)
            #expect(task.error?.message == "The server was shut down while the task was running.")
            #expect(runner.record.cancelled.count == 1)
            #expect(runner.record.live.isEmpty)
            #expect(try await bench.output("a", of: run).bytes == Array("so far".utf8))
            #expect(try await bench.store.leasesOfAllTenants(notHeldBy: "other").isEmpty)
            #expect(bench.clock.sleeping.isEmpty)
        }
    }

    @Test func aShutdownWaitsForWorkThatTakesLongToEndAndKeepsItsLease() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [.holdWhateverHappens]])
            let engine = bench.engine(runner)
            let life = Task { try await engine.run() }
            let run = try await bench.start(Bench.task("a"), Bench.task("b", "needs: [a]"))
            await bench.untilRunning("a", by: runner)
            await engine.shutDown()
            await runner.until { $0.cancelled.count == 1 }
            await bench.clock.untilSleeping(3)
            bench.clock.advance(by: .seconds(10))
            await bench.store.until { $0.calls[.renew] == 1 }
            runner.finish("a")
            try await life.value
            // The work succeeded nevertheless; the next task is left to the next start.
            #expect(try await bench.details(run).tasks.map(\.state) == [.succeeded, .scheduled])
            #expect(runner.record.attempts.count == 1)
        }
    }

    @Test func aShutdownWhenTheLastAttemptIsUnderWayFailsTheTask() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            let engine = bench.engine(runner)
            let life = Task { try await engine.run() }
            let run = try await bench.start(Bench.task("a", "retry: {attempts: 1}"))
            await bench.untilRunning("a", by: runner)
            await engine.shutDown()
            try await life.value
            #expect(try await bench.details(run).run.state == .failed)
            #expect(try await bench.details(run).run.error?.type == "weir.worker/lost")
        }
    }

    @Test func aShutdownDoesNotWaitForEverForAStoreThatIsGone() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            // Only the pauses end within the test.
            var settings = Bench.patient
            settings.leaseDuration = .seconds(100_000)
            let engine = bench.engine(runner, settings: settings)
            let life = Task { try await engine.run() }
            let run = try await bench.start(Bench.task("a"))
            await bench.untilRunning("a", by: runner)
            bench.store.fail(.commit, with: Array(repeating: .refuse(.unavailable), count: 100))
            await engine.shutDown()
            for call in 2...EngineSettings.triesWhenShuttingDown {
                await bench.store.until { $0.calls[.commit] == call }
                await bench.clock.untilSleeping { $0 <= .milliseconds(7_500) }
                bench.clock.advance(by: try #require(bench.clock.sleeping.first))
            }
            try await life.value
            #expect(bench.store.calls[.commit] == EngineSettings.triesWhenShuttingDown + 1)
            #expect(try await bench.task("a", of: run).state == .running)
        }
    }

    @Test func anEngineThatIsShutDownBeforeItRunsDoesNothing() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner()
            let engine = bench.engine(runner)
            _ = try await bench.start(Bench.task("a"))
            await engine.shutDown()
            try await engine.run()
            #expect(runner.record.attempts.isEmpty)
        }
    }

    /// Executes "a" with an engine that dies without a report.
    private func crash(_ bench: Bench, _ tasks: [String]) async throws -> RunID {
        let doomed = WatchedStore(bench.database)
        let runner = ScriptedRunner(otherwise: .hold)
        let engine = bench.engine(runner, over: doomed)
        let life = Task { try await engine.run() }
        let run = try await bench.start(tasks)
        await runner.untilHeld("a")
        await doomed.until { $0.calls[.commit] == 1 }
        doomed.cutOff()
        await engine.shutDown()
        try await life.value
        #expect(try await bench.task("a", of: run).state == .running)
        return run
    }

    @Test func afterACrashRunningTasksAreEndedAndRetried() async throws {
        try await Bench.with { bench in
            let run = try await crash(bench, [Bench.task("a", "retry: {attempts: 2, first_delay: 8s}")])
            let runner = ScriptedRunner()
            try await bench.running(runner) { _ async throws in
                try await bench.until("a", of: run, is: .inProgress)
                let again = try #require(try await bench.store.nextReadyTimeOfAllTenants(after: bench.clock.now))
                await bench.clock.untilSleeping(for: again - bench.clock.now)
                let task = try await bench.task("a", of: run)
                #expect(task.error?.type == "weir.worker/lost")
                #expect(runner.record.leftovers == [[task.id]])
                #expect(runner.record.attempts.isEmpty)
                bench.clock.advance(by: again - bench.clock.now)
                #expect(try await bench.end(of: run).run.state == .succeeded)
                #expect(runner.record.attempts.map(\.number) == [2])
            }
        }
    }

    @Test func afterACrashInTheLastAttemptTheRunFailsByThePlatform() async throws {
        try await Bench.with { bench in
            let run = try await crash(bench, [Bench.task("a", "retry: {attempts: 1}"), Bench.task("b", "needs: [a]")])
            try await bench.running(ScriptedRunner()) { _ async throws in
                let details = try await bench.end(of: run)
                #expect(details.run.state == .failed)
                #expect(details.run.error?.attribution == .platform)
                #expect(details.tasks.map(\.state) == [.failed, .skipped])
            }
        }
    }

    @Test func afterACrashAStopThatWasUnderWayIsCompleted() async throws {
        try await Bench.with { bench in
            let run = try await crash(bench, [Bench.task("a")])
            _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
            try await bench.running(ScriptedRunner()) { _ async throws in
                #expect(try await bench.end(of: run).run.state == .canceled)
            }
        }
    }

    @Test func theStartWaitsForAStoreThatCannotBeReachedYet() async throws {
        try await Bench.with { bench in
            let run = try await crash(bench, [Bench.task("a", "retry: {attempts: 1}")])
            bench.store.fail(.formerLeases, with: [.refuse(.unavailable), .refuse(.unavailable)])
            try await bench.running(ScriptedRunner()) { _ async throws in
                for pause in [50, 100] {
                    await bench.clock.untilSleeping(for: .milliseconds(pause))
                    bench.clock.advance(by: .milliseconds(pause))
                }
                #expect(try await bench.end(of: run).run.state == .failed)
            }
        }
    }

    @Test func theStartFailsOverAStoreThatIsDamaged() async throws {
        try await Bench.with { bench in
            bench.store.fail(.formerLeases, with: [.refuse(.damaged)])
            let engine = bench.engine(ScriptedRunner())
            let error = await #expect(throws: StoreError.self) { try await engine.run() }
            #expect(error?.code == .damaged)
        }
    }
}
