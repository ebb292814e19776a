import Testing
import WorkflowModel
import WorkflowTestKit

/// Ten years in six zones: computed ticks equal those found by checking every minute.
@Suite("Ten years of ticks")
struct TenYearsTests {
    static let zones = [
        "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "UTC",
    ]
    static let start = CalendarDate(year: 2016, month: 1, day: 1).daysSince1970 * 1_440
    static let end = CalendarDate(year: 2026, month: 1, day: 1).daysSince1970 * 1_440

    @Test(arguments: zones)
    func jumpingFindsWhatWatchingFinds(name: String) throws {
        let zone = try SystemScheduleZones().zone(named: name)
        let random = SeededRandom(seed: 6)
        let expressions = (0..<8).map { _ in KnownExpression(random, isDense: false) }
        let watched = WatchedClock(zone: zone).ticks(of: expressions, from: Self.start, to: Self.end)
        for (expression, expected) in zip(expressions, watched) {
            let found = try Self.jump(expression, in: zone, from: Self.start, to: Self.end)
            #expect(found == expected, "\(expression.text): \(Self.difference(found, expected))")
        }
        #expect(watched.contains { !$0.isEmpty })
    }

    /// Around each clock change, with frequent expressions, in both directions.
    @Test(arguments: [("America/New_York", 20), ("Europe/London", 20), ("Australia/Lord_Howe", 20), ("America/Sao_Paulo", 7)])
    func everyMinuteAroundAChangeIsRight(name: String, changes: Int) throws {
        let zone = try SystemScheduleZones().zone(named: name)
        let clock = WatchedClock(zone: zone)
        let random = SeededRandom(seed: 60)
        let days = stride(from: Self.start, to: Self.end, by: 1_440).filter { day in
            clock.wall(at: day + 1_440) - clock.wall(at: day) != 1_440
        }
        #expect(days.count == changes)
        for day in days {
            let expressions = (0..<4).map { _ in KnownExpression(random, isDense: true) }
            let (start, end) = (day - 720, day + 2_160)
            for (expression, expected) in zip(expressions, clock.ticks(of: expressions, from: start, to: end)) {
                let found = try Self.jump(expression, in: zone, from: start, to: end)
                #expect(found == expected, "\(expression.text): \(Self.difference(found, expected))")
                let backwards = try Self.jumpBackwards(expression, in: zone, from: start, to: end)
                #expect(backwards == expected, "\(expression.text) backwards: \(Self.difference(backwards, expected))")
            }
        }
    }

    private static func jump(_ expression: KnownExpression, in zone: ScheduleZone, from start: Int, to end: Int) throws -> [Int] {
        let schedule = Schedule(cron: try CronExpression(expression.text), timeZone: zone.name)
        return schedule.ticks(after: instant(start, -1), through: instant(end, -1), in: zone, limit: .max)
            .map { Int($0.milliseconds / 60_000) }
    }

    private static func jumpBackwards(_ expression: KnownExpression, in zone: ScheduleZone, from start: Int, to end: Int) throws
        -> [Int]
    {
        let cron = try CronExpression(expression.text)
        var ticks: [Int] = []
        var last = instant(end)
        while let tick = cron.tick(before: last, from: instant(start), in: zone) {
            ticks.append(Int(tick.milliseconds / 60_000))
            last = tick
        }
        return ticks.reversed()
    }

    private static func instant(_ minute: Int, _ milliseconds: Int64 = 0) -> Timestamp {
        Timestamp(milliseconds: Int64(minute) * 60_000 + milliseconds)
    }

    private static func difference(_ found: [Int], _ expected: [Int]) -> String {
        let wrong = Set(found).symmetricDifference(expected).sorted().prefix(3).map { instant($0).iso8601 }
        return "\(found.count) instead of \(expected.count), first \(wrong.joined(separator: ", "))"
    }
}
