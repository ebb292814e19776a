import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Waiting for work outside", .timeLimit(.minutes(10)))
struct WaitingTests {
    private typealias Bench = EngineBench

    private static let oneWorker = EngineSettings(workers: 1, pollInterval: .seconds(100_000))

    /// A step after which the task waits that long.
    private func waiting(_ seconds: Int, _ bench: EngineBench, at begin: Int = 0, needsCancel: Bool = true) -> ScriptedRunner.Step {
        let wait = TaskWait(
            for: .job, until: bench.clock.now + .seconds(begin + seconds), needsCancel: needsCancel,
            memo: JSONText(validated: #"{"response":{}}"#))
        return ScriptedRunner.Step(.outcome(.waiting(wait, runID: "job-7")), prints: [Array("submitted\n".utf8)])
    }

    private func untilWaiting(_ definition: String, of run: RunID, _ bench: EngineBench) async throws {
        try await bench.store.untilStored { store in
            let reasons = try await store.waitReasons(of: run, tenant: EngineBench.acme, at: bench.clock.now)
            return reasons?.tasks.contains { task in
                if case .outside = task.reason { task.definitionID == definition } else { false }
            } == true
        }
    }

    @Test func holdsNoWorkerAndGoesOnWithTheSameAttempt() async throws {
        try await Bench.with { bench in
            let ends = ScriptedRunner.Step(.outcome(.succeeded(TaskOutput())), begins: false, prints: [Array("done\n".utf8)])
            let runner = ScriptedRunner(["a": [waiting(60, bench), ends]])
            try await bench.running(runner, settings: Self.oneWorker) { _ async throws in
                let run = try await bench.start(Bench.task("a"), Bench.task("b"))
                try await bench.until("b", of: run, is: .succeeded)
                try await untilWaiting("a", of: run, bench)
                #expect(try await bench.task("a", of: run).engineRunID == "job-7")
                await bench.clock.untilSleeping(for: .seconds(60))
                bench.clock.advance(by: .seconds(60))
                let details = try await bench.end(of: run)
                #expect(details.run.state == .succeeded && details.tasks.map(\.attempts) == [1, 1])
                let attempts = runner.record.attempts(of: "a")
                #expect(attempts.map(\.number) == [1, 1] && attempts.map { $0.resumed == nil } == [true, false])
                #expect(try await bench.output("a", of: run).bytes == Array("submitted\ndone\n".utf8))
                #expect(runner.record.canceledOutside.isEmpty)
            }
        }
    }

    @Test func isPartOfTheTimeOfTheAttempt() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [waiting(60, bench), waiting(60, bench, at: 60)]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a", "timeout: 90s, retry: {attempts: 1}"))
                try await untilWaiting("a", of: run, bench)
                await bench.clock.untilSleeping(for: .seconds(60))
                bench.clock.advance(by: .seconds(60))
                await runner.until { $0.attempts.count == 2 && $0.live.isEmpty }
                try await untilWaiting("a", of: run, bench)
                await bench.clock.untilSleeping(for: .seconds(30))
                bench.clock.advance(by: .seconds(30))
                let details = try await bench.end(of: run)
                #expect(details.run.state == .failed && details.tasks[0].error?.type == "weir.task.command/timeout")
                #expect(runner.record.canceledOutside.map(\.number) == [1])
                #expect(runner.record.attempts.count == 2)
                #expect(String(decoding: try await bench.output("a", of: run).bytes, as: UTF8.self).hasSuffix("canceled\n"))
            }
        }
    }

    @Test func survivesAShutdownDuringACheck() async throws {
        try await Bench.with { bench in
            let first = ScriptedRunner(["a": [waiting(60, bench), .hold]])
            let run = try await bench.start(Bench.task("a"))
            try await bench.running(first) { _ async throws in
                try await untilWaiting("a", of: run, bench)
                await bench.clock.untilSleeping(for: .seconds(60))
                bench.clock.advance(by: .seconds(60))
                await first.untilHeld("a")
            }
            #expect(try await bench.task("a", of: run).state == .running)
            let second = ScriptedRunner()
            try await bench.running(second) { _ async throws in
                let details = try await bench.end(of: run)
                #expect(details.run.state == .succeeded && details.tasks[0].attempts == 1)
            }
            #expect(second.record.attempts.map { $0.resumed != nil } == [true])
            #expect(first.record.canceledOutside.isEmpty && second.record.canceledOutside.isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func endsWithAStop(needsCancel: Bool) async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [waiting(600, bench, needsCancel: needsCancel)]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                try await untilWaiting("a", of: run, bench)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                let details = try await bench.end(of: run)
                #expect(details.run.state == .canceled && details.tasks[0].error == .manuallyStopped)
                #expect(runner.record.canceledOutside.count == (needsCancel ? 1 : 0))
                #expect(runner.record.attempts.count == 1)
                #expect(try await bench.database.attempts(of: run, tenant: Bench.acme).map(\.outcome) == [.canceled])
            }
        }
    }

    @Test func aStopDuringACheckCancelsTheWork() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [waiting(60, bench), .hold]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                try await untilWaiting("a", of: run, bench)
                await bench.clock.untilSleeping(for: .seconds(60))
                bench.clock.advance(by: .seconds(60))
                await runner.untilHeld("a")
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                #expect(try await bench.end(of: run).run.state == .canceled)
                #expect(runner.record.canceledOutside.count == 1)
            }
        }
    }
}
