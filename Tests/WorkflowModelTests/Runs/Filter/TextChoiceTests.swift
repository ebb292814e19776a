import Testing
import WorkflowModel

@Suite("Choices of texts and labels")
struct TextChoiceTests {
    @Test(arguments: [
        (TextChoice(), "a" as String?, true), (TextChoice(), nil, true), (TextChoice("a"), "a", true),
        (TextChoice("a"), "b", false),
        (TextChoice("a"), nil, false), (TextChoice(included: ["a", "b"]), "b", true), (TextChoice(included: []), "a", false),
        (TextChoice(included: []), nil, false), (TextChoice(included: nil, excluded: ["a"]), "a", false),
        (TextChoice(included: nil, excluded: ["a"]), "b", true), (TextChoice(included: nil, excluded: ["a"]), nil, true),
        (TextChoice(included: ["a", "b"], excluded: ["a"]), "a", false),
        (TextChoice(included: ["a", "b"], excluded: ["a"]), "b", true),
        // By bytes: two forms of é are two texts.
        (TextChoice("\u{E9}"), "e\u{301}", false), (TextChoice(included: nil, excluded: ["\u{E9}"]), "e\u{301}", true),
    ])
    func matchIncludedAndNotExcludedTexts(choice: TextChoice, text: String?, matches: Bool) {
        #expect(choice.matches(text) == matches)
    }

    @Test func aSingleTextIsTheWholeCondition() {
        #expect(TextChoice("a").single == "a" && TextChoice(nil).single == nil && TextChoice(nil).isEmpty)
        #expect(TextChoice(included: ["a", "b"]).single == nil && TextChoice(included: ["a"], excluded: ["b"]).single == nil)
        #expect(!TextChoice(included: []).isEmpty && !TextChoice(included: nil, excluded: ["b"]).isEmpty)
    }

    @Test func textsAreSortedByTheirBytes() {
        #expect((["é", "Z", "a"] as Set<ExactText>).sortedTexts == ["Z", "a", "é"])
    }
}

@Suite("Windows of durations")
struct DurationWindowTests {
    @Test func containTheirStartAndNotTheirEnd() {
        let window = DurationWindow(from: .seconds(1), to: .seconds(2))
        #expect([999, 1_000, 1_999, 2_000].map { window.contains(.milliseconds($0)) } == [false, true, true, false])
        #expect(DurationWindow(from: .seconds(1)).contains(.longestInFilter) && DurationWindow(to: .seconds(1)).contains(.zero))
        #expect(!DurationWindow(to: .zero).contains(.zero) && DurationWindow().contains(.zero))
    }

    @Test(arguments: [
        ("0s", 0), ("90s", 90_000), ("1h30m", 5_400_000), ("1d2h3m4s5ms", 93_784_005), ("PT1H30M", 5_400_000),
        ("P1DT2H", 93_600_000),
        ("P2W", 1_209_600_000), ("PT0.5S", 500), ("PT1.25S", 1_250), ("PT1.001S", 1_001), ("P1D", 86_400_000), ("PT0S", 0),
    ])
    func areReadInBothForms(text: String, milliseconds: Int64) {
        #expect(Duration(filterText: text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "P", "PT", "P1DT", "1", "s", "90", "-1s", "+1s", "1.5h", "PT1.5H", "PT0.1234S", "PT.5S", "PT1.S", "P1Y", "P1M",
        "PT1M1H",
        "PT1H1H", "pt1h", "PT1h", "1h 30m", "P1D2H", "PT1D", "1m1h", "１s", "PT１S", "1H", "100000d1ms", "P100001D",
        "PT99999999999999999999S",
        "P9223372036854775807D", "PT1H\0", " PT1H",
    ])
    func areRefusedInOthers(text: String) {
        #expect(Duration(filterText: text) == nil)
    }

    @Test func theLongestOneHasAHundredThousandDays() {
        #expect(Duration.longestInFilter == .seconds(100_000 * 86_400))
        #expect(Duration(filterText: "100000d") == .longestInFilter && Duration(filterText: "P100000D") == .longestInFilter)
        #expect(Duration(filterText: "P99999DT24H") == .longestInFilter && Duration(filterText: "P100000DT0.001S") == nil)
    }
}
