import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Workflows that call workflows", .timeLimit(.minutes(10)))
struct CallTests {
    private typealias Bench = EngineBench

    private static func text(_ id: String, _ task: String) -> String {
        "id: \(id)\nname: \(id)\ntype: test/run\nparameters:\n  day: {type: string, required: false}\nstages:\n  - {name: All, tasks: [\(task)]}\n"
    }

    private static func call(_ id: String, _ more: String = "") -> String {
        "{id: call, type: workflow.run, workflow: {config: \(id)\(more)}}"
    }

    @discardableResult
    private func save(_ id: String, _ task: String, _ bench: EngineBench) async throws -> (
        WorkflowConfiguration, ConfigurationVersion
    ) {
        let source = ConfigurationSource(text: Self.text(id, task), format: .yaml)
        let configuration = try ConfigurationReader().read(source, file: "\(id).yaml")
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: bench.clock.now, using: bench.random), tenant: Bench.acme, configuration: id,
            name: id,
            type: "test/run", source: source, author: StoreBench.someone)
        return (configuration, try await bench.store.saveConfiguration(draft, at: bench.clock.now).version)
    }

    private func start(_ saved: (WorkflowConfiguration, ConfigurationVersion), _ bench: EngineBench) async throws -> RunID {
        let request = RunRequest(
            principal: StoreBench.someone, parameters: RunParameters([(name: "day", value: .string("2026-12-01"))]))
        let plan = try RunPlan(saved.0, version: saved.1, for: request, at: bench.clock.now, random: bench.random)
        return try await bench.database.createRun(plan, once: nil).details.run.id
    }

    private func running(
        _ runner: ScriptedRunner, _ bench: EngineBench, _ body: (Engine) async throws -> Void
    ) async throws {
        let engine = Engine(
            store: bench.store,
            runners: [.command: runner, .workflow: CallRunner(store: bench.database, time: bench.clock, random: bench.random)],
            time: bench.clock, random: bench.random, settings: Bench.patient, logger: bench.log.logger)
        let life = Task { try await engine.run() }
        do {
            try await body(engine)
        } catch {
            life.cancel()
            throw error
        }
        await engine.shutDown()
        try await life.value
    }

    /// The run that the task of a run has started.
    private func called(by run: RunID, _ bench: EngineBench) async throws -> RunID {
        try await bench.store.untilStored { try await $0.run(run, of: Bench.acme)?.tasks.first?.engineRunID != nil }
        return RunID(rawValue: try #require(try await bench.details(run).tasks[0].engineRunID))
    }

    @Test func waitForTheRunAndHaveItsParameters() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await save("child", Bench.task("work"), bench)
            let parent = try await save("parent", Self.call("child", ", parameters: {day: \"${parameters.day}\"}"), bench)
            let run = try await start(parent, bench)
            try await running(runner, bench) { _ async throws in
                let child = try await called(by: run, bench)
                await runner.untilHeld("work")
                let details = try await bench.details(child)
                let task = try await bench.details(run).tasks[0]
                #expect(details.calledBy == RunCaller(run: run, task: task.id))
                #expect(details.origin.parameters["day"] == .string("2026-12-01") && details.run.principal == StoreBench.someone)
                #expect(task.state == .running && task.executionType == "workflow")
                runner.finish("work")
                let ended = try await bench.end(of: run)
                #expect(ended.run.state == .succeeded && ended.tasks.map(\.attempts) == [1])
                let outputs = try await bench.database.values(of: task.id, in: run, tenant: Bench.acme)?.outputs
                #expect(outputs?.text == #"{"run_id":"\#(child)","state":"succeeded"}"#)
            }
        }
    }

    @Test(arguments: [Attribution.customer, .platform])
    func failAsTheRunFailed(attribution: Attribution) async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await save("child", Bench.task("work", "retry: {attempts: 1}"), bench)
            let run = try await start(
                try await save("parent", "{id: call, type: t, retry: {attempts: 1}, workflow: {config: child}}", bench), bench)
            try await running(runner, bench) { _ async throws in
                let child = try await called(by: run, bench)
                await runner.untilHeld("work")
                runner.finish("work", with: .failed(.scripted(attribution)))
                let ended = try await bench.end(of: run)
                #expect(ended.run.state == .failed && ended.tasks[0].error?.attribution == attribution)
                #expect(ended.tasks[0].error?.type == "weir.task.workflow/failed")
                #expect(ended.tasks[0].error?.message.hasPrefix("The run \(child) failed: Task work: ") == true)
            }
        }
    }

    @Test func areStoppedWithTheirCaller() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await save("child", Bench.task("work"), bench)
            let run = try await start(try await save("parent", Self.call("child"), bench), bench)
            try await running(runner, bench) { _ async throws in
                let child = try await called(by: run, bench)
                await runner.untilHeld("work")
                let stop = RunStop(requestedAt: bench.clock.now, requestedBy: Principal(id: "wk_ada", name: "Ada"))
                _ = try await bench.database.stopRun(run, of: Bench.acme, for: stop)
                #expect(try await bench.end(of: run).run.state == .canceled)
                let details = try await bench.end(of: child)
                #expect(details.run.state == .canceled && details.stop?.requestedBy.id == "wk_ada")
                #expect(details.stop?.reason == "The run that called it was stopped.")
            }
        }
    }

    @Test func aStoppedRunFailsItsCaller() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await save("child", Bench.task("work"), bench)
            let run = try await start(try await save("parent", Self.call("child"), bench), bench)
            try await running(runner, bench) { _ async throws in
                let child = try await called(by: run, bench)
                await runner.untilHeld("work")
                _ = try await bench.database.stopRun(child, of: Bench.acme, at: bench.clock.now)
                let ended = try await bench.end(of: run)
                #expect(
                    ended.tasks[0].error?.type == "weir.task.workflow/stopped" && ended.tasks[0].error?.attribution == .customer)
            }
        }
    }

    @Test func faultsAreTheCustomers() async throws {
        try await Bench.with { bench in
            try await save("other", Bench.task("work"), bench)
            let calls = [
                ("none", "", "weir.task.workflow/unknown", "There is no workflow “none”"),
                ("other", ", parameters: {dya: 1}", "weir.task.workflow/parameters", "Did you mean `day`?"),
                ("other", ", parameters: {day: [1]}", "weir.task.workflow/parameters", "must be"),
            ]
            for (number, call) in calls.enumerated() {
                let run = try await start(try await save("p\(number)", Self.call(call.0, call.1), bench), bench)
                try await running(ScriptedRunner(), bench) { _ async throws in
                    let error = try await bench.end(of: run).tasks[0].error
                    #expect(error?.type == call.2 && error?.attribution == .customer, "\(call)")
                    #expect(error?.message.contains(call.3) == true, "\(error?.message ?? "")")
                }
            }
        }
    }

    @Test func circlesAndDeepChainsEnd() async throws {
        try await Bench.with { bench in
            try await save("b", Self.call("a"), bench)
            let circle = try await start(try await save("a", Self.call("b"), bench), bench)
            for level in 1...12 { try await save("d\(level)", Self.call("d\(level + 1)"), bench) }
            try await save("d13", Bench.task("work"), bench)
            let deep = try await start(try await save("d0", Self.call("d1"), bench), bench)
            try await running(ScriptedRunner(), bench) { _ async throws in
                let first = try await bench.end(of: circle)
                #expect(first.tasks[0].error?.message.contains("a → b → a") == true, "\(first.tasks[0].error?.message ?? "")")
                var run = try await bench.end(of: deep)
                var depth = 0
                while let id = run.tasks[0].engineRunID {
                    run = try await bench.details(RunID(rawValue: id))
                    depth += 1
                }
                #expect(depth == WorkflowCall.deepest)
                #expect(run.tasks[0].error?.type == "weir.task.workflow/depth")
            }
        }
    }
}
