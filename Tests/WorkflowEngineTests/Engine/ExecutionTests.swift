import Logging
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Executing tasks", .timeLimit(.minutes(10)))
struct ExecutionTests {
    private typealias Bench = EngineBench

    @Test func aStartIsExecutedWithoutWaitingForAnything() async throws {
        try await Bench.with { bench in
            try await bench.running(ScriptedRunner()) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                let details = try await bench.end(of: run)
                #expect(details.run.state == .succeeded)
                #expect(try await bench.database.attempts(of: run, tenant: Bench.acme).map(\.outcome) == [.succeeded])
            }
        }
    }

    @Test func aRunnerIsToldEverythingAboutItsAttempt() async throws {
        try await Bench.with { bench in
            let values = JSONText(validated: #"{"rows":3}"#)
            let runner = ScriptedRunner([
                "a": [.init(.outcome(.succeeded(TaskOutput(values: values, runID: "x-1"))), records: true)]
            ])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"), Bench.task("b", "needs: [a]"))
                let details = try await bench.end(of: run)
                #expect(details.tasks.map(\.engineRunID) == ["x-1", nil])
                let attempt = try #require(runner.record.attempts(of: "b").first)
                #expect(attempt.inputs == ["a": values])
                #expect(attempt.run == run)
                #expect(attempt.number == 1)
                #expect(attempt.configuration == "daily")
                #expect(attempt.directory == "/work")
                #expect(attempt.runMode == .full)
                #expect(bench.store.commits.map(\.event.kind).prefix(3) == [.began, .recording, .succeeded])
            }
        }
    }

    @Test func tasksRunAsSoonAsTheirDependenciesHaveSucceeded() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [.hold], "c": [.hold]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(
                    Bench.task("a"), Bench.task("b", "needs: [a]"), Bench.task("c"), Bench.task("d", "needs: [b, c]"))
                await bench.untilRunning("a", by: runner)
                await bench.untilRunning("c", by: runner)
                runner.finish("a")
                await runner.until { $0.ended.contains { $0.definition.id == "b" } }
                #expect(runner.record.attempts(of: "d").isEmpty)
                runner.finish("c")
                #expect(try await bench.end(of: run).run.state == .succeeded)
                #expect(runner.record.attempts.last?.definition.id == "d")
            }
        }
    }

    @Test func noMoreTasksRunAtOnceThanThereAreWorkers() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            var settings = Bench.patient
            settings.workers = 3
            try await bench.running(runner, settings: settings) { _ async throws in
                let run = try await bench.start((0..<10).map { Bench.task("t\($0)") })
                for count in 1...10 {
                    await runner.until { $0.attempts.count >= min(10, count + 2) }
                    let live = try #require(runner.record.attempts.first { runner.record.live.contains($0.task) })
                    await runner.untilHeld(live.definition.id)
                    runner.finish(live.definition.id)
                    await runner.until { $0.ended.count == count }
                }
                #expect(try await bench.end(of: run).run.state == .succeeded)
                #expect(runner.record.mostAtOnce == 3)
            }
        }
    }

    @Test func whileARunnerCannotStartAnythingNothingIsClaimedAndNoAttemptIsCounted() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner()
            runner.setCanStart(false)
            try await bench.running(runner, settings: EngineSettings(pollInterval: .milliseconds(1_100))) { _ async throws in
                await runner.untilAsked(times: 1)
                let run = try await bench.start(Bench.task("a"))
                await runner.untilAsked(times: 2)
                #expect(bench.store.calls[.claim, default: 0] == 0)
                #expect(try await bench.task("a", of: run).attempts == 0)
                runner.setCanStart(true)
                await bench.clock.untilSleeping(for: .milliseconds(1_100))
                bench.clock.advance(by: .milliseconds(1_100))
                #expect(try await bench.end(of: run).run.state == .succeeded)
                #expect(runner.record.attempts.map(\.number) == [1])
            }
        }
    }

    @Test func workOfOtherProcessesIsFoundByLooking() async throws {
        try await Bench.with(isMute: true) { bench in
            try await bench.running(ScriptedRunner(), settings: EngineSettings(pollInterval: .milliseconds(1_100))) {
                _ async throws in
                // The first claim found nothing, and no signal announces later work.
                await bench.store.until { $0.calls[.claim, default: 0] >= 1 }
                await bench.clock.untilSleeping(for: .milliseconds(1_100))
                let run = try await bench.start(Bench.task("a"))
                bench.clock.advance(by: .milliseconds(1_100))
                #expect(try await bench.end(of: run).run.state == .succeeded)
            }
        }
    }

    @Test func aTaskOfATypeWithoutARunnerFails() async throws {
        try await Bench.with { bench in
            try await bench.running(ScriptedRunner()) { _ async throws in
                let run = try await bench.start("{id: a, label: A, type: t, http: {method: GET, url: \"http://localhost/\"}}")
                let error = try await bench.end(of: run).tasks.first?.error
                #expect(error?.attribution == .platform)
                #expect(error?.message == "This worker cannot execute tasks of type “http”.")
            }
        }
    }

    @Test func aConfigurationThatCannotBeReadFailsTheTaskAndSaysSo() async throws {
        try await Bench.with { bench in
            let configuration = WorkflowConfiguration(
                id: "daily", name: "Daily", type: "test/run", stages: [Stage(name: "All", tasks: [StoreBench.task("a")])])
            try await bench.running(ScriptedRunner()) { _ async throws in
                let run = try await bench.start(configuration, source: ConfigurationSource(text: "{", format: .json))
                let task = try #require(try await bench.end(of: run).tasks.first)
                #expect(task.state == .failed)
                #expect(task.attempts == 1)
                #expect(task.error?.attribution == .platform)
                #expect(task.error?.type == "weir.worker/definition")
                #expect(task.error?.message.contains("cannot be read by this version of Weir") == true)
            }
        }
    }

    @Test func aTaskThatItsConfigurationDoesNotHaveFailsAndSaysSo() async throws {
        try await Bench.with { bench in
            let configuration = WorkflowConfiguration(
                id: "daily", name: "Daily", type: "test/run", stages: [Stage(name: "All", tasks: [StoreBench.task("a")])])
            try await bench.running(ScriptedRunner()) { _ async throws in
                let source = ConfigurationSource(text: Bench.text([Bench.task("other")]), format: .yaml)
                let run = try await bench.start(configuration, source: source)
                let error = try await bench.end(of: run).tasks.first?.error
                #expect(error?.type == "weir.worker/definition")
                #expect(error?.message.contains("has no task “a”") == true)
            }
        }
    }

    @Test func aRunThatTakesTooLongIsLoggedOnce() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [.hold]])
            try await bench.running(runner, settings: EngineSettings(pollInterval: .milliseconds(1_100))) { _ async throws in
                let run = try await bench.start([Bench.task("a")], warnAfter: "1s")
                await bench.untilRunning("a", by: runner)
                for round in 2...4 {
                    await bench.clock.untilSleeping(for: .milliseconds(1_100))
                    bench.clock.advance(by: .milliseconds(1_100))
                    await bench.store.until { $0.calls[.overdue, default: 0] >= round }
                }
                let line = await bench.log.until("a run exceeds the `warn_after` of its configuration")
                #expect(line?.metadata["run"] == "\(run)")
                #expect(bench.log.messages(.warning).count == 1)
                runner.finish("a")
                _ = try await bench.end(of: run)
            }
        }
    }
}
