import Foundation
import Testing
import WorkflowModel

/// The diagrams in ARCHITECTURE.md are generated from the state machines.
@Suite("State diagrams")
struct StateDiagramTests {
    private static let begin = "<!-- states:begin -->"
    private static let end = "<!-- states:end -->"

    @Test("ARCHITECTURE.md shows the states as they are; WEIR_UPDATE_DOCUMENTS=1 rewrites it")
    func diagramsAreUpToDate() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ARCHITECTURE.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: Self.begin)).upperBound
        let stop = try #require(text.range(of: Self.end, range: start..<text.endIndex)).lowerBound
        let expected = "\n" + Self.section + "\n"
        if ProcessInfo.processInfo.environment["WEIR_UPDATE_DOCUMENTS"] == "1", text[start..<stop] != expected {
            try (text[..<start] + expected + text[stop...]).write(to: file, atomically: true, encoding: .utf8)
            return
        }
        #expect(text[start..<stop] == expected, "out of date: run the tests once with WEIR_UPDATE_DOCUMENTS=1")
    }

    private static var section: String {
        let runs = diagram(
            RunState.allCases.map { state in
                (
                    state.rawValue, state.hasEnded,
                    RunEvent.allCases.compactMap { event in
                        (try? state.applying(event)).map { (event.rawValue, $0.rawValue) }
                    }
                )
            })
        let tasks = diagram(
            TaskState.allCases.map { state in
                (
                    state.rawValue, state.hasEnded,
                    TaskEventKind.allCases.compactMap { event in
                        (try? state.applying(event)).map { (event.rawValue, $0.rawValue) }
                    }
                )
            })
        return """
            Made from `RunState.applying` and `TaskState.applying` by a test. Events that leave a state as it is are not drawn.

            A run:

            \(runs)

            A task instance:

            \(tasks)
            """
    }

    private static func diagram(_ states: [(name: String, hasEnded: Bool, steps: [(event: String, after: String)])]) -> String {
        var lines = ["```mermaid", "stateDiagram-v2"]
        // A hyphen ends an identifier, so the names go where text is expected.
        for state in states where state.name.contains("-") {
            lines.append("    state \"\(state.name)\" as \(identifier(state.name))")
        }
        if let first = states.first { lines.append("    [*] --> \(identifier(first.name))") }
        for state in states {
            var events: [(after: String, names: [String])] = []
            for step in state.steps where step.after != state.name {
                if let place = events.firstIndex(where: { $0.after == step.after }) {
                    events[place].names.append(step.event)
                } else {
                    events.append((step.after, [step.event]))
                }
            }
            for (after, names) in events {
                lines.append("    \(identifier(state.name)) --> \(identifier(after)): \(names.joined(separator: " / "))")
            }
            if state.hasEnded { lines.append("    \(identifier(state.name)) --> [*]") }
        }
        return (lines + ["```"]).joined(separator: "\n")
    }

    private static func identifier(_ name: String) -> String {
        name.replacing("-", with: "_")
    }
}
