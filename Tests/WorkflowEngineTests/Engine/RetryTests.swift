import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Failures and retries", .timeLimit(.minutes(10)))
struct RetryTests {
    private typealias Bench = EngineBench

    @Test func aCustomerErrorFailsTheTaskAndSkipsItsDependents() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [.fail(.customer)]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"), Bench.task("b", "needs: [a]"), Bench.task("c"))
                let details = try await bench.end(of: run)
                #expect(details.run.state == .failed)
                #expect(details.run.error?.attribution == .customer)
                #expect(details.tasks.map(\.state) == [.failed, .skipped, .succeeded])
                #expect(details.tasks.map(\.attempts) == [1, 0, 1])
            }
        }
    }

    @Test func aFaultOfThePlatformIsTriedAgainWhenItsTimeHasComeAndNotBefore() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [.fail(.platform), .fail(.platform), .succeed]])
            try await bench.running(runner) { _ async throws in
                // Half of a delay is fixed and half is random.
                let run = try await bench.start(Bench.task("a", "retry: {attempts: 3, first_delay: 8s, factor: 2}"))
                for (attempt, delay) in [(1, 8), (2, 16)] {
                    try await bench.until("a", of: run, is: .inProgress)
                    let again = try #require(try await bench.store.nextReadyTimeOfAllTenants(after: bench.clock.now))
                    let wait = again - bench.clock.now
                    #expect(wait >= .seconds(delay) / 2 && wait < .seconds(delay))
                    await bench.clock.untilSleeping(for: wait)
                    bench.clock.advance(by: wait - .milliseconds(1))
                    #expect(runner.record.attempts.count == attempt)
                    bench.clock.advance(by: .milliseconds(1))
                    await runner.until { $0.attempts.count == attempt + 1 }
                }
                let details = try await bench.end(of: run)
                #expect(details.run.state == .succeeded)
                #expect(details.tasks.first?.error == nil)
                #expect(runner.record.attempts.map(\.number) == [1, 2, 3])
                let outcomes = try await bench.database.attempts(of: run, tenant: Bench.acme).map(\.outcome)
                #expect(outcomes == [.failed, .failed, .succeeded])
            }
        }
    }

    @Test func whenTheAttemptsAreUsedUpTheTaskHasFailed() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .fail(.platform))
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a", "retry: {attempts: 2, first_delay: 8s}"))
                try await bench.until("a", of: run, is: .inProgress)
                let again = try #require(try await bench.store.nextReadyTimeOfAllTenants(after: bench.clock.now))
                await bench.clock.untilSleeping(for: again - bench.clock.now)
                bench.clock.advance(by: again - bench.clock.now)
                let details = try await bench.end(of: run)
                #expect(details.run.state == .failed)
                #expect(details.run.error?.attribution == .platform)
                #expect(runner.record.attempts.count == 2)
            }
        }
    }

    @Test func aRetryThatAFormerLifeLeftIsFoundAtTheStart() async throws {
        try await Bench.with { bench in
            let first = ScriptedRunner(["a": [.fail(.platform)]])
            var run: RunID?
            try await bench.running(first) { _ async throws in
                let started = try await bench.start(Bench.task("a", "retry: {attempts: 2, first_delay: 8s}"))
                try await bench.until("a", of: started, is: .inProgress)
                run = started
            }
            let started = try #require(run)
            let again = try #require(try await bench.store.nextReadyTimeOfAllTenants(after: bench.clock.now))
            let second = ScriptedRunner()
            try await bench.running(second) { _ async throws in
                await bench.clock.untilSleeping(for: again - bench.clock.now)
                bench.clock.advance(by: again - bench.clock.now)
                let details = try await bench.end(of: started)
                #expect(details.run.state == .succeeded)
                #expect(second.record.attempts.map(\.number) == [2])
            }
        }
    }

    @Test func aTaskThatTakesTooLongIsEndedAndHasFailed() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a", "timeout: 7s, retry: {attempts: 1}"))
                await bench.untilRunning("a", by: runner)
                await bench.clock.untilSleeping(for: .seconds(7))
                bench.clock.advance(by: .seconds(7))
                let task = try #require(try await bench.end(of: run).tasks.first)
                #expect(task.state == .failed)
                #expect(task.error?.type == "weir.task.command/timeout")
                #expect(task.error?.attribution == .platform)
                #expect(runner.record.cancelled.count == 1)
            }
        }
    }

    @Test func aTimeoutIsReportedOnlyWhenNothingOfTheWorkIsLeft() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .holdWhateverHappens)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a", "timeout: 7s, retry: {attempts: 1}, blame: {timeout: customer}"))
                await bench.untilRunning("a", by: runner)
                await bench.clock.untilSleeping(for: .seconds(7))
                bench.clock.advance(by: .seconds(7))
                await runner.until { $0.cancelled.count == 1 }
                #expect(try await bench.task("a", of: run).state == .running)
                runner.finish("a", with: .succeeded(TaskOutput()))
                let task = try #require(try await bench.end(of: run).tasks.first)
                #expect(task.error?.type == "weir.task.command/timeout")
                #expect(task.error?.attribution == .customer)
            }
        }
    }

    @Test func aDeadlineIsForgottenWhenTheWorkIsOver() async throws {
        try await Bench.with { bench in
            try await bench.running(ScriptedRunner(["a": [.hold]])) { _ async throws in
                let run = try await bench.start(Bench.task("a", "timeout: 7s"), Bench.task("b", "timeout: 9s"))
                await bench.clock.untilSleeping(for: .seconds(7))
                try await bench.until("b", of: run, is: .succeeded)
                #expect(!bench.clock.sleeping.contains(.seconds(9)))
            }
        }
    }
}
