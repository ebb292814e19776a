import Foundation
import Testing

@testable import WorkflowPages

/// Compares pages with files in `Snapshots`, one file each.
///
/// To write them after an intended change: `WEIR_UPDATE_SNAPSHOTS=1 make test ARGS="--filter WorkflowPagesTests"`. Read the
/// difference before you commit it.
enum PageSnapshot {
    static func check(_ page: some Page, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try check(try Pages().content(page), name, sourceLocation: sourceLocation)
    }

    static func check(_ html: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name).html")
        // A template that is not embedded renders to an empty text.
        #expect(!html.isEmpty, "The template of \(name) is not in the program.", sourceLocation: sourceLocation)
        // An optional that a template renders without unwrapping shows as `Optional(…)` or `nil`.
        #expect(!html.contains("Optional(") && !html.contains("nil"), sourceLocation: sourceLocation)
        #expect(!html.contains("<b>\"") && !html.contains(SnapshotTests.hostile), sourceLocation: sourceLocation)
        if ProcessInfo.processInfo.environment["WEIR_UPDATE_SNAPSHOTS"] == "1" {
            try html.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try? String(contentsOf: file, encoding: .utf8)
        #expect(html == kept, "The snapshot \(name) differs.", sourceLocation: sourceLocation)
    }
}
