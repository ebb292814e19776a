import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("A store that is unreachable for some time", .timeLimit(.minutes(10)))
struct HiccupTests {
    private typealias Bench = EngineBench

    /// Only the pauses between two retries end within these tests.
    private var settings: EngineSettings {
        var settings = Bench.patient
        settings.leaseDuration = .seconds(100_000)
        return settings
    }

    /// Advances through the pauses after these failing calls of a method.
    private func advancePauses(_ bench: Bench, after method: WatchedStore.Method, calls: ClosedRange<Int>) async throws {
        for call in calls {
            await bench.store.until { $0.calls[method] == call }
            await bench.clock.untilSleeping { $0 <= .milliseconds(7_500) }
            bench.clock.advance(by: try #require(bench.clock.sleeping.first))
        }
    }

    @Test func aResultIsReportedAgainUntilItIsWritten() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [.hold]])
            try await bench.running(runner, settings: settings) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await bench.untilRunning("a", by: runner)
                bench.store.fail(.commit, with: Array(repeating: .refuse(.unavailable), count: 6))
                runner.finish("a")
                try await advancePauses(bench, after: .commit, calls: 2...7)
                #expect(try await bench.end(of: run).run.state == .succeeded)
                #expect(bench.store.calls[.commit] == 8)
            }
        }
    }

    @Test func aResultWhoseAnswerWasLostCountsOnce() async throws {
        try await Bench.with { bench in
            bench.store.fail(.commit, with: [.loseAnswer])
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner, settings: settings) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                try await advancePauses(bench, after: .commit, calls: 1...1)
                await bench.store.until { $0.calls[.commit] == 2 }
                await runner.untilHeld("a")
                bench.store.fail(.commit, with: [.loseAnswer, .loseAnswer])
                runner.finish("a")
                try await advancePauses(bench, after: .commit, calls: 3...4)
                // The run has ended with the first report; the last one is still to come.
                await bench.store.until { $0.calls[.commit] == 5 }
                #expect(try await bench.end(of: run).run.state == .succeeded)
                #expect(try await bench.database.attempts(of: run, tenant: Bench.acme).map(\.outcome) == [.succeeded])
                #expect(bench.store.commits.map(\.event.kind) == [.began, .began, .succeeded, .succeeded, .succeeded])
                #expect(!bench.store.commits.contains { $0.receipt == .stale })
            }
        }
    }

    @Test func workThatTheStoreHasNotHeardOfYetCanBeEnded() async throws {
        try await Bench.with { bench in
            bench.store.fail(.commit, with: Array(repeating: .refuse(.unavailable), count: 2))
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner, settings: settings) { _ async throws in
                let run = try await bench.start(Bench.task("a", "timeout: 1h, retry: {attempts: 1}"))
                await runner.untilHeld("a")
                await bench.store.until { $0.calls[.commit] == 1 }
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                // The work ends before the store learns that it began.
                await runner.until { $0.ended.count == 1 }
                #expect(try await bench.details(run).run.state == .stopping)
                try await advancePauses(bench, after: .commit, calls: 1...2)
                #expect(try await bench.end(of: run).run.state == .canceled)
                #expect(bench.store.commits.map(\.event) == [.began, .stopped])
            }
        }
    }

    @Test func aRefusalThatWillNotChangeIsLeftToTheRescue() async throws {
        try await Bench.with { bench in
            bench.store.fail(.commit, with: [.refuse(.damaged), .refuse(.damaged)])
            let runner = ScriptedRunner(["a": [.fail(.customer)]])
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                _ = await bench.log.until("the outcome of a task could not be reported; the task will be rescued")
                #expect(try await bench.task("a", of: run).state == .started)
                for round in 1...3 {
                    await bench.clock.untilSleeping(3)
                    bench.clock.advance(by: .seconds(10))
                    await bench.store.until { $0.calls[.expiredLeases] == round }
                }
                try await bench.until("a", of: run, is: .inProgress)
            }
        }
    }

    @Test func aConfigurationIsReadAgainWhenItCouldNotBeRead() async throws {
        try await Bench.with { bench in
            bench.store.fail(.configurationVersion, with: [.refuse(.unavailable), .refuse(.unavailable)])
            try await bench.running(ScriptedRunner(), settings: settings) { _ async throws in
                let run = try await bench.start(Bench.task("a"), Bench.task("b", "needs: [a]"))
                try await advancePauses(bench, after: .configurationVersion, calls: 1...2)
                #expect(try await bench.end(of: run).run.state == .succeeded)
                // Read once more, and cached.
                #expect(bench.store.calls[.configurationVersion] == 3)
            }
        }
    }

    @Test func claimsGoOnWhenTheStoreIsBack() async throws {
        try await Bench.with { bench in
            bench.store.fail(.claim, with: [.refuse(.unavailable)])
            try await bench.running(ScriptedRunner(), settings: EngineSettings(pollInterval: .milliseconds(1_100))) {
                _ async throws in
                await bench.store.until { $0.calls[.claim] == 1 }
                await bench.clock.untilSleeping(for: .milliseconds(1_100))
                let run = try await bench.start(Bench.task("a"))
                bench.clock.advance(by: .milliseconds(1_100))
                #expect(try await bench.end(of: run).run.state == .succeeded)
            }
        }
    }
}
