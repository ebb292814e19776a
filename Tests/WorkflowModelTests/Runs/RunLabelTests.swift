import Testing

@testable import WorkflowModel

@Suite("Labels")
struct RunLabelTests {
    private static func x(_ count: Int) -> String { String(repeating: "x", count: count) }
    /// A DNS name of so many bytes.
    private static func dns(_ count: Int) -> String { String(repeating: "a.", count: count).prefix(count - 1) + "a" }

    @Test(arguments: [
        "a", "A9", "team", "a-b_c.d", x(63), "example.com/team", "a/b", "9.8/7", "a-b.c/T_1", "\(dns(253))/\(x(63))",
        "\(dns(252))/x",
    ])
    func acceptTheseKeys(key: String) {
        #expect(RunLabel(key: key, value: "v") != nil)
    }

    @Test(arguments: [
        "", "-a", "a-", ".a", "a.", "_a", "a b", "ä", "a:b", "a=b", "a,b", x(64), "/a", "a/", "a/b/c", "A/b", "a..b/c", "-a/b",
        "a-/b",
        ".a/b", "a./b", "a_b/c", "\(dns(254))/x", "a/\(x(64))", "a\0", "a\n", "\u{212A}", "a/-b",
    ])
    func refuseTheseKeys(key: String) {
        #expect(RunLabel(key: key, value: "v") == nil && !RunLabel.isKey(key))
    }

    @Test(arguments: [
        ("", true), ("a", true), ("9", true), ("a-b_C.d", true), (x(63), true), (x(64), false), ("-a", false), ("a-", false),
        ("a b", false),
        ("a/b", false), ("a:b", false), ("ä", false), (",", false), ("a\0", false), ("true", true),
    ])
    func acceptTheseValues(value: String, isAccepted: Bool) {
        #expect((RunLabel(key: "k", value: value) != nil) == isAccepted)
    }

    @Test(arguments: [
        ("team:crm", "team", "crm"), ("team:", "team", ""), ("a.b/c:d", "a.b/c", "d"),
    ])
    func areReadFromOneText(text: String, key: String, value: String) throws {
        let label = try #require(RunLabel(text))
        #expect(label.key == key && label.value == value && label.description == text)
    }

    @Test(arguments: ["", "team", ":crm", "a:b:c", "team=crm", " team:crm"]) func areNotReadFromOthers(text: String) {
        #expect(RunLabel(text) == nil)
    }

    @Test func haveEachKeyOnceInTheirOrder() throws {
        let labels = RunLabels(try ["b:1", "a:1", "b:2", "B:3"].map { try #require(RunLabel($0)) })
        #expect(
            labels.map(\.description) == ["B:3", "a:1", "b:2"] && labels.count == 3 && labels["b"] == "2" && labels["c"] == nil)
        let more = RunLabels(try ["a:9", "c:"].map { try #require(RunLabel($0)) })
        #expect(labels.merging(more).storedText == "B:3,a:9,b:2,c:")
        #expect(RunLabels(storedText: "B:3,a:9,b:2,c:") == labels.merging(more))
        #expect(RunLabels().storedText == nil && RunLabels(storedText: "") == nil && RunLabels(storedText: "a:1,,b:2") == nil)
    }

    @Test func aChoiceHasAllIncludedAndNoExcludedOne() throws {
        let labels = try #require(RunLabels(storedText: "team:crm,tier:gold"))
        func matches(_ included: [String], _ excluded: [String]) throws -> Bool {
            var choice = LabelChoice()
            choice.included = Set(try included.map { try #require(RunLabel($0)) })
            choice.excluded = Set(try excluded.map { try #require(RunLabel($0)) })
            #expect(choice.isEmpty == (included + excluded).isEmpty)
            return choice.matches(labels)
        }
        #expect(try matches([], []) && matches(["team:crm"], []) && matches(["team:crm", "tier:gold"], ["team:ops"]))
        #expect(try !matches(["team:crm", "tier:silver"], []) && !matches([], ["tier:gold"]) && !matches(["team:"], []))
    }
}
