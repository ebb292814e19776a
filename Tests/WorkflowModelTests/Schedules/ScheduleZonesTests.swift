import Foundation
import Testing
import WorkflowModel

@Suite("The system's time zones")
struct ScheduleZonesTests {
    @Test(arguments: [
        ("America/New_Yrok", "did you mean `America/New_York`?"), ("america/new_york", "did you mean `America/New_York`?"),
        ("Atlantis/Poseidonis", "such as `America/New_York`"), ("../../../etc/passwd", "there is no time zone"),
        ("America", "there is no time zone"), ("tzdata.zi", "there is no time zone"), ("right/UTC", "there is no time zone"),
        ("/etc/localtime", "there is no time zone"), ("America//New_York", "there is no time zone"), ("", "there is no time zone"),
    ])
    func anUnknownZoneIsRefused(name: String, words: String) throws {
        let problem = try #require(throws: ScheduleZoneProblem.self) { try SystemScheduleZones().zone(named: name) }
        #expect(problem.message.contains(words))
    }

    @Test(arguments: [
        ("PST", "America/Los_Angeles"), ("pdt", "America/Los_Angeles"), ("Z", "UTC"), ("CEST", "Europe/Berlin"),
        ("BST", "Europe/London"),
        ("IST", "Asia/Kolkata"), ("AEST", "Australia/Sydney"), ("Berlin", "Europe/Berlin"), ("New York", "America/New_York"),
        ("new_york", "America/New_York"), ("UTC+2", "Etc/GMT-2"), ("GMT-05:00", "Etc/GMT+5"), ("+00:00", "UTC"), ("utc", "UTC"),
        ("Europe/Berln", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"),
    ])
    func whatWasProbablyMeantIsNamed(name: String, meant: String) throws {
        let problem = try #require(throws: ScheduleZoneProblem.self) { try SystemScheduleZones().zone(named: name) }
        #expect(problem.message.hasSuffix("; did you mean `\(meant)`?"), "\(problem.message)")
    }

    @Test(arguments: ["XQT", "Factor", "posix", "UTC+99", "localtim"]) func nothingIsNamedThatIsOnlySpeltAlike(name: String) throws
    {
        let problem = try #require(throws: ScheduleZoneProblem.self) { try SystemScheduleZones().zone(named: name) }
        #expect(!problem.message.contains("did you mean"), "\(problem.message)")
    }

    @Test func zonesWithShortNamesAreZones() throws {
        let winter = try #require(Timestamp(iso8601: "2027-01-01"))
        #expect(try SystemScheduleZones().zone(named: "CET").offset(at: winter) == 3_600)
    }

    @Test func withoutZoneDataThereIsUTCAndAWordAboutThePackage() throws {
        let zones = SystemScheduleZones(directory: "/nonexistent")
        #expect(try zones.zone(named: "UTC").offset(at: .latest) == 0)
        let problem = try #require(throws: ScheduleZoneProblem.self) { try zones.zone(named: "Europe/London") }
        #expect(problem.message.contains("install the package tzdata"))
    }

    /// A truncated zone file is either rejected or read, and never ends the program.
    @Test func aDamagedFileIsRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zones-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let whole = try Data(contentsOf: URL(filePath: SystemScheduleZones.directory + "/Europe/London"))
        for length in stride(from: 0, to: whole.count, by: 37) {
            try whole.prefix(length).write(to: folder.appending(path: "Cut\(length)"))
            #expect(throws: ScheduleZoneProblem.self) {
                try SystemScheduleZones(directory: folder.path).zone(named: "Cut\(length)")
            }
        }
        try whole.write(to: folder.appending(path: "Whole"))
        let zone = try SystemScheduleZones(directory: folder.path).zone(named: "Whole")
        #expect(zone.offset(at: try #require(Timestamp(iso8601: "2027-07-01"))) == 3_600)
    }

    @Test(arguments: [
        ("America/New_York", "2027-03-14T07:00", "2027-03-14T03:00:00-04:00"), ("UTC", "2027-03-14T07:00", "2027-03-14T07:00:00Z"),
        ("Asia/Kathmandu", "2027-03-14T23:00", "2027-03-15T04:45:00+05:45"),
        ("America/New_York", "1883-01-01T12:00", "1883-01-01T07:03:58-04:56:02"),
    ])
    func wallTimesSayTheirOffset(zone: String, instant: String, shown: String) throws {
        let zone = try SystemScheduleZones().zone(named: zone)
        #expect(zone.wallTime(at: try #require(Timestamp(iso8601: instant))) == shown)
    }
}
