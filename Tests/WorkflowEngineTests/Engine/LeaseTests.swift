import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Leases", .timeLimit(.minutes(10)))
struct LeaseTests {
    private typealias Bench = EngineBench

    /// Has the lease of the only claim so far taken away, as another process would.
    private func takeAway(_ bench: Bench, with event: TaskEvent = .failed(.workerLost("taken away"))) async throws -> Lease {
        let lease = try #require(bench.store.commits.first).lease
        let receipt = try await bench.store.rescue(lease, with: event, ifExpiredBy: nil, at: bench.clock.now)
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
                    await bench.store.until { $0.calls[.renew] == round && $0.calls[.abandoned] == round }
                    await bench.clock.untilSleeping(3)
                }
                // A minute later, twice as long as a lease lasts, both are still held.
                #expect(try await bench.store.abandonedTasksOfAllTenants(at: bench.clock.now, limit: 9).isEmpty)
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
                _ = await bench.log.until("the lease of a task was lost; its work was ended")
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
                _ = await bench.log.until("the end of a task was refused: its lease is stale")
                #expect(bench.store.commits.last?.lease == lease)
                #expect(bench.store.commits.last?.receipt == .stale)
                #expect(try await bench.task("a", of: run).state == .failed)
            }
        }
    }

    @Test func whatNobodyRenewsIsRescuedWhenItsLeaseHasExpired() async throws {
        try await Bench.with { bench in
            let run = try await bench.start(Bench.task("a", "retry: {attempts: 2, first_delay: 0s}"))
            // Somebody else claims it and is never heard of again.
            let claimed = try await bench.store.claimTasksOfAllTenants(
                limit: 1, worker: "gone", until: bench.clock.now + .seconds(15), at: bench.clock.now)
            #expect(claimed.count == 1)
            var settings = Bench.patient
            settings.ownsStoreAlone = false
            let runner = ScriptedRunner()
            try await bench.running(runner, settings: settings) { _ async throws in
                await bench.clock.untilSleeping(3)
                bench.clock.advance(by: .seconds(10))
                await bench.store.until { $0.calls[.abandoned] == 1 }
                #expect(bench.store.calls[.rescue] == nil)
                await bench.clock.untilSleeping(3)
                bench.clock.advance(by: .seconds(10))
                #expect(try await bench.end(of: run).run.state == .succeeded)
                #expect(runner.record.attempts.map(\.number) == [2])
                // At the start, and before each look for what has been abandoned.
                #expect(runner.record.looksForOrphans == 3)
                let first = try #require(try await bench.store.attempts(of: run, tenant: Bench.acme).first)
                #expect(first.outcome == .failed)
                #expect(first.error?.type == "weir.worker/lost")
                #expect(first.error?.attribution == .platform)
            }
        }
    }

    @Test func whatThisEngineHoldsIsNotRescuedByItWhenTheClockJumps() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            try await bench.running(runner) { _ async throws in
                let run = try await bench.start(Bench.task("a"))
                await bench.untilRunning("a", by: runner)
                bench.store.fail(.renew, with: [.refuse(.unavailable)])
                await bench.clock.untilSleeping(3)
                bench.clock.jump(by: .seconds(86_400))
                bench.clock.advance(by: .seconds(10))
                await bench.store.until { $0.calls[.renew] == 1 && $0.calls[.abandoned] == 1 }
                runner.finish("a")
                #expect(try await bench.end(of: run).run.state == .succeeded)
                #expect(bench.store.calls[.rescue] == nil)
            }
        }
    }

    @Test func onASharedStoreWorkIsEndedWhenItsLeaseRanOutUnrenewed() async throws {
        try await Bench.with { bench in
            let runner = ScriptedRunner(otherwise: .hold)
            var settings = Bench.patient
            settings.ownsStoreAlone = false
            try await bench.running(runner, settings: settings) { _ async throws in
                _ = try await bench.start(Bench.task("a"))
                await bench.untilRunning("a", by: runner)
                bench.store.fail(.renew, with: Array(repeating: .refuse(.unavailable), count: 3))
                for round in 1...3 {
                    #expect(runner.record.cancelled.isEmpty)
                    await bench.clock.untilSleeping(3)
                    bench.clock.advance(by: .seconds(10))
                    await bench.store.until { $0.calls[.renew] == round && $0.calls[.abandoned] == round }
                }
                await runner.until { $0.ended.count == 1 }
                #expect(runner.record.cancelled.count == 1)
                #expect(bench.store.commits.map(\.event) == [.began])
            }
        }
    }
}
