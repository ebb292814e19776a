import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Values and conditions of tasks", .timeLimit(.minutes(10)))
struct ValueTests {
    private typealias Bench = EngineBench

    private static func succeed(_ output: String) -> ScriptedRunner.Step {
        ScriptedRunner.Step(.outcome(.succeeded(TaskOutput(values: JSONText(validated: output)))))
    }

    private static func task(_ id: String, _ command: String, _ more: String = "") -> String {
        "{id: \(id), label: Task \(id), type: test.task, command: \(command)\(more.isEmpty ? "" : ", " + more)}"
    }

    @Test func aRunnerGetsTheValuesInTheirPlaces() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [Self.succeed(#"{"rows":3,"file":"x y"}"#)], "b": [Self.succeed(#"{"n":1}"#)]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(
                    Bench.task("a"), Bench.task("b", "needs: [a]"),
                    Self.task(
                        "c", #"[work, "${run.id}", "--file=${outputs.a.file}", "${outputs.b.n}"]"#,
                        #"needs: [b], env: {ROWS: "${outputs.a.rows}", TITLE: "${run.name}"}"#))
                let details = try await bench.end(of: run)
                #expect(details.run.state == .succeeded)
                let attempt = try #require(runner.record.attempts(of: "c").first)
                #expect(attempt.definition.action == .command(["work", run.rawValue, "--file=x y", "1"]))
                #expect(attempt.definition.env.map(\.value) == ["3", details.run.name])
                // Only what it needs directly is its input, as before.
                #expect(attempt.inputs.keys.sorted() == ["b"])
                // The outputs of `a`, which is needed through `b`, were read once.
                #expect(bench.store.calls[.outputs] == 1)
            }
        }
    }

    @Test func aTaskWithoutItsValueFailsBeforeItRuns() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [Self.succeed("{}")]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(
                    Bench.task("a"), Self.task("b", #"[work, "${outputs.a.rows}"]"#, "needs: [a]"), Bench.task("c", "needs: [b]"))
                let details = try await bench.end(of: run)
                #expect(details.run.state == .failed)
                #expect(details.tasks.map(\.state) == [.succeeded, .failed, .skipped])
                #expect(
                    details.tasks[1].error
                        == RunError(
                            attribution: .customer, type: "weir.task/value",
                            message:
                                "A value that the task needs is missing: `${outputs.a.rows}` is not there: the task `a` gave no output `rows`."
                        ))
                #expect(details.tasks[1].attempts == 1)
                #expect(runner.record.attempts.map(\.definition.id) == ["a"])
            }
        }
    }

    @Test func aMissingValueIsRetriedOnlyWhenThatIsWanted() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [Self.succeed("{}")]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(
                    Bench.task("a"),
                    Self.task(
                        "b", #"[work, "${outputs.a.rows}"]"#, "needs: [a], retry: {attempts: 2, first_delay: 0s, on: [customer]}"))
                let details = try await bench.end(of: run)
                #expect(details.tasks[1].attempts == 2)
                #expect(runner.record.attempts(of: "b").isEmpty)
            }
        }
    }

    @Test func conditionsDecideWhichTasksRun() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [Self.succeed(#"{"rows":0,"name":"x"}"#)]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(
                    Bench.task("a", "if: \"${run.run_mode} == 'full'\""),
                    Bench.task("b", "needs: [a], if: \"${outputs.a.rows} > 0\""),
                    Bench.task("c", "needs: [b], if: \"${outputs.b} != null\""),
                    Bench.task("d", "needs: [a], if: \"${outputs.a.name} > 0\""),
                    Bench.task("e", "needs: [a], if: \"${outputs.a.gone}\""),
                    Bench.task("z", "when: always, needs: [d, e], if: \"false\""))
                let details = try await bench.end(of: run)
                #expect(details.run.state == .failed)
                #expect(details.tasks.map(\.state) == [.succeeded, .skipped, .succeeded, .failed, .failed, .skipped])
                #expect(details.tasks.map(\.skipReason) == [nil, .condition, nil, nil, nil, .condition])
                #expect(runner.record.attempts.map(\.definition.id).sorted() == ["a", "c"])
                let errors = details.tasks.compactMap(\.error)
                #expect(errors.map(\.type) == ["weir.task/condition", "weir.task/condition"])
                #expect(errors.allSatisfy { $0.attribution == .customer })
                #expect(
                    errors.first?.message
                        == "The condition of the task cannot be decided: it orders a text and a number by `>`; it takes two numbers or two texts."
                )
                #expect(
                    errors.last?.message.hasPrefix("The condition of the task cannot be decided: `${outputs.a.gone}` is not there")
                        == true)
            }
        }
    }
}
