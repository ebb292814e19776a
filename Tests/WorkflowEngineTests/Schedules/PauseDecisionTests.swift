import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("A decision about the ticks of a paused workflow")
struct PauseDecisionTests {
    private typealias Bench = ScheduleBench

    private static func pause(until minutes: Int?) -> WorkflowPause {
        WorkflowPause(
            reason: "tests", pausedBy: Principal(id: "wk_1", name: "Ada"), since: Bench.midnight, until: minutes.map(Bench.at))
    }

    /// Decides about a schedule with a tick every ten minutes from midnight on.
    /// - Parameter schedule: changes the schedule; nil for a workflow that has lost it.
    private func decide(
        _ pause: WorkflowPause?, at minutes: Int, waiting: [ScheduleTick] = [], limit: Int = 100,
        _ schedule: ((inout Schedule) -> Void)? = { _ in }
    ) throws -> TickDecision {
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "cg-daily", number: 1,
            name: "Daily",
            type: "a.b", source: ConfigurationSource(text: "", format: .yaml), createdAt: Bench.midnight,
            createdBy: StoreBench.someone)
        var every = Schedule(cron: try CronExpression("*/10 * * * *"), catchUp: .all, overlap: .allow, range: .period)
        schedule?(&every)
        let configuration = WorkflowConfiguration(
            id: "cg-daily", name: "Daily", type: "a.b", stages: [Stage(name: "All", tasks: [StoreBench.task("only")])])
        let read = ReadSchedules(
            version: version, configuration: configuration, schedules: [ZonedSchedule(schedule: every, zone: .utc)])
        let end = schedule == nil ? Bench.at(minutes) : nil
        let progress = ScheduleProgress(
            tenant: StoreBench.acme, configuration: "cg-daily", revision: 1, decidedUntil: Bench.midnight,
            stretches: [ScheduleStretch(version: version.id, begin: Bench.midnight, end: end)], waiting: waiting, pause: pause)
        return TickDecision(progress, versions: [version.id: read], now: Bench.at(minutes), limit: limit)
    }

    private func outcomes(_ decision: TickDecision) -> [String] {
        decision.ticks.sorted { $0.place < $1.place }.map { tick in
            let minute = (tick.instant - Bench.midnight).milliseconds / 60_000
            return "\(minute) \(tick.outcome.rawValue)" + (tick.reason.map { " \($0.rawValue)" } ?? "")
        }
    }

    @Test("skips every due tick, notes who paused it and why, and keeps the period")
    func skipping() throws {
        let decision = try decide(Self.pause(until: nil), at: 25)
        #expect(outcomes(decision) == ["10 skipped paused", "20 skipped paused"])
        #expect(decision.ticks.allSatisfy { $0.note == "paused by Ada: tests" && $0.decidedAt == Bench.at(25) })
        #expect(decision.ticks.map(\.periodFrom) == [Bench.at(0), Bench.at(10)])
        #expect(decision.wakeAt == Bench.at(30) && decision.decidedUntil == Bench.at(25))
        #expect(outcomes(try decide(nil, at: 10)) == ["10 started"])
    }

    @Test(
        "runs a tick at the end of the pause, and skips one a millisecond before it",
        arguments: [(0, "10 started"), (1, "10 skipped paused")])
    func theEnd(milliseconds: Int, outcome: String) throws {
        var pause = Self.pause(until: 10)
        pause.until = Bench.at(10) + .milliseconds(milliseconds)
        #expect(outcomes(try decide(pause, at: 10)) == [outcome])
    }

    @Test("decides late as it would have in time: ticks before the end are skipped, later ones caught up")
    func afterAnOutage() throws {
        let decision = try decide(Self.pause(until: 30), at: 45)
        #expect(outcomes(decision) == ["10 skipped paused", "20 skipped paused", "30 started catch-up", "40 waiting catch-up"])
        let merged = try decide(Self.pause(until: 30), at: 45) { $0.catchUp = .last }
        #expect(outcomes(merged) == ["10 skipped paused", "20 skipped paused", "30 merged catch-up", "40 started catch-up"])
        #expect(merged.ticks.first { $0.outcome == .started }?.periodFrom == Bench.at(20))
        let steps = try decide(Self.pause(until: 30), at: 45, limit: 3) { $0.catchUp = .last }
        #expect(outcomes(steps) == ["10 skipped paused", "20 skipped paused", "30 waiting catch-up"])
    }

    @Test("skips ticks that wait for an earlier run or for their turn, without naming a run")
    func waiting() throws {
        func waiting(_ minutes: Int, _ reason: TickReason) -> ScheduleTick {
            ScheduleTick(
                tenant: StoreBench.acme, configuration: "cg-daily", schedule: "default", instant: Bench.at(minutes),
                outcome: .waiting,
                reason: reason, run: RunID(rawValue: "wf-1"), dueAt: Bench.at(6), decidedAt: Bench.midnight)
        }
        let ticks = [waiting(-20, .catchUp), waiting(-10, .overlap)]
        let decision = try decide(Self.pause(until: nil), at: 5, waiting: ticks)
        #expect(outcomes(decision) == ["-20 skipped paused", "-10 skipped paused"])
        #expect(decision.ticks.allSatisfy { $0.run == nil && $0.dueAt == nil && $0.note != nil } && !decision.waitsForRun)
    }

    @Test("does not miss the ticks of a schedule that was removed meanwhile")
    func removed() throws {
        let decision = try decide(Self.pause(until: 15), at: 25, nil)
        #expect(outcomes(decision) == ["10 skipped paused", "20 missed removed"])
    }

    @Test("comes before the schedule's own pause, which has no note")
    func bothPauses() throws {
        let decision = try decide(Self.pause(until: 15), at: 25) { $0.isPaused = true }
        #expect(outcomes(decision) == ["10 skipped paused", "20 skipped paused"])
        #expect(decision.ticks.sorted { $0.place < $1.place }.map(\.note) == ["paused by Ada: tests", nil])
    }
}
