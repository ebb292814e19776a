import Foundation
import Testing
import WorkflowModel
import WorkflowTestKit

@Suite("Timestamps")
struct TimestampTests {
    @Test(arguments: [
        ("2024", "2024-01-01T00:00:00.000Z"), ("2024-04", "2024-04-01T00:00:00.000Z"), ("2024-04-01", "2024-04-01T00:00:00.000Z"),
        ("2024-04-01T09", "2024-04-01T09:00:00.000Z"), ("2024-04-01T09:30", "2024-04-01T09:30:00.000Z"),
        ("2024-04-01T09:30:15", "2024-04-01T09:30:15.000Z"), ("2024-04-01T09:30:15.250", "2024-04-01T09:30:15.250Z"),
        ("2024-04-01T09:30:15.25", "2024-04-01T09:30:15.250Z"), ("2024-04-01T09:30:15.9999", "2024-04-01T09:30:15.999Z"),
        ("2024-04-01T09:30:15.123456789Z", "2024-04-01T09:30:15.123Z"), ("2024-04-01T09:30:15,5", "2024-04-01T09:30:15.500Z"),
        ("2024Z", "2024-01-01T00:00:00.000Z"), ("2024-04z", "2024-04-01T00:00:00.000Z"),
        ("2024-04-01t09z", "2024-04-01T09:00:00.000Z"),
        ("2024-04-01T09:30+02:00", "2024-04-01T07:30:00.000Z"), ("2024-04-01T09:30+0200", "2024-04-01T07:30:00.000Z"),
        ("2024-04-01T09+02", "2024-04-01T07:00:00.000Z"), ("2024-04-01T09:30:00-05:30", "2024-04-01T15:00:00.000Z"),
        ("2024-01-01T00:00 01:00", "2023-12-31T23:00:00.000Z"), ("2024-12-31T23:59:59.999-00:01", "2025-01-01T00:00:59.999Z"),
        ("2024+02:00", "2023-12-31T22:00:00.000Z"), ("2024-05:00", "2024-01-01T05:00:00.000Z"),
        ("2024-04+0200", "2024-03-31T22:00:00.000Z"), ("2024-04-05:00", "2024-04-01T05:00:00.000Z"),
        ("2024-04-01+02", "2024-03-31T22:00:00.000Z"), ("2024-04-01-05", "2024-04-01T05:00:00.000Z"),
        ("2024-04-01-05:30", "2024-04-01T05:30:00.000Z"), ("2024-04-01-0530", "2024-04-01T05:30:00.000Z"),
        ("2024-02-29", "2024-02-29T00:00:00.000Z"), ("2000-02-29", "2000-02-29T00:00:00.000Z"),
        ("1970", "1970-01-01T00:00:00.000Z"),
        ("0000", "0000-01-01T00:00:00.000Z"), ("9999-12-31T23:59:59.999", "9999-12-31T23:59:59.999Z"),
        ("0000-01-01T00:00-00:00", "0000-01-01T00:00:00.000Z"), ("1969-12-31T23:59:59.999", "1969-12-31T23:59:59.999Z"),
    ])
    func areReadInFullAndInPart(text: String, instant: String) {
        #expect(Timestamp(iso8601: text)?.iso8601 == instant)
    }

    @Test(arguments: [
        "", "x", "24", "202", "20240", "2024-", "2024-4", "2024-13", "2024-00", "2024-04-00", "2024-04-31", "2024-02-30",
        "2023-02-29",
        "1900-02-29", "2100-02-29", "2024-04-01T", "2024-04-01 09:30", "2024-04-01T24", "2024-04-01T9", "2024-04-01T09:60",
        "2024-04-01T09:30:60", "2024-04-01T09:30:15.", "2024-04-01T09:30:15.1234567890", "2024 02:00", "2024-04-01 02:00",
        "2024-0500", "2024-04-0500", "2024-13+02:00",
        "2024-04-01T09+2", "2024-04-01T09+24:00", "2024-04-01T09+02:60", "2024-04-01T09+02:0", "2024-04-01T09ZZ", "2024-04-01T09Z ",
        " 2024", "-2024", "+2024", "２０２４", "2024-04-01T09:30:15.250Z; DROP TABLE runs",
        "0000-01-01T00:00+00:01", "9999-12-31T23:59-00:01", "1711962615", "now",
    ])
    func thatAreNoneAreRefused(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
        #expect(Timestamp(iso8601: "2024\0") == nil)
    }

    @Test func anEnormousTextIsRefusedAtOnce() {
        #expect(Timestamp(iso8601: "2024-04-01T09:30:15." + String(repeating: "1", count: 10_000_000)) == nil)
    }

    @Test(arguments: 0..<20)
    func everyInstantSurvivesTheWire(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<500 {
            let instant = Timestamp(
                milliseconds: .random(in: Timestamp.earliest.milliseconds...Timestamp.latest.milliseconds, using: &random))
            #expect(Timestamp(iso8601: instant.iso8601) == instant)
            #expect(instant.iso8601.utf8.count == Timestamp.iso8601Length)
        }
    }

    @Test func theCalendarAgreesWithFoundations() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for day in stride(from: -80_000, through: 80_000, by: 37) {
            let instant = Timestamp(milliseconds: Int64(day) * 86_400_000)
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let civil = instant.civil.date
            #expect([civil.year, civil.month, civil.day] == [parts.year, parts.month, parts.day])
        }
    }

    @Test func theTextsSortAsTheInstantsDo() {
        var random = SeededRandom(seed: 1)
        let instants = (0..<500).map { _ in
            Timestamp(milliseconds: .random(in: Timestamp.earliest.milliseconds...Timestamp.latest.milliseconds, using: &random))
        }
        #expect(instants.sorted().map(\.iso8601) == instants.map(\.iso8601).sorted())
    }

    @Test func instantsBeyondTheYearsWithFourDigitsAreWrittenAsTheNearestWithin() {
        #expect(Timestamp(milliseconds: .max).iso8601 == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .min).iso8601 == "0000-01-01T00:00:00.000Z")
    }

    @Test func durationsAreAddedAndTakenAway() {
        let start = Timestamp(milliseconds: 1_000)
        #expect(start + .milliseconds(1_500) == Timestamp(milliseconds: 2_500))
        #expect(start + .seconds(-2) == Timestamp(milliseconds: -1_000))
        #expect(start - Timestamp(milliseconds: 2_500) == .milliseconds(-1_500))
        #expect(Duration.microseconds(1_999).milliseconds == 1)
        #expect(Duration.microseconds(-1_999).milliseconds == -1)
    }

    @Test func windowsAreHalfOpen() {
        let from = Timestamp(milliseconds: 10)
        let to = Timestamp(milliseconds: 20)
        #expect(TimeWindow(from: from, to: to).contains(from))
        #expect(!TimeWindow(from: from, to: to).contains(to))
        #expect(!TimeWindow(from: from, to: from).contains(from))
        #expect(TimeWindow(from: from).contains(.latest) && !TimeWindow(from: from).contains(Timestamp(milliseconds: 9)))
        #expect(TimeWindow(to: to).contains(.earliest) && !TimeWindow(to: to).contains(to))
        #expect(TimeWindow().contains(from))
    }
}
