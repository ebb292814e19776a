import Foundation
import Testing

@Suite("House rules for documents")
struct DocumentTests {
    /// Bytes. A newcomer reads all of the README; everything else has a page in `docs`.
    static let longestReadme = 8_192

    @Test func theReadmeIsShort() throws {
        let readme = try Data(contentsOf: Repository.root.appending(path: "README.md"))
        #expect(readme.count <= Self.longestReadme)
    }

    @Test func theChangelogNamesTheVersionThatTheProgramPrints() throws {
        let source = try String(contentsOf: Repository.root.appending(path: "Sources/weir/ProgramVersion.swift"), encoding: .utf8)
        let changelog = try String(contentsOf: Repository.root.appending(path: "CHANGELOG.md"), encoding: .utf8)
        let released = Pattern(#"^## (\d+\.\d+\.\d+)\b"#).groups(in: changelog)
        #expect(Pattern(#"current = "([^"]+)""#).groups(in: source).first == released.first)
    }
}
