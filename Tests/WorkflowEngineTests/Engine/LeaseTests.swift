import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Leases", .timeLimit(.minutes(10)))
struct LeaseTests {
    private typealias Bench = EngineBench

    /// Takes the only lease away, as another process would.
    private func takeAway(_ bench: Bench, with event: TaskEvent = .failed(.workerLost("taken away"))) async throws -> Lease {
        let lease = try #require(bench.store.commits.first).lease
        let receipt = try await bench.store.endLostAttempt(LostAttempt(lease, with: event, ifExpiredBy: nil), at: bench.clock.now)
        #expect(receipt != .stale)
        return lease
    }

    @Test func allLeasesAreRenewedTogether() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"), Bench.task("b"))
                await bench.untilRunning("a", by: runner)
                await bench.untilRunning("b", by: runner)
                for round in 1...6 {
                    await bench.clock.untilSleeping { $0 == .seconds(10) }
                    bench.clock.advance(by: .seconds(10))
                    await bench.store.until { $0.calls[.renew] == round && $0.calls[.expiredLeases] == round }
                    await bench.clock.untilSleeping(3)
                }
                // After a minute, twice the duration of a lease, both leases are still valid.
                #expect(try await bench.store.expiredLeasesOfAllTenants(at: bench.clock.now, limit: 9).isEmpty)
                runner.finish("a")
                runner.finish("b")
                #expect(try await bench.end(of: run).run.state == .succeeded)
            }
        }
    }

    @Test func aLostLeaseEndsTheWorkAndLeavesNothingToReport() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await bench.untilRunning("a", by: runner)
                _ = try await takeAway(bench)
                await bench.clock.untilSleeping(for: .seconds(10))
                bench.clock.advance(by: .seconds(10))
                await runner.until { $0.ended.count == 1 }
                #expect(runner.record.cancelled.count == 1)
                _ = await bench.log.until("the lease of a task was lost; its work has been stopped")
                #expect(bench.store.commits.map(\.event) == [.began])
                #expect(try await bench.details(run).run.error?.message == "Task a: taken away")
            }
        }
    }

    @Test func aResultUnderAStaleLeaseIsRefused() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .holdWhateverHappens)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await bench.untilRunning("a", by: runner)
                let lease = try await takeAway(bench)
                runner.finish("a")
                _ = await bench.log.until("the outcome of a task was rejected: its lease is stale")
                #expect(bench.store.commits.last?.lease == lease)
                #expect(bench.store.commits.last?.receipt == .stale)
                #expect(try await bench.task("a", of: run).state == .failed)
            }
        }
    }

    @Test func aTaskWithAnExpiredLeaseIsRescued() async throws {
        try await Bench.with { bench in
            let run = try await bench.start(Bench.task("a", "retry: {attempts: 2, first_delay: 0s}"))
            // Another worker claims the task and dies.
            let claimed = try await bench.store.claimTasksOfAllTenants(
                TaskClaim(limit: 1, worker: "gone", until: bench.clock.now + .seconds(15)), at: bench.clock.now)
            #expect(claimed.count == 1)
            var settings = Bench.patient
            settings.ownsStoreAlone = false
            let runner = ScriptedRunner()
            try await bench.running(runner, settings: settings) { _ async throws in
                await bench.clock.untilSleeping(3)
                bench.clock.advance(by: .seconds(10))
                await bench.store.until { $0.calls[.expiredLeases] == 1 }
                #expect(bench.store.calls[.endLostAttempt] == nil)
                await bench.clock.untilSleeping(3)
                bench.clock.advance(by: .seconds(10))
                #expect(try await bench.end(of: run).run.state == .succeeded)
                #expect(runner.record.attempts.map(\.number) == [2])
                // Once at the start, and before each search for abandoned tasks.
                #expect(runner.record.looksForOrphans == 3)
                let first = try #require(try await bench.database.attempts(of: run, tenant: Bench.acme).first)
                #expect(first.outcome == .failed)
                #expect(first.error?.type == "weir.worker/lost")
                #expect(first.error?.attribution == .platform)
            }
        }
    }

    @Test func anEngineDoesNotRescueItsOwnTasksWhenTheClockJumps() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await bench.untilRunning("a", by: runner)
                bench.store.fail(.renew, with: [.refuse(.unavailable)])
                await bench.clock.untilSleeping(3)
                bench.clock.jump(by: .seconds(86_400))
                bench.clock.advance(by: .seconds(10))
                await bench.store.until { $0.calls[.renew] == 1 && $0.calls[.expiredLeases] == 1 }
                runner.finish("a")
                #expect(try await bench.end(of: run).run.state == .succeeded)
                #expect(bench.store.calls[.endLostAttempt] == nil)
            }
        }
    }
}
