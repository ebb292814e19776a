import Foundation
import Testing

@testable import WorkflowModel

/// The guide says what the search reads.
@Suite("The guide of the search")
struct SearchGuideTests {
    private static func lines() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/guides/search.md"), encoding: .utf8)
        return text.components(separatedBy: "\n")
    }

    /// The texts between backticks.
    private static func quoted(_ text: String) -> [String] {
        text.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }

    @Test func everyExampleIsASearch() throws {
        var isExample = false
        var count = 0
        for line in try Self.lines() {
            if line.hasPrefix("```") {
                isExample = line == "```text"
            } else if isExample {
                #expect(throws: Never.self, "\(line)") { try RunSearch(reading: line, at: searchTime) }
                count += 1
            }
        }
        #expect(count > 10)
    }

    @Test func everyKeyHasItsRowWithItsOtherNames() throws {
        let rows = try Self.lines().filter { $0.hasPrefix("| `") }.map {
            $0.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        for key in SearchKey.allCases {
            let row = rows.first { $0[1] == "`\(key.name):`" }
            #expect(row.map { Self.quoted($0[2]) } == key.aliases.map { "\($0):" }, "\(key.name)")
        }
    }

    @Test func everyFormOfATimeIsRead() throws {
        let lines = try Self.lines()
        let start = try #require(lines.firstIndex(of: "| form | meaning |"))
        let forms = lines[(start + 2)...].prefix { $0.hasPrefix("|") }.flatMap { Self.quoted($0.components(separatedBy: "|")[1]) }
        #expect(forms.count > 20)
        for form in forms {
            let text = form.replacing("…", with: "2025-12-03T09:30")
            #expect(TypedTime(text, at: searchTime) != nil, "\(form)")
        }
    }
}
