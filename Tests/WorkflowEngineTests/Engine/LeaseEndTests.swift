import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

/// A node that cannot reach its store ends its tasks before their leases expire, even when calls hang.
///
/// With leases of 30 s, a grace of 10 s and a reserve of 3 s, work is terminated at 17 s and killed at 27 s.
@Suite("The end of a lease", .timeLimit(.minutes(10)))
struct LeaseEndTests {
    private typealias Bench = EngineBench

    private static let shared = EngineSettings(
        ownsStoreAlone: false, leaseDuration: .seconds(30), grace: .seconds(10), pollInterval: .seconds(100_000))
    private static let terminated = Duration.seconds(17)
    private static let killed = Duration.seconds(27)

    /// The behaviour of an unreachable store.
    enum Outage: CaseIterable, Sendable {
        case refuses
        case hangs

        var fault: WatchedStore.Fault {
            switch self {
            case .refuses: .refuse(.unavailable)
            case .hangs: .hang
            }
        }

        var sleepers: Int {
            switch self {
            case .refuses: 4
            case .hangs: 3
            }
        }
    }

    /// Returns when the work runs and all timers of the engine sleep. A timer that starts later would sleep for longer.
    private func untilWatched(_ bench: Bench, by runner: ScriptedRunner) async {
        await bench.untilRunning("a", by: runner)
        await bench.clock.untilSleeping(4)
    }

    private func cut(_ bench: Bench, _ outage: Outage = .hangs) {
        bench.store.fail(.renew, with: Array(repeating: outage.fault, count: 100))
    }

    /// Advances the clock to an instant, in steps that are shorter than every timer.
    /// - Parameter sleepers: the number of timers that must sleep at each step, so that none misses one: rescue, polling, the lease
    ///   alarm, and the renewal unless it hangs.
    private func advance(_ bench: Bench, to instant: Duration, sleepers: Int = 3) async {
        while bench.clock.elapsed < instant, !Task.isCancelled {
            await bench.clock.advance(by: min(.milliseconds(500), instant - bench.clock.elapsed), whenSleeping: sleepers)
        }
    }

    @Test(arguments: Outage.allCases, [-86_400, 0, 86_400])
    func workIsToldToEndAndKilledBeforeItsLeaseEndsWhateverTheClockSays(outage: Outage, jump: Int) async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .holdWhateverHappens)
            try await bench.running(runner, settings: Self.shared) { _ async throws in
                let run = try await bench.start(Bench.task("a", "retry: {attempts: 1}"))
                await untilWatched(bench, by: runner)
                cut(bench, outage)
                bench.clock.jump(by: .seconds(jump))
                await advance(bench, to: Self.terminated - .milliseconds(1), sleepers: outage.sleepers)
                #expect(runner.record.cancelled.isEmpty)
                await bench.clock.untilSleeping(for: .milliseconds(1))
                bench.clock.advance(by: .milliseconds(1))
                await runner.until { $0.cancelled.count == 1 }
                await advance(bench, to: Self.killed - .milliseconds(1), sleepers: outage.sleepers)
                #expect(runner.record.killed.isEmpty)
                await bench.clock.untilSleeping(for: .milliseconds(1))
                bench.clock.advance(by: .milliseconds(1))
                await runner.until { $0.ended.count == 1 }
                #expect(runner.record.killed.count == 1)
                bench.store.release()
                // No other worker has the task yet, so that its outcome is recorded once the store is reachable.
                let details = try await bench.end(of: run)
                #expect(details.run.error?.type == "weir.worker/lost")
                #expect(details.run.error?.attribution == .platform)
            }
        }
    }

    @Test(arguments: [("5m", 17_000), ("10s", 17_000), ("1s", 26_000), ("0s", 27_000)])
    func aTasksOwnGraceIsCutToThatOfTheServiceNearTheEnd(grace: String, toldAt: Int) async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .holdWhateverHappens)
            try await bench.running(runner, settings: Self.shared) { _ async throws in
                _ = try await bench.start(Bench.task("a", "grace: \(grace)"))
                await untilWatched(bench, by: runner)
                cut(bench)
                // The grace of the task is known once the work has begun: the first check uses the engine's grace.
                await advance(bench, to: .milliseconds(toldAt - 1))
                #expect(runner.record.cancelled.isEmpty)
                await bench.clock.untilSleeping(for: .milliseconds(1))
                bench.clock.advance(by: .milliseconds(1))
                await runner.until { $0.cancelled.count == 1 }
                await advance(bench, to: Self.killed)
                await runner.until { $0.killed.count == 1 }
                bench.store.release()
            }
        }
    }

    @Test func workThatIsBeingStoppedIsKilledTooWhenItsLeaseEnds() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .holdWhateverHappens)
            try await bench.running(runner, settings: Self.shared) { _ async throws in
                let run = try await bench.start(Bench.task("a", "grace: 10m"))
                await untilWatched(bench, by: runner)
                cut(bench)
                _ = try await bench.database.stopRun(run, of: Bench.acme, at: bench.clock.now)
                await runner.until { $0.cancelled.count == 1 }
                await advance(bench, to: Self.killed)
                await runner.until { $0.killed.count == 1 }
                bench.store.release()
                #expect(try await bench.end(of: run).run.state == .canceled)
            }
        }
    }

    @Test func renewalsThatComeThroughKeepTheWorkGoing() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner, settings: Self.shared) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await untilWatched(bench, by: runner)
                // Two of three renewals fail.
                for round in 1...12 {
                    if !round.isMultiple(of: 3) { bench.store.fail(.renew, with: [.refuse(.unavailable)]) }
                    await bench.clock.advance(by: Self.shared.renewInterval, whenSleeping: 4)
                    await bench.store.until { $0.calls[.renew] == round }
                    await bench.clock.untilSleeping(4)
                    #expect(runner.record.cancelled.isEmpty)
                }
                runner.finish("a")
                #expect(try await bench.end(of: run).run.state == .succeeded)
            }
        }
    }

    /// The answer to a claim arrives after the lease has expired: another worker may have the task by then.
    @Test func workWhoseClaimIsAnsweredTooLateDoesNotBegin() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            bench.store.fail(.claim, with: [.answerLate])
            let run = try await bench.start(Bench.task("a", "retry: {attempts: 2, first_delay: 0s}"))
            try await bench.running(runner, settings: Self.shared) { _ async throws in
                await bench.store.until { $0.inProgress[.claim] == 1 }
                await advance(bench, to: Self.terminated)
                bench.store.release()
                await bench.untilRunning("a", by: runner)
                #expect(runner.record.attempts.map(\.number) == [2])
                runner.finish("a")
                #expect(try await bench.end(of: run).run.state == .succeeded)
                let first = try #require(try await bench.database.attempts(of: run, tenant: Bench.acme).first)
                #expect(first.error?.type == "weir.worker/lost")
            }
        }
    }

    @Test func workThatEndedInTimeIsReportedHoweverLongThatTakes() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner, settings: Self.shared) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await untilWatched(bench, by: runner)
                cut(bench)
                bench.store.fail(.commit, with: [.hang])
                runner.finish("a")
                await bench.store.until { $0.inProgress[.commit] == 1 }
                await advance(bench, to: .seconds(60), sleepers: 2)
                bench.store.release()
                await bench.untilRetrying()
                bench.clock.advance(by: .milliseconds(75))
                #expect(try await bench.end(of: run).run.state == .succeeded)
            }
        }
    }

    @Test func whereOneProcessOwnsTheStoreNothingIsEnded() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await bench.untilRunning("a", by: runner)
                cut(bench)
                await advance(bench, to: .seconds(120), sleepers: 2)
                #expect(runner.record.cancelled.isEmpty)
                bench.store.release()
                runner.finish("a")
                #expect(try await bench.end(of: run).run.state == .succeeded)
            }
        }
    }

    @Test(arguments: [1, 6, 15, 30, 3_600])
    func everyLeaseLeavesTimeForRenewalsBesidesItsGrace(seconds: Int) {
        let lease = Duration.seconds(seconds)
        let grace = EngineSettings.grace(within: lease)
        #expect(EngineSettings.shortestLease(for: grace) <= lease)
        for grace in [grace, lease * 2 / 3] {
            let settings = EngineSettings(ownsStoreAlone: false, leaseDuration: lease, grace: grace)
            #expect(settings.renewInterval * 4 + settings.leaseReserve + grace <= lease + .milliseconds(150))
            #expect(settings.renewInterval >= .milliseconds(50))
        }
    }
}
