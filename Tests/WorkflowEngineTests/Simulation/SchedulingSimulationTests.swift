import SQLiteTestKit
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Concurrent scheduler decisions with lost answers", .timeLimit(.minutes(10)))
struct SchedulingSimulationTests {
    private func simulate(_ seed: UInt64) async throws -> SchedulingSimulation {
        try await withEmbeddedStore { store in
            let simulation = SchedulingSimulation(seed: seed, store: store)
            try await simulation.run()
            return simulation
        }
    }

    @Test("Every tick has one outcome, and every outcome its tick", arguments: 1...32 as ClosedRange<UInt64>)
    func everyTickIsAccountedFor(seed: UInt64) async throws {
        let simulation = try await simulate(seed)
        let complaints = simulation.complaints
        let tail = simulation.trace.suffix(60).joined(separator: "\n")
        #expect(complaints.isEmpty, "seed \(seed) of the simulation; its last steps:\n\(tail)")
    }

    @Test func theSeedsTogetherReachEverythingThatCanBecomeOfATick() async throws {
        var outcomes: Set<TickOutcome> = []
        var reasons: Set<TickReason> = []
        var words: Set<String> = []
        var notes = 0
        for seed in 1...16 as ClosedRange<UInt64> {
            let simulation = try await simulate(seed)
            for tick in simulation.seen.values.flatMap(\.values) {
                outcomes.insert(tick.outcome)
                if let reason = tick.reason { reasons.insert(reason) }
                if tick.note != nil { notes += 1 }
            }
            for line in simulation.trace { words.formUnion(line.split(separator: " ").map(String.init)) }
        }
        #expect(outcomes == Set(TickOutcome.allCases).subtracting([.waiting]))
        #expect(reasons.isSuperset(of: [.overlap, .paused, .catchUp, .late, .window, .limit, .removed]))
        #expect(words.isSuperset(of: ["crash", "late", "written", "unheard", "already", "started", "delete", "pause", "resume"]))
        #expect(notes > 20)
    }
}

extension SchedulingSimulation {
    /// Checks all ticks: an outcome never changes, except for the backfill of a tick that started no run.
    func observe() async throws {
        for id in Self.configurations {
            let query = TickQuery(tenant: Self.tenant, configuration: id, limit: 100_000)
            for tick in try await store.ticks(matching: query).ticks {
                if let before = seen[id]?[tick.place], before.outcome.isFinal, before != tick,
                    before.outcome == .started || tick.outcome != .started || !tick.isBackfilled
                {
                    complain("the outcome of \(tick.schedule) at \(tick.instant.iso8601) changed")
                }
                seen[id, default: [:]][tick.place] = tick
            }
        }
    }

    /// Checks the final state.
    func checkEnd() async throws {
        var started: [RunID: ScheduleTick] = [:]
        for (id, ticks) in seen {
            for tick in ticks.values {
                if !tick.outcome.isFinal { complain("\(id) at \(tick.instant.iso8601) waits for ever") }
                if !isTick(tick, of: id) { complain("\(id) has no tick at \(tick.instant.iso8601)") }
                if let target = tick.mergedInto, ticks[TickPlace(schedule: tick.schedule, instant: target)] == nil {
                    complain("\(id) at \(tick.instant.iso8601) was merged into \(target.iso8601), which is no tick")
                }
                guard tick.outcome == .started, let run = tick.run else { continue }
                if started.updateValue(tick, forKey: run) != nil { complain("\(run) was started for two ticks") }
            }
        }
        for (id, lives) in lives { for life in lives { checkTicks(of: id, in: life) } }
        try await checkRuns(started)
    }

    /// Every tick that a version asked for while it was current exists.
    private func checkTicks(of id: String, in life: Life) {
        guard let end = life.end else { return complain("a version of \(id) never ended") }
        for zoned in life.read.schedules {
            for instant in zoned.schedule.ticks(after: life.begin, through: end, in: .utc, limit: 100_000)
            where seen[id]?[TickPlace(schedule: zoned.schedule.id, instant: instant)] == nil {
                complain("\(id) has lost its tick of \(zoned.schedule.id) at \(instant.iso8601)")
            }
        }
    }

    private func isTick(_ tick: ScheduleTick, of id: String) -> Bool {
        (lives[id] ?? []).contains { life in
            life.read.schedules.contains { zoned in
                zoned.schedule.id == tick.schedule
                    && zoned.schedule.tick(after: tick.instant + .milliseconds(-1), through: tick.instant, in: .utc) != nil
            }
        }
    }

    /// Every started tick has exactly one run, and no other runs exist.
    private func checkRuns(_ started: [RunID: ScheduleTick]) async throws {
        var query = RunQuery(tenant: Self.tenant, filter: RunFilter(), limit: 1_000)
        var found = 0
        repeat {
            let page = try await store.runs(matching: query)
            for run in page.runs {
                found += 1
                let details = try await store.run(run.id, of: Self.tenant)
                if details?.origin.scheduledFor != started[run.id]?.instant || started[run.id] == nil {
                    complain("\(run.id) is the run of no tick")
                }
            }
            query.after = page.next
        } while query.after != nil
        if found != started.count { complain("there are \(found) runs for \(started.count) ticks") }
    }
}
