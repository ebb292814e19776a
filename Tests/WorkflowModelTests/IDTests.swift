import Testing
import WorkflowModel
import WorkflowTestKit

@Suite("Ids")
struct IDTests {
    private static let day = Timestamp(iso8601: "2024-06-19T23:59:59.999Z")

    @Test func namesTheirKindTheirDayAndSomethingRandom() throws {
        let random = SeededRandom(seed: 7)
        let day = try #require(Self.day)
        for _ in 0..<200 {
            #expect(Self.shape(of: RunID(at: day, using: random).rawValue) == "wf-20240619-99999-aaaaaa")
            #expect(Self.shape(of: TaskID(at: day, using: random).rawValue) == "wft-20240619-99999-aaaaaa")
            #expect(Self.shape(of: ConfigurationVersionID(at: day, using: random).rawValue) == "etv-20240619-99999-aaaaaa")
        }
    }

    /// The digits of the fourth part as `9`, letters and digits of the last part as `a`; the rest unchanged.
    private static func shape(of id: String) -> String {
        var parts = id.split(separator: "-").map(String.init)
        guard parts.count == 4 else { return id }
        parts[2] = String(parts[2].map { "0123456789".contains($0) ? "9" : $0 })
        parts[3] = String(parts[3].map { $0.isASCII && ($0.isLetter || $0.isNumber) ? "a" : $0 })
        return parts.joined(separator: "-")
    }

    @Test func areWrittenInFullWhateverTheNumber() throws {
        let day = try #require(Self.day)
        #expect(RunID(at: day, using: FixedRandom(number: 0)).rawValue == "wf-20240619-00000-000000")
        #expect(RunID(at: day, using: FixedRandom(number: 42)).rawValue == "wf-20240619-00042-000000")
        #expect(RunID(at: day, using: FixedRandom(number: .max)).rawValue.utf8.count == 24)
    }

    @Test func differFromEachOther() throws {
        let random = SeededRandom(seed: 1)
        let day = try #require(Self.day)
        #expect(Set((0..<20_000).map { _ in RunID(at: day, using: random) }).count == 20_000)
    }

    @Test func sortByTheirTextAndKeepWhateverTextTheyCameWith() {
        #expect(RunID(rawValue: "wf-1") < RunID(rawValue: "wf-2"))
        #expect(RunID(rawValue: "another system's id").description == "another system's id")
    }

    @Test(arguments: ["a", "acme", "acme-2", "0", "a--b", String(repeating: "x", count: 63)])
    func tenantsAreNamesOfHosts(name: String) {
        #expect(Tenant(name)?.name == name)
    }

    @Test func theNameOfATenantIsFoldedAsThatOfAHost() {
        #expect(Tenant("ACME") == Tenant("acme"))
    }

    @Test(arguments: [
        "", "-a", "a-", "-", "a_b", "a.b", "a b", "ä", "acme\n", "../x", "\u{212A}ey", String(repeating: "x", count: 64), "*",
        "a/b",
    ])
    func otherNamesAreNoTenant(name: String) {
        #expect(Tenant(name) == nil)
        #expect(Tenant("a\0") == nil)
    }

    @Test func randomBytesAreAsManyAsAskedFor() {
        let random = SeededRandom(seed: 3)
        for count in [0, 1, 7, 8, 9, 32] { #expect(random.bytes(count).count == count) }
        #expect(random.bytes(32) != random.bytes(32))
        #expect(FixedRandom(number: .max).fraction() < 1)
        #expect(FixedRandom(number: 0).fraction() == 0)
    }
}
