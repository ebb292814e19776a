import Testing
import WorkflowModel

/// Ticks of an expression in a zone, computed by another program: it reads zone data with another library and checks every minute.
struct Golden: CustomTestStringConvertible, Sendable {
    var cron: String
    var zone: String
    var after: String
    var ticks: [String]

    init(_ cron: String, _ zone: String, after: String, _ ticks: String) {
        self.cron = cron
        self.zone = zone
        self.after = after
        self.ticks = ticks.split(separator: " ").map(String.init)
    }

    var testDescription: String { "\(cron) in \(zone) after \(after)" }

    static let rows = [
        // New York, start of daylight saving time.
        Golden(
            "30 2 * * *", "America/New_York", after: "2027-03-12T12:00",
            "2027-03-13T07:30 2027-03-14T07:00 2027-03-15T06:30"),
        Golden(
            "0,30 2 * * *", "America/New_York", after: "2027-03-13T12:00",
            "2027-03-14T07:00 2027-03-15T06:00 2027-03-15T06:30"),
        Golden(
            "0 2,3 * * *", "America/New_York", after: "2027-03-13T12:00",
            "2027-03-14T07:00 2027-03-15T06:00 2027-03-15T07:00"),
        Golden(
            "*/30 2 * * *", "America/New_York", after: "2027-03-12T12:00",
            "2027-03-13T07:00 2027-03-13T07:30 2027-03-15T06:00 2027-03-15T06:30"),
        Golden(
            "0 */2 * * *", "America/New_York", after: "2027-03-14T03:00",
            "2027-03-14T05:00 2027-03-14T08:00 2027-03-14T10:00 2027-03-14T12:00"),
        Golden(
            "30 * * * *", "America/New_York", after: "2027-03-14T05:00",
            "2027-03-14T05:30 2027-03-14T06:30 2027-03-14T07:30"),
        // New York, end of daylight saving time.
        Golden(
            "30 1 * * *", "America/New_York", after: "2026-10-31T12:00",
            "2026-11-01T05:30 2026-11-02T06:30"),
        Golden(
            "0 1,2 * * *", "America/New_York", after: "2026-10-31T12:00",
            "2026-11-01T05:00 2026-11-01T07:00 2026-11-02T06:00"),
        Golden(
            "30 * * * *", "America/New_York", after: "2026-11-01T04:00",
            "2026-11-01T04:30 2026-11-01T05:30 2026-11-01T06:30 2026-11-01T07:30"),
        Golden(
            "*/30 1 * * *", "America/New_York", after: "2026-10-31T12:00",
            "2026-11-01T05:00 2026-11-01T05:30 2026-11-01T06:00 2026-11-01T06:30 2026-11-02T06:00 2026-11-02T06:30"),
        Golden(
            "15,45 1 1 11 *", "America/New_York", after: "2026-10-31T12:00",
            "2026-11-01T05:15 2026-11-01T05:45"),
        // London.
        Golden(
            "30 1 * * *", "Europe/London", after: "2027-03-27T12:00",
            "2027-03-28T01:00 2027-03-29T00:30"),
        Golden(
            "30 1 * * *", "Europe/London", after: "2027-10-30T12:00",
            "2027-10-31T00:30 2027-11-01T01:30"),
        Golden(
            "0 0 * * mon", "Europe/London", after: "2027-03-20T12:00",
            "2027-03-22T00:00 2027-03-28T23:00 2027-04-04T23:00"),
        // Lord Howe, shifted by half an hour.
        Golden(
            "15 2 * * *", "Australia/Lord_Howe", after: "2026-10-02T00:00",
            "2026-10-02T15:45 2026-10-03T15:30 2026-10-04T15:15"),
        Golden(
            "45 1 * * *", "Australia/Lord_Howe", after: "2027-04-02T00:00",
            "2027-04-02T14:45 2027-04-03T14:45 2027-04-04T15:15"),
        Golden(
            "*/15 * * * *", "Australia/Lord_Howe", after: "2026-10-03T14:44",
            "2026-10-03T14:45 2026-10-03T15:00 2026-10-03T15:15 2026-10-03T15:30"),
        Golden(
            "*/15 1 * * *", "Australia/Lord_Howe", after: "2027-04-02T15:00",
            "2027-04-03T14:00 2027-04-03T14:15 2027-04-03T14:30 2027-04-03T14:45 2027-04-03T15:00 2027-04-03T15:15 2027-04-04T14:30"
        ),
        Golden(
            "0 2 * * sun", "Australia/Lord_Howe", after: "2026-09-28T00:00",
            "2026-10-03T15:30 2026-10-10T15:00"),
        // Sao Paulo, at midnight.
        Golden(
            "0 0 * * *", "America/Sao_Paulo", after: "2018-11-03T00:00",
            "2018-11-03T03:00 2018-11-04T03:00 2018-11-05T02:00"),
        Golden(
            "30 23 * * sat", "America/Sao_Paulo", after: "2019-02-16T12:00",
            "2019-02-17T01:30 2019-02-24T02:30"),
        Golden(
            "0 0 * * *", "America/Sao_Paulo", after: "2019-02-16T12:00",
            "2019-02-17T03:00 2019-02-18T03:00"),
        Golden(
            "@daily", "America/Sao_Paulo", after: "2026-11-01T12:00",
            "2026-11-02T03:00 2026-11-03T03:00"),
        // Kathmandu, with an offset of a quarter hour.
        Golden(
            "0 6 * * *", "Asia/Kathmandu", after: "2026-11-01T12:00",
            "2026-11-02T00:15 2026-11-03T00:15"),
        Golden(
            "*/20 0 1 1 *", "Asia/Kathmandu", after: "2026-12-31T00:00",
            "2026-12-31T18:15 2026-12-31T18:35 2026-12-31T18:55 2027-12-31T18:15"),
        // Unusual zones.
        Golden(
            "0 6 * * *", "Pacific/Apia", after: "2011-12-29T12:00",
            "2011-12-29T16:00 2011-12-30T10:00 2011-12-30T16:00"),
        Golden(
            "0 */12 * * *", "Pacific/Apia", after: "2011-12-29T12:00",
            "2011-12-29T22:00 2011-12-30T10:00 2011-12-30T22:00"),
        Golden(
            "30 1 * * *", "Europe/Dublin", after: "2027-03-27T12:00",
            "2027-03-28T01:00 2027-03-29T00:30"),
        Golden(
            "30 1 * * *", "Europe/Dublin", after: "2027-10-30T12:00",
            "2027-10-31T00:30 2027-11-01T01:30"),
        Golden(
            "30 23 * * *", "America/Nuuk", after: "2027-03-27T00:00",
            "2027-03-27T01:30 2027-03-28T01:00"),
        Golden(
            "30 23 * * *", "America/Nuuk", after: "2027-10-29T12:00",
            "2027-10-30T00:30 2027-10-31T00:30 2027-11-01T01:30"),
        Golden(
            "0 2 * * *", "Antarctica/Troll", after: "2027-03-27T12:00",
            "2027-03-28T01:00 2027-03-29T00:00"),
        Golden(
            "0 2 * * *", "Antarctica/Troll", after: "2027-10-30T12:00",
            "2027-10-31T00:00 2027-11-01T02:00"),
        Golden(
            "0 3 * * *", "Pacific/Chatham", after: "2026-09-25T12:00",
            "2026-09-25T14:15 2026-09-26T14:00 2026-09-27T13:15"),
        // Days.
        Golden(
            "0 0 1,15 * fri", "UTC", after: "2026-11-24T12:00",
            "2026-11-27T00:00 2026-12-01T00:00 2026-12-04T00:00 2026-12-11T00:00 2026-12-15T00:00"),
        Golden(
            "0 0 */2 * mon", "UTC", after: "2026-11-24T12:00",
            "2026-12-07T00:00 2026-12-21T00:00 2027-01-11T00:00"),
        Golden(
            "0 12 13 * *", "UTC", after: "2026-11-24T12:00",
            "2026-12-13T12:00 2027-01-13T12:00"),
        Golden(
            "0 0 31 * *", "UTC", after: "2026-11-24T12:00",
            "2026-12-31T00:00 2027-01-31T00:00 2027-03-31T00:00"),
        Golden(
            "30 6 * * mon-fri", "UTC", after: "2026-11-24T12:00",
            "2026-11-25T06:30 2026-11-26T06:30 2026-11-27T06:30 2026-11-30T06:30 2026-12-01T06:30"),
        Golden(
            "0 0 * * 7", "UTC", after: "2026-11-24T12:00",
            "2026-11-29T00:00 2026-12-06T00:00"),
        Golden(
            "0 0 * feb-apr/2 6", "UTC", after: "2026-11-24T12:00",
            "2027-02-06T00:00 2027-02-13T00:00"),
        Golden(
            "59 23 31 12 *", "UTC", after: "2026-11-24T12:00",
            "2026-12-31T23:59"),
        Golden(
            "5-20/5 0-23/12 * * *", "UTC", after: "2026-11-24T12:00",
            "2026-11-24T12:05 2026-11-24T12:10 2026-11-24T12:15 2026-11-24T12:20 2026-11-25T00:05"),
        Golden(
            "@weekly", "UTC", after: "2026-11-24T12:00",
            "2026-11-29T00:00 2026-12-06T00:00"),
        Golden(
            "@monthly", "UTC", after: "2026-11-24T12:00",
            "2026-12-01T00:00 2027-01-01T00:00"),
        Golden(
            "@yearly", "UTC", after: "2026-11-24T12:00",
            "2027-01-01T00:00"),
        Golden(
            "@hourly", "UTC", after: "2026-11-24T12:00",
            "2026-11-24T13:00 2026-11-24T14:00"),
        // Leap days: every fourth year except 2100.
        Golden("0 0 29 2 *", "UTC", after: "2026-11-24T12:00", "2028-02-29T00:00 2032-02-29T00:00"),
        Golden("0 0 29 2 *", "UTC", after: "2096-03-01T00:00", "2104-02-29T00:00"),
        Golden("0 12 29 2 *", "America/New_York", after: "2096-03-01T00:00", "2104-02-29T17:00"),
    ]
}

@Suite("Ticks of schedules computed by another program")
struct GoldenTicksTests {
    static let zones = SystemScheduleZones()

    @Test(arguments: Golden.rows)
    func ticksAreThose(_ row: Golden) throws {
        let cron = try CronExpression(row.cron)
        let zone = try Self.zones.zone(named: row.zone)
        let schedule = Schedule(cron: cron, timeZone: row.zone)
        let after = try #require(Timestamp(iso8601: row.after))
        let expected = try row.ticks.map { try #require(Timestamp(iso8601: $0)) }
        let last = try #require(expected.last)
        #expect(schedule.ticks(after: after, through: .latest, in: zone, limit: expected.count) == expected)
        // The same with an end instead of a limit. The end is inclusive.
        #expect(schedule.ticks(after: after, through: last, in: zone, limit: 1_000) == expected)
        #expect(schedule.tick(after: after, through: after, in: zone) == nil)
        // Backwards.
        var before = last + .milliseconds(1)
        for tick in expected.reversed() {
            #expect(schedule.tick(before: before, from: after + .milliseconds(1), in: zone) == tick)
            before = tick
        }
        #expect(schedule.tick(before: before, from: after + .milliseconds(1), in: zone) == nil)
    }

    @Test(arguments: [
        ("America/New_York", "1883-11-18T17:03=-18000 1883-11-18T16:55=-17762 1918-07-01=-14400"),
        ("America/New_York", "1974-01-10=-14400 2006-04-02T06:59=-18000 2006-04-02T07:00=-14400"),
        ("America/New_York", "2027-03-14T06:59=-18000 2027-03-14T07:00=-14400 2090-07-01=-14400"),
        ("America/New_York", "2090-11-05T05:59=-14400 2090-11-05T06:00=-18000"),
        ("Europe/London", "1968-12-01=3600 2027-03-28T00:59=0 2027-03-28T01:00=3600"),
        ("Europe/London", "2090-01-01=0"),
        ("Australia/Lord_Howe", "1980-01-01=36000 2026-10-03T15:29=37800 2026-10-03T15:30=39600"),
        ("Australia/Lord_Howe", "2027-04-03T14:59=39600 2027-04-03T15:00=37800 2080-12-01=39600"),
        ("Asia/Kathmandu", "1985-12-31T18:29=19800 1985-12-31T18:30=20700 2026-01-01=20700"),
        ("America/Sao_Paulo", "2018-11-04T02:59=-10800 2018-11-04T03:00=-7200 2019-02-17T01:59=-7200"),
        ("America/Sao_Paulo", "2019-02-17T02:00=-10800 2030-12-01=-10800"),
        ("Europe/Dublin", "2027-01-01=0 2027-07-01=3600"),
        ("America/Nuuk", "2027-03-28T00:59=-7200 2027-03-28T01:00=-3600 2090-12-01=-7200"),
        ("Asia/Tehran", "2022-07-01=16200 2023-07-01=12600"),
        ("Pacific/Kiritimati", "1994-12-31T09:00=-36000 1995-01-01T12:00=50400"),
        ("UTC", "2026-01-01=0"),
        ("Etc/GMT+5", "2026-01-01=-18000"),
        ("EST5EDT", "2026-07-01=-14400"),
    ])
    func zonesHaveTheirOffsets(zone: String, offsets: String) throws {
        let rules = try Self.zones.zone(named: zone)
        for row in offsets.split(separator: " ").map({ $0.split(separator: "=") }) {
            let instant = try #require(Timestamp(iso8601: row[0]))
            #expect(rules.offset(at: instant) == Int(row[1]), "\(row[0])")
        }
    }
}
