import Testing

@testable import WorkflowModel

@Suite("Times as people type them")
struct TypedTimeTests {
    /// A Monday.
    private static let now = "2026-11-30T12:34:56.789Z"

    private static func time(_ text: String, at now: String = now, in zone: ScheduleZone = .utc) throws -> TypedTime? {
        TypedTime(text, at: try #require(Timestamp(iso8601: now)), in: zone)
    }

    @Test(arguments: [
        ("now", "2026-11-30T12:34:56.789Z"), ("NOW", "2026-11-30T12:34:56.789Z"),
        ("90m", "2026-11-30T11:04:56.789Z"), ("-90m", "2026-11-30T11:04:56.789Z"), ("-1d", "2026-11-29T12:34:56.789Z"),
        ("7d", "2026-11-23T12:34:56.789Z"), ("2h ago", "2026-11-30T10:34:56.789Z"), ("2 hours ago", "2026-11-30T10:34:56.789Z"),
        ("1h30m", "2026-11-30T11:04:56.789Z"), ("1 h 30 min", "2026-11-30T11:04:56.789Z"), ("30s", "2026-11-30T12:34:26.789Z"),
        ("2w", "2026-11-16T12:34:56.789Z"), ("last 7 days", "2026-11-23T12:34:56.789Z"), ("past 24h", "2026-11-29T12:34:56.789Z"),
        ("1 week ago", "2026-11-23T12:34:56.789Z"), ("7-days-ago", "2026-11-23T12:34:56.789Z"), ("0m", "2026-11-30T12:34:56.789Z"),
        ("today 9:05", "2026-11-30T09:05:00.000Z"), ("yesterday 23:59", "2026-11-29T23:59:00.000Z"),
        ("last friday 06:30", "2026-11-27T06:30:00.000Z"),
    ])
    func areInstants(text: String, instant: String) throws {
        let time = try #require(try Self.time(text))
        #expect(time.start.iso8601 == instant && time.end == nil && time.isRelative)
    }

    @Test(arguments: [
        ("today", "2026-11-30", "2026-12-01"), ("yesterday", "2026-11-29", "2026-11-30"), ("Tomorrow", "2026-12-01", "2026-12-02"),
        ("monday", "2026-11-30", "2026-12-01"), ("last monday", "2026-11-23", "2026-11-24"), ("tue", "2026-11-24", "2026-11-25"),
        ("last tuesday", "2026-11-24", "2026-11-25"), ("wed", "2026-11-25", "2026-11-26"), ("thursday", "2026-11-26", "2026-11-27"),
        ("last_friday", "2026-11-27", "2026-11-28"), ("saturday", "2026-11-28", "2026-11-29"),
        ("last-sun", "2026-11-29", "2026-11-30"),
        ("this week", "2026-11-30", "2026-12-07"), ("last week", "2026-11-23", "2026-11-30"),
        ("this month", "2026-11-01", "2026-12-01"),
        ("last month", "2026-10-01", "2026-11-01"), ("this year", "2026-01-01", "2027-01-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("nov", "2026-11-01", "2026-12-01"), ("dec", "2025-12-01", "2026-01-01"), ("December", "2025-12-01", "2026-01-01"),
        ("sept", "2026-09-01", "2026-10-01"), ("3 oct", "2026-10-03", "2026-10-04"), ("oct 3", "2026-10-03", "2026-10-04"),
        ("30 nov", "2026-11-30", "2026-12-01"), ("1 dec", "2025-12-01", "2025-12-02"), ("29 feb", "2024-02-29", "2024-03-01"),
        ("  today ", "2026-11-30", "2026-12-01"),
    ])
    func areSpans(text: String, start: String, end: String) throws {
        let time = try #require(try Self.time(text))
        #expect(time.start == Timestamp(iso8601: start) && time.end == Timestamp(iso8601: end) && time.isRelative)
    }

    @Test(arguments: [
        ("2024", "2024-01-01", "2025-01-01"), ("2024-02", "2024-02-01", "2024-03-01"), ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"), ("2024-04-01T09", "2024-04-01T09", "2024-04-01T10"),
        ("2024-04-01T09:30", "2024-04-01T09:30", "2024-04-01T09:31"), ("2024-04-01 09:30", "2024-04-01T09:30", "2024-04-01T09:31"),
        ("2024-04-01T09:30:15Z", "2024-04-01T09:30:15", "2024-04-01T09:30:16"),
        ("2024-04-01T09:30:15.250", "2024-04-01T09:30:15.250", "2024-04-01T09:30:15.251"),
        ("2024-02+02:00", "2024-01-31T22:00", "2024-02-29T22:00"),
        ("2024-04-01T09:30 02:00", "2024-04-01T07:30", "2024-04-01T07:31"),
        ("dec 2025", "2025-12-01", "2026-01-01"), ("dec-2025", "2025-12-01", "2026-01-01"),
        ("2025 december", "2025-12-01", "2026-01-01"),
        ("3 dec 2025", "2025-12-03", "2025-12-04"), ("Dec 3, 2025", "2025-12-03", "2025-12-04"),
        ("feb 2024", "2024-02-01", "2024-03-01"),
    ])
    func thatNameTheirYearStayTheSame(text: String, start: String, end: String) throws {
        let time = try #require(try Self.time(text))
        #expect(time.start == Timestamp(iso8601: start) && time.end == Timestamp(iso8601: end) && !time.isRelative)
        #expect(try Self.time(text, at: "1999-05-05") == time)
    }

    @Test(arguments: [
        "", " ", "-", "d", "1", "-1", "1x", "1d2d", "1m1h", "1.5h", "+1d", "1d ago ago", "ago", "last", "last 2024",
        "yesterday ago",
        "-yesterday", "next monday", "mo", "ja", "decem 20255", "32 dec", "0 dec", "31 nov", "30 feb 2024", "29 feb 2025",
        "dec 2025 2025", "3 4 dec", "003 dec", "today 24:00", "today 9:60", "today 9:5", "9:05", "now 9:05", "today now", "todayy",
        "tod ay", "2024-13", "2024-04-01T09:30  02:00 x", "9999999999d", "999999999w", "１d", "yesterday\0", "heute", "nov 0000 x",
        "to be or not to be, that is the question of questions, my dear friends",
    ])
    func thatAreNoneAreRefused(text: String) throws {
        #expect(try Self.time(text) == nil)
    }

    @Test func theEndsOfTheCalendarAreKept() throws {
        let last = try #require(try Self.time("dec 9999"))
        #expect(last.end == nil && last.start.iso8601 == "9999-12-01T00:00:00.000Z")
        #expect(try Self.time("2d", at: "0000-01-02") == nil && Self.time("1d", at: "0000-01-02")?.start == .earliest)
        #expect(try Self.time("tomorrow", at: "9999-12-31") == nil && Self.time("today", at: "9999-12-31") != nil)
        #expect(try Self.time("last year", at: "0000-06-01") == nil)
    }

    /// New York: UTC-5, and UTC-4 from 8 March to 1 November 2026. Havana changes its clocks at midnight.
    @Test(arguments: [
        ("America/New_York", "2026-11-30T03:00Z", "today", "2026-11-29T05:00Z", "2026-11-30T05:00Z"),
        ("America/New_York", "2026-11-30T06:00Z", "today", "2026-11-30T05:00Z", "2026-12-01T05:00Z"),
        ("America/New_York", "2026-03-08T20:00Z", "today", "2026-03-08T05:00Z", "2026-03-09T04:00Z"),
        ("America/New_York", "2026-11-01T20:00Z", "today", "2026-11-01T04:00Z", "2026-11-02T05:00Z"),
        ("America/New_York", "2026-11-30T06:00Z", "nov", "2026-11-01T04:00Z", "2026-12-01T05:00Z"),
        ("Asia/Kolkata", "2026-11-29T20:00Z", "monday", "2026-11-29T18:30Z", "2026-11-30T18:30Z"),
        ("America/Havana", "2026-03-08T20:00Z", "today", "2026-03-08T05:00Z", "2026-03-09T04:00Z"),
        ("America/New_York", "2026-11-30T06:00Z", "2024-04-01", "2024-04-01T00:00Z", "2024-04-02T00:00Z"),
    ])
    func daysBeginAtMidnightOfTheZone(zone: String, now: String, text: String, start: String, end: String) throws {
        let time = try #require(try Self.time(text, at: now, in: SystemScheduleZones().zone(named: zone)))
        #expect(time.start == Timestamp(iso8601: start) && time.end == Timestamp(iso8601: end))
    }

    @Test func aTimeThatClocksSkipIsTheNextOne() throws {
        let zone = try SystemScheduleZones().zone(named: "America/New_York")
        #expect(try Self.time("today 2:30", at: "2026-03-08T20:00Z", in: zone)?.start.iso8601 == "2026-03-08T07:00:00.000Z")
        #expect(try Self.time("today 1:30", at: "2026-11-01T20:00Z", in: zone)?.start.iso8601 == "2026-11-01T05:30:00.000Z")
    }

    @Test(arguments: [
        "now", "today", "yesterday", "monday", "last monday", "last week", "last month", "dec", "dec 2025", "3 dec", "90m",
        "2h ago", "7d",
        "2024-04", "2024-04-01", "2024-04-01T09:30Z",
    ])
    func theFormsOfTheMessageAreAccepted(form: String) throws {
        #expect(try TypedTime.acceptedForms.contains(form) && Self.time(form) != nil)
    }
}
