import Foundation
import Testing

/// Compares texts with files in `Snapshots`, one file each.
///
/// After an intended change, write them with `WEIR_UPDATE_SNAPSHOTS=1 swift test --filter WeirTests`, and read the difference before
/// the commit.
enum Snapshot {
    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots")

    static func check(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = directory.appendingPathComponent(name + ".txt")
        let text = text.hasSuffix("\n") ? text : text + "\n"
        if ProcessInfo.processInfo.environment["WEIR_UPDATE_SNAPSHOTS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try? String(contentsOf: file, encoding: .utf8)
        #expect(text == kept, "The snapshot \(name) differs.", sourceLocation: sourceLocation)
    }
}
