import Foundation
import Testing

@testable import WorkflowPages

/// Pages that are compared with files in `Snapshots`, one file each.
///
/// To write them anew after a change that was meant: `WEIR_UPDATE_SNAPSHOTS=1 make test ARGS="--filter WorkflowPagesTests"`, then
/// read the difference before it is committed.
enum PageSnapshot {
    static func check(_ page: some Page, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try check(try Pages().content(page), name, sourceLocation: sourceLocation)
    }

    static func check(_ html: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name).html")
        // Every name of a template has to mean something: text of Swift's own optionals would show one that does not.
        #expect(!html.contains("Optional(") && !html.contains("nil"), sourceLocation: sourceLocation)
        #expect(!html.contains("<b>\"") && !html.contains(SnapshotTests.hostile), sourceLocation: sourceLocation)
        if ProcessInfo.processInfo.environment["WEIR_UPDATE_SNAPSHOTS"] == "1" {
            try html.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try? String(contentsOf: file, encoding: .utf8)
        #expect(html == kept, "The snapshot \(name) differs.", sourceLocation: sourceLocation)
    }
}
