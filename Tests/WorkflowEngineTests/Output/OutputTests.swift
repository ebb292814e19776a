import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Storing the output of tasks", .timeLimit(.minutes(10)))
struct OutputTests {
    private typealias Bench = EngineBench

    private func printing(_ pieces: String..., ending: ScriptedRunner.Step.Ending = .held) -> ScriptedRunner {
        ScriptedRunner(["a": [.init(ending, prints: pieces.map { Array($0.utf8) })]])
    }

    @Test func itIsThereWhenTheTaskIsOver() async throws {
        try await Bench.with { bench in
            try await bench.running(printing("one", "two", ending: .outcome(.succeeded(TaskOutput())))) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                _ = try await bench.end(of: run)
                let output = try await bench.output("a", of: run)
                #expect(output == OutputSlice(attempt: 1, offset: 0, bytes: Array("onetwo".utf8), isLast: true))
                #expect(bench.store.calls[.appendOutput] == 1)
            }
        }
    }

    @Test func itIsThereSoonWhileTheTaskGoesOn() async throws {
        try await Bench.with { bench in
            let runner = printing("one", "two")
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await bench.untilRunning("a", by: runner)
                await bench.clock.untilSleeping(for: .milliseconds(500))
                #expect(try await bench.output("a", of: run).bytes.isEmpty)
                bench.clock.advance(by: .milliseconds(500))
                await bench.store.until { $0.calls[.appendOutput] == 1 }
                let output = try await bench.output("a", of: run)
                #expect(output == OutputSlice(attempt: 1, offset: 0, bytes: Array("onetwo".utf8), isLast: false))
            }
        }
    }

    @Test func itHasTheTimeAndTheStreamOfEachPiece() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner([
                "a": [.init(.outcome(.succeeded(TaskOutput())), prints: [Array("one\n".utf8)], complains: [Array("bad\n".utf8)])]
            ])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                _ = try await bench.end(of: run)
                let now = bench.clock.now
                #expect(
                    try await bench.markedOutput("a", of: run).marks
                        == OutputMarks(
                            [
                                OutputMark(offset: 0, time: now, stream: .stdout),
                                OutputMark(offset: 4, time: now, stream: .stderr),
                            ], lineBreaks: 0))
            }
        }
    }

    @Test func ofTooMuchTheLastBytesAreKeptAtTheirPlace() async throws {
        try await Bench.with { bench in
            var settings = Bench.patient
            settings.outputKept = 4
            try await bench.running(
                printing("0123", "4567", "89", ending: .outcome(.succeeded(TaskOutput()))), settings: settings
            ) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                _ = try await bench.end(of: run)
                let output = try await bench.output("a", of: run)
                #expect(output == OutputSlice(attempt: 1, offset: 6, bytes: Array("6789".utf8), isLast: true))
            }
        }
    }

    @Test func outputThatCouldNotBeWrittenIsWrittenLater() async throws {
        try await Bench.with { bench in
            let runner = printing("one", "two")
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                bench.store.fail(.appendOutput, with: [.refuse(.unavailable), .loseAnswer])
                await bench.untilRunning("a", by: runner)
                for round in 1...2 {
                    await bench.clock.untilSleeping(for: .milliseconds(500))
                    bench.clock.advance(by: .milliseconds(500))
                    await bench.store.until { $0.calls[.appendOutput] == round }
                }
                runner.finish("a")
                _ = try await bench.end(of: run)
                #expect(try await bench.output("a", of: run).bytes == Array("onetwo".utf8))
            }
        }
    }

    @Test func eachAttemptHasItsOwn() async throws {
        try await Bench.with { bench in
            let fail = ScriptedRunner.Step.Ending.outcome(.failed(.scripted(.platform)))
            let runner = ScriptedRunner([
                "a": [.init(fail, prints: [Array("first".utf8)]), .init(.outcome(.stopped), prints: [Array("second".utf8)])]
            ])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a", "retry: {attempts: 2, first_delay: 0s}"))
                _ = try await bench.end(of: run)
                #expect(try await bench.output("a", of: run, attempt: 1).bytes == Array("first".utf8))
                #expect(try await bench.output("a", of: run).bytes == Array("second".utf8))
            }
        }
    }
}
