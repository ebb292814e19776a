import Testing
import WorkflowModel
import WorkflowTestKit

/// Random filters and orders are written as a search and read back.
@Suite("Searches of filters")
struct RunSearchRoundTripTests {
    private static let texts = [
        "a", "courier.group/run", "a,b", "a b", "\"", "\"a", "a\"b", "\\", "a\\\"b", "-a", "a:b", "type:x", "é", "e\u{301}", "日本",
        "",
        "failed", "in", "dec", "\u{1F44D}\u{1F3FD}", ">1", "..", "=", "\u{A0}", "\u{3000}x", "a\nb", "\t",
    ]
    private static let words = [
        "ab", "failed", "in progress", "in", "progress", "running", "with", "failures", "dec", "May", "2025", "\"x\"", "\\\\",
        "-ab",
        "--", "state:failed", "a:b", "12:30", "a,b", "x\"", "caf\u{E9}", "cafe\u{301}", "running-with", "a  b", "\u{3000}ab",
        "Sept",
        "sept", "-\"", "last", "week", "this", "12", "monday", "yesterday",
    ]
    private static let labels = ["team:crm", "a.b/c:", "x:1", "tier:gold"]

    private static func value(_ field: RunFilterField, _ random: SeededRandom) -> String {
        switch field.kind {
        case .dateTime:
            let text = Timestamp(milliseconds: Int64(random.number(in: 0...4_000_000)) * 1_000_000).iso8601
            return random.element(of: [text, String(text.prefix(10)), "\(text.prefix(16))Z"]) ?? ""
        case .state: return random.element(of: RunState.allCases)?.rawValue ?? ""
        case .text: return random.element(of: texts) ?? ""
        case .words: return random.element(of: words) ?? ""
        case .attribution: return random.element(of: Attribution.allCases)?.rawValue ?? ""
        case .label: return random.element(of: labels) ?? ""
        case .runMode: return random.element(of: RunMode.allCases)?.rawValue ?? ""
        case .duration: return "\(random.number(in: 0...10_000_000))ms"
        case .count: return String(random.number(in: 1...1_000))
        case .flag: return String(random.chance(0.5))
        }
    }

    /// nil for a window that ends before it starts.
    private static func filter(_ random: SeededRandom) -> RunFilter? {
        try? RunFilter { field in
            guard random.chance(0.3) else { return [] }
            return (0..<random.number(in: 1...min(4, field.mostValues))).map { _ in value(field, random) }
        }
    }

    @Test func areReadBack() throws {
        var count = 0
        for seed in UInt64(0)..<600 {
            let random = SeededRandom(seed: seed)
            guard let filter = Self.filter(random), let key = random.element(of: RunSortKey.allCases) else { continue }
            let sort = random.chance(0.5) ? RunSort(by: key, random.chance(0.5) ? .ascending : .descending) : nil
            let search = RunSearch(filter, sort: sort)
            #expect(try RunSearch(reading: search.text, at: searchTime) == search, "\(search.text)")
            let fields = try RunSearch(
                fields: { field in search.fieldTexts.filter { $0.field == field }.map(\.text) }, sort: sort, at: searchTime)
            #expect(fields == search, "\(search.text)")
            count += 1
        }
        #expect(count > 300)
    }

    @Test(arguments: [
        ("2024-04-01", "since:2024-04-01"), ("2024-04-01T09:30", "since:2024-04-01T09:30Z"),
        ("2024-04-01T00:00:01", "since:2024-04-01T00:00:01Z"), ("2024-04-01T00:00:00.001", "since:2024-04-01T00:00:00.001Z"),
    ])
    func writeTimesShortly(time: String, text: String) {
        let filter = RunFilter(created: TimeWindow(from: Timestamp(iso8601: time)))
        #expect(RunSearch(filter).text == text)
    }

    @Test func anEmptyFilterIsAnEmptySearch() throws {
        #expect(RunSearch(RunFilter()).text.isEmpty)
        #expect(try RunSearch(reading: "", at: searchTime) == RunSearch(RunFilter()))
    }

    /// A text is read or refused, and what is read can be written and completed.
    @Test func randomTextsAreReadOrRefused() {
        let parts = [
            "state", "type", "took", "since", "sort", "label", "-", ":", ",", "\"", "\\", " ", "failed", "dec", "2024", ">", "<",
            "..",
            "7d", "é", "\u{301}", "\0", "\n", "a", "in", "progress", "=",
        ]
        let random = SeededRandom(seed: 3)
        var read = 0
        for _ in 0..<20_000 {
            let text = (0..<random.number(in: 0...9)).compactMap { _ in random.element(of: parts) }.joined()
            for cursor in [0, text.utf16.count / 2, text.utf16.count] { _ = RunSearch.completions(of: text, cursor: cursor) }
            guard let search = try? RunSearch(reading: text, at: searchTime) else { continue }
            read += 1
            #expect((try? RunSearch(reading: search.text, at: searchTime)) == search, "\(text.debugDescription)")
        }
        #expect(read > 1_000)
    }
}
