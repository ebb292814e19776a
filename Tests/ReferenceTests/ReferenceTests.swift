import ArgumentParser
import Foundation
import Testing
import WorkflowAPI
import WorkflowModel

@testable import weir

/// The files below `docs/reference`, which are made from the code.
@Suite("Generated references")
struct ReferenceTests {
    enum Reference: String, CaseIterable {
        case configuration = "configuration.md"
        case schema = "configuration.schema.json"
        case commands = "cli.md"
        case api = "api.md"
        case exitCodes = "exit-codes.md"

        func text() throws -> String {
            switch self {
            case .configuration: ConfigurationReference.text
            case .schema: ConfigurationSchema.text
            case .commands: try CommandReference.text()
            case .api: try APIReference.text()
            case .exitCodes: ExitCodeReference.text
            }
        }
    }

    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/reference").standardizedFileURL

    @Test("the committed file is what the code says", arguments: Reference.allCases)
    func isUpToDate(reference: Reference) throws {
        let file = Self.directory.appending(path: reference.rawValue)
        let text = try reference.text()
        if ProcessInfo.processInfo.environment["WEIR_UPDATE_REFERENCES"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let committed = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        let lines = zip(text.split(separator: "\n"), committed.split(separator: "\n"))
        let difference = lines.first { $0 != $1 }.map { "first difference:\n- \($1)\n+ \($0)" } ?? "the lengths differ"
        #expect(text == committed, "docs/reference/\(reference.rawValue) is out of date: run `make references`; \(difference)")
    }

    @Test("headings have different anchors, and links within a page lead to one", arguments: Reference.allCases)
    func linksLeadSomewhere(reference: Reference) throws {
        guard reference.rawValue.hasSuffix(".md") else { return }
        let text = try reference.text()
        let anchors = Markdown.headings(in: text).map(Markdown.anchor)
        #expect(Set(anchors).count == anchors.count)
        let links = text.matches(of: #/\]\(#([^)]+)\)/#).map { String($0.1) }
        #expect(Set(links).subtracting(anchors) == [])
    }

    @Test func theHelpNamesEveryExitCode() {
        let help = Weir.helpMessage(columns: 1_000)
        let sentence = help.split(separator: "\n").first { $0.hasPrefix("Exit codes") } ?? ""
        let named = Set(sentence.matches(of: #/\b\d+\b/#).compactMap { Int32($0.output) })
        #expect(named == Set(ExitStatus.allCases.map(\.rawValue)))
    }

    @Test func theConfigurationOfTheReferenceIsAccepted() throws {
        let source = ConfigurationSource(text: ConfigurationReference.sample, format: .yaml)
        #expect(throws: Never.self) { try ConfigurationReader().read(source, file: "sample") }
    }

    @Test("the API reference has every limit of the API")
    func limits() throws {
        let source = Self.directory.appending(path: "../../Sources/WorkflowAPI/Limits.swift")
        let names = try String(contentsOf: source, encoding: .utf8).matches(of: #/static let (\w+)/#).map { String($0.1) }
        let generator = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "APIReference+Forms.swift")
        let used = Set(try String(contentsOf: generator, encoding: .utf8).matches(of: #/\bLimits\.(\w+)/#).map { String($0.1) })
        #expect(names.filter { !used.contains($0) } == [])
    }
}
