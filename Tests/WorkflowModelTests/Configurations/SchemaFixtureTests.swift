import Foundation
import Testing
import WorkflowModel

/// The configurations that `make lint` checks with an implementation of JSON Schema that is not ours.
@Suite("Configurations that the reader and the schema judge alike")
struct SchemaFixtureTests {
    /// A document of a file, with the comment that it begins with.
    struct Fixture: CustomTestStringConvertible, Sendable {
        var name: String
        var text: String
        var testDescription: String { name }
    }

    static func fixtures(in file: String) -> [Fixture] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/\(file)").standardizedFileURL
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "---\n").dropFirst().map { document in
            Fixture(name: String(document.prefix { !$0.isNewline }.dropFirst(2)), text: document)
        }
    }

    static let accepted = fixtures(in: "accepted.yaml")
    static let refused = fixtures(in: "refused.yaml")

    @Test func thereAreSome() {
        #expect(Self.accepted.count > 5 && Self.refused.count > 30)
    }

    @Test("accepted", arguments: accepted)
    func isAccepted(fixture: Fixture) {
        #expect(Sample.problems(fixture.text) == [])
        #expect(SchemaCheck.ofConfigurations.accepts(fixture.text, as: .yaml) == true)
    }

    @Test("refused", arguments: refused)
    func isRefused(fixture: Fixture) {
        #expect(Sample.problems(fixture.text) != [])
        #expect(SchemaCheck.ofConfigurations.accepts(fixture.text, as: .yaml) == false)
    }
}
