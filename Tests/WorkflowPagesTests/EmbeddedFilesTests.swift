import Foundation
import Testing

@testable import WorkflowPages

@Suite struct EmbeddedFilesTests {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/WorkflowPages")

    private func files(in folder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: Self.sources.appending(path: folder).path))
    }

    /// One that is forgotten renders as nothing.
    @Test func everyTemplateAndAssetIsListed() throws {
        #expect(try files(in: "Templates") == Set(EmbeddedFiles.templates.map { $0.0 + ".mustache" }))
        #expect(try files(in: "Assets") == Set(EmbeddedFiles.assets.map(\.0)))
    }
}
