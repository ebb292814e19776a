import Testing
import WorkflowModel

@Suite("Notes on upcoming ticks")
struct SchedulePreviewTests {
    static let zones = SystemScheduleZones()

    static func preview(
        _ cron: String, in name: String, after: String, count: Int, starts: String? = nil, ends: String? = nil
    ) throws -> [PreviewedTick] {
        let schedule = Schedule(
            cron: try CronExpression(cron), timeZone: name, starts: starts.flatMap { Timestamp(iso8601: $0) },
            ends: ends.flatMap { Timestamp(iso8601: $0) })
        let zone = try zones.zone(named: name)
        return schedule.preview(after: try #require(Timestamp(iso8601: after)), count: count, in: zone)
    }

    @Test(arguments: [
        ("30 2 * * *", "America/New_York", "2027-03-13T12:00", "moved", "02:30 does not exist on 2027-03-14, runs at 03:00"),
        (
            "0,30 2 * * *", "America/New_York", "2027-03-13T12:00", "moved",
            "02:00 and 02:30 do not exist on 2027-03-14, run once at 03:00"
        ),
        (
            "*/20 2 * * *", "America/New_York", "2027-03-13T12:00", "skipped",
            "3 times from 02:00 to 02:40 do not exist on 2027-03-14, are skipped"
        ),
        ("0 * * * *", "America/New_York", "2027-03-14T06:00", "skipped", "02:00 does not exist on 2027-03-14, is skipped"),
        ("30 1 * * *", "America/New_York", "2026-10-31T12:00", "once", "01:30 comes twice on 2026-11-01, runs the first time only"),
        (
            "30 * * * *", "America/New_York", "2026-11-01T05:00", "doubled",
            "01:30 comes twice on 2026-11-01, runs both times; this is the first"
        ),
        (
            "30 * * * *", "America/New_York", "2026-11-01T06:00", "doubled",
            "01:30 comes twice on 2026-11-01, runs both times; this is the second"
        ),
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00", "moved", "02:15 does not exist on 2026-10-04, runs at 02:30"),
        (
            "45 1 * * *", "Australia/Lord_Howe", "2027-04-03T00:00", "once",
            "01:45 comes twice on 2027-04-04, runs the first time only"
        ),
    ])
    func changesOfTheClocksAreSaid(cron: String, zone: String, after: String, change: String, note: String) throws {
        let first = try #require(try Self.preview(cron, in: zone, after: after, count: 1).first)
        #expect(first.change?.rawValue == change)
        #expect(first.note == note)
        #expect(first.fires == (change != "skipped"))
    }

    @Test func whatIsSkippedIsNotCounted() throws {
        let preview = try Self.preview("0 */2 * * *", in: "America/New_York", after: "2027-03-14T04:00", count: 3)
        #expect(
            preview.map(\.wallTime) == [
                "2027-03-14T00:00:00-05:00", "2027-03-14T03:00:00-04:00", "2027-03-14T04:00:00-04:00", "2027-03-14T06:00:00-04:00",
            ])
        #expect(preview.map(\.fires) == [true, false, true, true])
    }

    @Test func ordinaryDaysNeedNoWord() throws {
        let preview = try Self.preview("30 2 * * *", in: "America/New_York", after: "2027-03-14T12:00", count: 200)
        #expect(preview.count == 200 && preview.allSatisfy { $0.change == nil && $0.note == nil })
    }

    @Test func aScheduleKeepsToItsTime() throws {
        let preview = try Self.preview(
            "0 0 * * *", in: "UTC", after: "2026-01-01", count: 9, starts: "2026-03-01", ends: "2026-03-03")
        #expect(preview.map(\.wallTime) == ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"])
    }

    @Test func aPeriodReachesBackToTheTickBefore() throws {
        var schedule = Schedule(
            cron: try CronExpression("0 6 * * mon-fri"), starts: Timestamp(iso8601: "2026-11-23"), range: .period)
        let monday = try #require(Timestamp(iso8601: "2026-11-23T06"))
        let friday = try #require(Timestamp(iso8601: "2026-11-20T06"))
        #expect(schedule.tick(after: friday, in: .utc) == monday)
        #expect(schedule.tick(before: monday, in: .utc) == nil)
        #expect(schedule.period(endingAt: monday, in: .utc) == TimeWindow(from: friday, to: monday))
        schedule.range = .none
        #expect(schedule.period(endingAt: monday, in: .utc) == nil)
    }
}
