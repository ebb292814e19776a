import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Schedules start runs, and every tick has an outcome", .timeLimit(.minutes(10)))
struct SchedulerTests {
    private typealias Bench = ScheduleBench

    @Test func aTickStartsARunWhenItIsTime() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *", range: period}"#)
            try await bench.scheduling {
                try await bench.pass(.seconds(29 * 60))
                #expect(try await bench.ticks().isEmpty)
                try await bench.pass(.seconds(60))
                #expect(try await bench.outcomes() == ["30 started"])
            }
            let details = try await bench.run(of: Bench.at(30))
            #expect(details.run.principal.name == "Automated workflow")
            #expect(details.origin.scheduledFor == Bench.at(30))
            #expect(details.origin.schedule == "default")
            #expect(details.run.createdAt == Bench.at(30))
            #expect(details.origin.range == TimeWindow(from: Bench.midnight, to: Bench.at(30)))
        }
    }

    @Test func aNewConfigurationIsScheduledImmediately() async throws {
        try await Bench.with { bench in
            try await bench.scheduling {
                await bench.clock.untilSleeping(1)
                try await bench.save(#"schedules: [{id: a, cron: "0 * * * *"}, {id: b, cron: "5 * * * *"}]"#)
                try await bench.untilDecided()
                try await bench.pass(.seconds(3_900))
            }
            #expect(try await bench.ticks().map(\.schedule) == ["b", "a", "b"])
            #expect(try await bench.ticks().map(\.instant) == [Bench.at(5), Bench.at(60), Bench.at(65)])
            #expect(try await bench.ticks().map(\.outcome) == [.merged, .started, .started])
        }
    }

    // MARK: Three hours without a scheduler

    @Test func withoutCatchUpLateTicksAreMissed() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *", catch_up: none}"#)
            bench.clock.advance(by: .seconds(3 * 3_600 + 120))
            try await bench.decide()
            #expect(try await bench.outcomes() == (1...6).map { "\($0 * 30) missed late" })
        }
    }

    @Test func lateTicksAreMergedIntoTheLastOne() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *", catch_up: last, range: period}"#)
            bench.clock.advance(by: .seconds(3 * 3_600 + 120))
            try await bench.decide()
            #expect(
                try await bench.outcomes() == (1...5).map { "\($0 * 30) merged catch-up" } + ["180 started catch-up"])
            #expect(try await bench.ticks().dropLast().allSatisfy { $0.mergedInto == Bench.at(180) })
            // Its range covers all ticks that were merged into it.
            #expect(try await bench.run(of: Bench.at(180)).origin.range == TimeWindow(from: Bench.midnight, to: Bench.at(180)))
        }
    }

    @Test func lateTicksAreMergedIntoATickOnTime() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *"}"#)
            bench.clock.advance(by: .seconds(3 * 3_600 + 30))
            try await bench.decide()
            #expect(try await bench.outcomes() == (1...5).map { "\($0 * 30) merged catch-up" } + ["180 started"])
        }
    }

    @Test func allLateTicksRunOneAfterTheOther() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *", catch_up: all, catch_up_limit: 3}"#)
            bench.clock.advance(by: .seconds(3 * 3_600 + 120))
            try await bench.scheduling {
                try await bench.untilDecided()
                let missed = (1...3).map { "\($0 * 30) missed limit" }
                #expect(
                    try await bench.outcomes()
                        == missed + ["120 started catch-up", "150 waiting catch-up", "180 waiting catch-up"])
                // Time alone starts nothing while the previous run is active.
                try await bench.pass(.seconds(60))
                #expect(try await bench.ticks().filter { $0.outcome == .waiting }.count == 2)
                try await bench.end(try await bench.run(of: Bench.at(120)).run.id)
                try await bench.untilDecided()
                #expect(
                    try await bench.outcomes()
                        == missed + ["120 started catch-up", "150 started catch-up", "180 waiting catch-up"])
                try await bench.end(try await bench.run(of: Bench.at(150)).run.id)
                try await bench.untilDecided()
                #expect(
                    try await bench.outcomes()
                        == missed + ["120 started catch-up", "150 started catch-up", "180 started catch-up"])
            }
        }
    }

    @Test func lateTicksThatMayOverlapAreSpreadOut() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "0 * * * *", catch_up: all, overlap: allow}"#)
            bench.clock.advance(by: .seconds(3 * 3_600 + 120))
            try await bench.scheduling {
                try await bench.untilDecided()
                let spacing = SchedulerLimits.catchUpSpacing
                #expect(try await bench.ticks().map(\.outcome) == [.started, .waiting, .waiting])
                #expect(
                    try await bench.ticks().map(\.dueAt) == [nil, bench.clock.now + spacing, bench.clock.now + spacing * 2])
                try await bench.pass(spacing)
                #expect(try await bench.ticks().map(\.outcome) == [.started, .started, .waiting])
                try await bench.pass(spacing)
                #expect(try await bench.ticks().map(\.outcome) == [.started, .started, .started])
            }
        }
    }

    @Test(arguments: ["last", "all"])
    func whatIsOlderThanTheWindowIsMissed(_ catchUp: String) async throws {
        try await Bench.with { bench in
            try await bench.save("schedule: {cron: \"*/30 * * * *\", catch_up: \(catchUp), window: 1h}")
            bench.clock.advance(by: .seconds(3 * 3_600 + 120))
            try await bench.decide()
            let outcomes = try await bench.outcomes()
            #expect(Array(outcomes.prefix(4)) == (1...4).map { "\($0 * 30) missed window" })
            #expect(
                Array(outcomes.suffix(2))
                    == (catchUp == "last"
                        ? ["150 merged catch-up", "180 started catch-up"] : ["150 started catch-up", "180 waiting catch-up"]))
        }
    }

    @Test func aLongOutageIsDecidedInSeveralSteps() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "* * * * *", range: period}"#)
            let minutes = SchedulerLimits.ticksAtOnce * 2 + 100
            bench.clock.advance(by: .seconds(minutes * 60 + 30))
            try await bench.decide()
            let ticks = try await bench.ticks()
            #expect(ticks.map(\.instant) == (1...minutes).map { Bench.at($0) })
            #expect(ticks.dropLast().allSatisfy { $0.outcome == .merged })
            // The last tick of a step stands for the others, and is merged into that of the next step.
            let steps = [SchedulerLimits.ticksAtOnce, SchedulerLimits.ticksAtOnce * 2, minutes].map { Bench.at($0) }
            #expect(ticks.dropLast().allSatisfy { tick in tick.mergedInto == steps.first { $0 > tick.instant } })
            #expect(ticks.last?.outcome == .started)
            #expect(
                try await bench.run(of: Bench.at(minutes)).origin.range == TimeWindow(from: Bench.midnight, to: Bench.at(minutes)))
        }
    }

    @Test func theMergedTickOfALongOutageStartsEvenWithoutFurtherTicks() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "* * * * *"}"#)
            bench.clock.jump(by: .seconds(86_400 * 3))
            let due = try await bench.store.dueSchedulesOfAllTenants(at: bench.clock.now, limit: 1)
            let zoned = try await bench.versions(of: due)
            let scheduleProgress = try #require(due.first)
            let part = TickDecision(scheduleProgress, versions: zoned, now: bench.clock.now, limit: 3)
            #expect(part.ticks.map(\.outcome) == [.merged, .merged, .waiting])
            #expect(part.ticks.compactMap(\.mergedInto) == [Bench.at(3), Bench.at(3)])
            let decision = part.planned(from: scheduleProgress, versions: zoned, at: bench.clock.now, random: bench.engine.random)
            #expect(try await bench.store.record(decision, at: bench.clock.now))
            // Back to a time at which the last of them is the newest tick.
            bench.clock.jump(by: Bench.at(3) + .seconds(90) - bench.clock.now)
            _ = try await bench.store.deleteConfiguration("daily", of: EngineBench.acme, at: bench.clock.now)
            bench.clock.jump(by: .seconds(3_600))
            try await bench.decide()
            #expect(
                try await bench.outcomes() == ["1 merged catch-up", "2 merged catch-up", "3 missed removed", "4 missed removed"])
        }
    }

    // MARK: A run that still goes

    @Test func aTickIsSkippedWhileTheRunBeforeGoesOn() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *"}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                try await bench.pass(.seconds(1_800))
                try await bench.pass(.seconds(1_800))
                let first = try await bench.run(of: Bench.at(30)).run.id
                #expect(try await bench.ticks().map(\.run) == [first, first])
                try await bench.end(first)
                try await bench.pass(.seconds(1_800))
                #expect(try await bench.outcomes() == ["30 started", "60 skipped overlap", "90 started"])
            }
        }
    }

    @Test func oneTickWaitsForTheRunBeforeAndItIsTheNewest() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *", overlap: queue, range: period}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                for _ in 0..<3 { try await bench.pass(.seconds(1_800)) }
                #expect(try await bench.outcomes() == ["30 started", "60 merged superseded", "90 waiting overlap"])
                let first = try await bench.run(of: Bench.at(30)).run.id
                #expect(try await bench.ticks().map(\.run) == [first, nil, first])
                try await bench.end(first)
                try await bench.untilDecided()
                #expect(try await bench.outcomes() == ["30 started", "60 merged superseded", "90 started"])
                #expect(try await bench.run(of: Bench.at(90)).origin.range == TimeWindow(from: Bench.at(30), to: Bench.at(90)))
            }
        }
    }

    @Test func runsOverlapWhereTheyMay() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *", overlap: allow}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                for _ in 0..<3 { try await bench.pass(.seconds(1_800)) }
            }
            #expect(try await bench.outcomes() == ["30 started", "60 started", "90 started"])
            #expect(Set(try await bench.ticks().map(\.run)).count == 3)
        }
    }

    @Test func aPausedScheduleSkips() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *", paused: true}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                try await bench.pass(.seconds(1_800))
                try await bench.save(#"schedule: {cron: "*/30 * * * *"}"#)
                try await bench.pass(.seconds(1_800))
            }
            #expect(try await bench.outcomes() == ["30 skipped paused", "60 started"])
        }
    }

    @Test func aPausedWorkflowSkipsUntilTheEndOfThePause() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *"}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                let pause = WorkflowPause(
                    reason: "the warehouse is down", pausedBy: Principal(id: "wk_1", name: "Ada"), since: bench.clock.now,
                    until: Bench.at(60))
                _ = try await bench.database.pause("daily", of: EngineBench.acme, with: pause)
                for _ in 0..<2 { try await bench.pass(.seconds(1_800)) }
                #expect(try await bench.outcomes() == ["30 skipped paused", "60 started"])
                _ = try await bench.database.pause("daily", of: EngineBench.acme, with: StoreBench.pause("again", from: 0))
                try await bench.pass(.seconds(1_800))
                _ = try await bench.database.resume("daily", of: EngineBench.acme, at: bench.clock.now)
                let run = try await bench.run(of: Bench.at(60)).run.id
                try await bench.end(run)
                try await bench.pass(.seconds(1_800))
            }
            #expect(try await bench.outcomes() == ["30 skipped paused", "60 started", "90 skipped paused", "120 started"])
            #expect(
                try await bench.ticks().map(\.note) == [
                    "paused by Ada: the warehouse is down", nil, "paused by Operator's key: again", nil,
                ])
        }
    }

    @Test func aTickThatWaitsIsSkippedWhenThePauseBegins() async throws {
        try await Bench.with { bench in
            try await bench.save(#"schedule: {cron: "*/30 * * * *", overlap: queue}"#)
            try await bench.scheduling {
                try await bench.untilDecided()
                for _ in 0..<2 { try await bench.pass(.seconds(1_800)) }
                #expect(try await bench.outcomes() == ["30 started", "60 waiting overlap"])
                let pause = WorkflowPause(reason: "tests", pausedBy: StoreBench.someone, since: bench.clock.now)
                _ = try await bench.database.pause("daily", of: EngineBench.acme, with: pause)
                try await bench.untilDecided()
                #expect(try await bench.outcomes() == ["30 started", "60 skipped paused"])
                #expect(try await bench.ticks().last?.run == nil)
                try await bench.end(try await bench.run(of: Bench.at(30)).run.id)
                try await bench.untilDecided()
            }
            #expect(try await bench.outcomes() == ["30 started", "60 skipped paused"])
        }
    }
}
