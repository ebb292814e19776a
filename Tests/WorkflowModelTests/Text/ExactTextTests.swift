import Testing
import WorkflowModel

@Suite("Texts compared by bytes")
struct ExactTextTests {
    @Test(arguments: [
        ("caf\u{E9}", "cafe\u{301}"), ("K", "\u{212A}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("a", "b"), ("", "\u{0}"),
    ])
    func areDifferentWhereTheirBytesAre(one: String, other: String) {
        #expect(ExactText(one) == ExactText(String(decoding: Array(one.utf8), as: UTF8.self)))
        #expect(ExactText(one) != ExactText(other))
        #expect(Set([ExactText(one), ExactText(other), ExactText(one)]).count == 2)
        var numbers: [ExactText: Int] = [:]
        numbers[one] = 1
        numbers[other, default: 1] += 1
        #expect(numbers[one] == 1 && numbers[other] == 2)
        #expect(RunID(rawValue: one) != RunID(rawValue: other))
        #expect(Principal(id: one, name: "n") != Principal(id: other, name: "n"))
        #expect(RunFilter(type: one) != RunFilter(type: other) && RunFilter(type: one) == RunFilter(type: one))
        #expect(JSONText(validated: one) != JSONText(validated: other))
        #expect([one, other].containsExactly(other) && ![one].containsExactly(other))
    }

    @Test func areSortedByTheirBytesAsStoresSort() {
        // By Swift's order the decomposed letter comes with the composed one.
        let texts = ["e\u{301}", "\u{E9}", "f", "e", "\u{10000}", "\u{FFFF}"].map { ExactText($0) }
        #expect(texts.sorted().map(\.text.unicodeScalars.first?.value) == [0x65, 0x65, 0x66, 0xE9, 0xFFFF, 0x10000])
        #expect(RunID(rawValue: "e\u{301}") < RunID(rawValue: "f") && RunID(rawValue: "f") < RunID(rawValue: "\u{E9}"))
    }

    @Test func aDiffShowsLinesThatDifferInTheirFormOnly() {
        let diff = LineDiff(from: "a\ncaf\u{E9}\nb\n", to: "a\ncafe\u{301}\nb\n")
        #expect(diff.added == 1 && diff.removed == 1)
    }

    @Test func aRuleForOneFormOfATypeDoesNotCoverTheOther() {
        let matter = AlertMatter(
            .succeeded, of: .run(RunID(rawValue: "wf-1")), title: "t", configuration: "c", type: "cafe\u{301}",
            at: Timestamp(milliseconds: 0))
        #expect(AlertRule(events: [.succeeded], types: ["cafe\u{301}"]).covers(matter))
        #expect(!AlertRule(events: [.succeeded], types: ["caf\u{E9}"]).covers(matter))
    }
}
