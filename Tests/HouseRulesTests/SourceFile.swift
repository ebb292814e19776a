import Foundation

/// A Swift file of the repository, as the house rules see it.
struct SourceFile: Sendable {
    /// From the root of the repository, such as `Sources/WorkflowModel/Timestamp.swift`.
    var path: String
    var lines: [String]

    /// The target that the file belongs to.
    var room: String { String(path.split(separator: "/")[1]) }
    var isTest: Bool { path.hasPrefix("Tests/") }

    /// The lines that are code, with their numbers from 1: comments are left out, texts are not.
    var code: [(number: Int, text: Substring)] {
        lines.enumerated().compactMap { index, line in
            let text = line.drop { $0 == " " }
            return text.hasPrefix("//") || text.isEmpty ? nil : (index + 1, text)
        }
    }

    /// The modules that the file imports.
    var imports: [String] {
        code.compactMap { _, text in
            guard text.contains("import ") else { return nil }
            let words = text.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), words[..<place].allSatisfy(Self.mayPrecedeImport) else { return nil }
            // `import struct Module.Name` names its module last.
            return words[(place + 1)...].last { $0.first?.isLetter ?? false }?.split(separator: ".").first.map(String.init)
        }
    }

    private static func mayPrecedeImport(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
    }
}

enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL

    private static let known = Result { (sources: try files(in: "Sources"), tests: try files(in: "Tests")) }

    /// Every Swift file below `Sources`, by path.
    static var sources: [SourceFile] { get throws { try known.get().sources } }
    /// Every Swift file below `Sources` and `Tests`.
    static var all: [SourceFile] { get throws { try known.get().sources + known.get().tests } }

    private static func files(in directory: String) throws -> [SourceFile] {
        let below = root.appending(path: directory)
        let names = try FileManager.default.subpathsOfDirectory(atPath: below.path).filter { $0.hasSuffix(".swift") }
        return try names.sorted().map { name in
            let text = try String(contentsOf: below.appending(path: name), encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            return SourceFile(path: "\(directory)/\(name)", lines: lines)
        }
    }
}
