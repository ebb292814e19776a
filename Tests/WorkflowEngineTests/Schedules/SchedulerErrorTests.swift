import Logging
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Schedules with errors", .timeLimit(.minutes(10)))
struct SchedulerErrorTests {
    private typealias Bench = ScheduleBench

    @Test func ticksSkippedByAClockThatJumpsAheadAreCaughtUp() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/20 * * * *"}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                try await bench.pass(.seconds(1_200))
                await bench.clock.untilSleeping(1)
                bench.clock.jump(by: .seconds(3_600))
                try await bench.pass(SchedulerLimits.pollInterval)
            }
            #expect(
                try await bench.outcomes()
                    == ["20 started", "40 merged catch-up", "60 merged catch-up", "80 skipped overlap"])
        }
    }

    @Test func aClockThatIsSetBackStartsNothingTwice() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/20 * * * *", overlap: allow}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                for _ in 0..<4 { try await bench.pass(.seconds(1_200)) }
                await bench.clock.untilSleeping(1)
                bench.clock.jump(by: .seconds(-3_600))
                // A new version does not start them again either.
                try await bench.save(#"schedule: {cron: "*/20,30 * * * *", overlap: allow}"#)
                for _ in 0..<4 { try await bench.pass(.seconds(1_200)) }
            }
            #expect(
                try await bench.outcomes()
                    == [
                        "20 started", "30 merged catch-up", "40 started", "60 started", "80 started", "90 merged catch-up",
                        "100 started",
                    ])
            let runs = try await bench.ticks().compactMap(\.run)
            #expect(Set(runs).count == runs.count)
        }
    }

    @Test func aNewVersionTakesOverFromTheOneBefore() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "10 * * * *", overlap: allow}"#)
            bench.clock.advance(by: .seconds(1_800))
            try await bench.save(#"schedule: {cron: "40 * * * *", overlap: allow}"#)
            bench.clock.advance(by: .seconds(1_800))
            // Removed, so that due ticks get an outcome and none follow.
            try await bench.save("")
            bench.clock.advance(by: .seconds(7_200))
            try await bench.decide()
            #expect(try await bench.outcomes() == ["10 missed removed", "40 missed removed"])
            #expect(try await bench.store.nextScheduleTimeOfAllTenants() == nil)
        }
    }

    @Test func aScheduleThatIsRemovedBesideOthersIsToldOf() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedules: [{id: a, cron: "10 * * * *"}, {id: b, cron: "20 * * * *"}]"#)
            bench.clock.advance(by: .seconds(1_500))
            try await bench.save(#"schedules: [{id: b, cron: "25 * * * *"}]"#)
            bench.clock.advance(by: .seconds(600))
            try await bench.decide()
            #expect(try await bench.outcomes() == ["10 missed removed", "20 started catch-up"])
        }
    }

    @Test func aDeletedConfigurationStartsNothingAnyMore() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/20 * * * *"}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                try await bench.pass(.seconds(1_200))
                _ = try await bench.store.deleteConfiguration("daily", of: EngineBench.acme, at: bench.clock.now)
                try await bench.untilDecided()
                #expect(try await bench.store.nextScheduleTimeOfAllTenants() == nil)
            }
            #expect(try await bench.outcomes() == ["20 started"])
        }
    }

    @Test func concurrentSchedulersStartEachTickOnce() async throws {
        try await Bench.with { bench in
            for id in ["daily", "second", "third"] {
                try await bench.save(#"schedule: {cron: "* * * * *", overlap: allow}"#, id: id)
            }
            let schedulers = (0..<3).map { _ in bench.scheduler() }
            let lives = schedulers.map { scheduler in Task { await scheduler.run() } }
            for _ in 0..<10 {
                await bench.clock.advance(by: .seconds(60), whenSleeping: 3)
                try await bench.untilDecided()
            }
            for life in lives {
                life.cancel()
                await life.value
            }
            for id in ["daily", "second", "third"] {
                let ticks = try await bench.ticks(id)
                #expect(ticks.map(\.instant) == (1...10).map { Bench.at($0) })
                #expect(ticks.allSatisfy { $0.outcome == .started })
            }
            let query = RunQuery(tenant: EngineBench.acme, filter: RunFilter(), limit: 1, withTotal: true)
            #expect(try await bench.database.runs(matching: query).total == .exactly(30))
        }
    }

    @Test func aStartWhoseAnswerWasLostHappensOnce() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "* * * * *"}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                bench.store.fail(.record, with: [.loseAnswer])
                try await bench.pass(.seconds(60))
                try await bench.pass(.seconds(1))
            }
            #expect(try await bench.outcomes() == ["1 started"])
            let query = RunQuery(tenant: EngineBench.acme, filter: RunFilter(), limit: 1, withTotal: true)
            #expect(try await bench.database.runs(matching: query).total == .exactly(1))
        }
    }

    @Test func aDecisionThatCannotBeWrittenIsRepeated() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "* * * * *"}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                bench.store.fail(.record, with: [.refuse(.unavailable)])
                await bench.clock.advance(by: .seconds(60), whenSleeping: 1)
                // Not immediately, and not only with the next tick.
                await bench.clock.untilSleeping(for: SchedulerLimits.pause)
                bench.clock.advance(by: SchedulerLimits.pause)
                try await bench.untilDecided()
            }
            #expect(try await bench.outcomes() == ["1 started"])
        }
    }

    @Test func aVersionThatCannotBeReadHereIsMadeUpForLater() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/20 * * * *", timezone: Europe/London}"#)
            bench.clock.advance(by: .seconds(1_300))
            try await bench.decide()
            #expect(try await bench.ticks().isEmpty)
            #expect(bench.engine.log.messages(.error).count == 1)
            #expect(try await bench.store.nextScheduleTimeOfAllTenants() == bench.clock.now + SchedulerLimits.retryInterval)
            bench.clock.advance(by: SchedulerLimits.retryInterval)
            // This scheduler knows the zone.
            try await bench.scheduling(zones: EverythingIsUTC()) { try await bench.untilDecided() }
            #expect(try await bench.outcomes() == ["20 started catch-up"])
        }
    }
}

private struct EverythingIsUTC: ScheduleZones {
    func zone(named name: String) throws(ScheduleZoneProblem) -> ScheduleZone { .utc }
}
