import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("A store that cannot be reached for a while", .timeLimit(.minutes(1)))
struct HiccupTests {
    private typealias Bench = EngineBench

    /// Lets time pass until what the test waits for has happened: pauses have random lengths.
    private func advance(_ bench: Bench, until isOver: @Sendable () async throws -> Bool) async throws {
        var calls = bench.store.calls
        while try await !isOver() {
            await bench.clock.untilSleeping { $0 <= .milliseconds(7_500) }
            let wait = try #require(bench.clock.sleeping.first)
            bench.clock.advance(by: wait)
            let before = calls
            await bench.store.until { $0.calls != before }
            calls = bench.store.calls
        }
    }

    @Test func aResultIsReportedAgainUntilItIsWritten() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(["a": [.hold]])
            try await bench.running(runner) { _ in
                let run = try await bench.start(Bench.task("a"))
                await runner.untilHeld("a")
                bench.store.fail(.commit, with: Array(repeating: .refuse(.unavailable), count: 6))
                runner.finish("a")
                await bench.store.until { $0.calls[.commit] == 2 }
                try await advance(bench) { try await bench.details(run).run.state.hasEnded }
                #expect(try await bench.details(run).run.state == .succeeded)
                #expect(bench.store.calls[.commit] == 8)
            }
        }
    }

    @Test func aResultWhoseAnswerWasLostCountsOnce() async throws {
        try await Bench.with { bench in
            bench.store.fail(.commit, with: [.loseAnswer, .loseAnswer])
            let runner = ScriptedRunner()
            try await bench.running(runner) { _ in
                let run = try await bench.start(Bench.task("a"))
                await bench.store.until { $0.calls[.commit] == 1 }
                try await advance(bench) { bench.store.calls[.commit] == 3 }
                let details = try await bench.end(of: run)
                #expect(details.run.state == .succeeded)
                #expect(try await bench.store.attempts(of: run, tenant: Bench.acme).count == 1)
                let kinds = bench.store.commits.map(\.event.kind)
                #expect(kinds == [.began, .began, .succeeded])
            }
        }
    }

    @Test func aRefusalThatWillNotChangeIsLeftToTheRescue() async throws {
        try await Bench.with { bench in
            bench.store.fail(.commit, with: [.refuse(.damaged), .refuse(.damaged)])
            let runner = ScriptedRunner(["a": [.fail(.customer)]])
            try await bench.running(runner) { _ in
                let run = try await bench.start(Bench.task("a"))
                _ = await bench.log.until("the end of a task could not be reported; its lease will be rescued")
                #expect(try await bench.task("a", of: run).state == .started)
                for round in 1...3 {
                    await bench.clock.untilSleeping(3)
                    bench.clock.advance(by: .seconds(10))
                    await bench.store.until { $0.calls[.abandoned] == round }
                }
                try await bench.until("a", of: run, is: .inProgress)
            }
        }
    }

    @Test func aConfigurationIsReadAgainWhenItCouldNotBeRead() async throws {
        try await Bench.with { bench in
            bench.store.fail(.configurationVersion, with: [.refuse(.unavailable), .refuse(.unavailable)])
            try await bench.running(ScriptedRunner()) { _ in
                let run = try await bench.start(Bench.task("a"), Bench.task("b", "needs: [a]"))
                await bench.store.until { $0.calls[.configurationVersion] == 1 }
                try await advance(bench) { (bench.store.calls[.configurationVersion] ?? 0) >= 3 }
                #expect(try await bench.end(of: run).run.state == .succeeded)
                // Read once more, and kept.
                #expect(bench.store.calls[.configurationVersion] == 3)
            }
        }
    }

    @Test func claimsGoOnWhenTheStoreIsBack() async throws {
        try await Bench.with { bench in
            bench.store.fail(.claim, with: [.refuse(.unavailable)])
            try await bench.running(ScriptedRunner(), settings: EngineSettings(pollInterval: .milliseconds(1_100))) { _ in
                await bench.store.until { $0.calls[.claim] == 1 }
                await bench.clock.untilSleeping(for: .milliseconds(1_100))
                let run = try await bench.start(Bench.task("a"))
                bench.clock.advance(by: .milliseconds(1_100))
                #expect(try await bench.end(of: run).run.state == .succeeded)
            }
        }
    }
}
