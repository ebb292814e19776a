import Foundation
import Testing

/// Comments, messages and documents use the field's words, with the thing as the subject of the sentence.
@Suite("House rules")
struct LanguageRulesTests {
    @Test func sentencesAreAboutThingsInTheWordsOfTheField() {
        let findings = Self.findings()
        #expect(findings.isEmpty, "\(findings.count) unclear wordings:\n\(findings.prefix(50).joined(separator: "\n"))")
    }

    @Test func theWordingsMatchWhatTheyName() {
        let unclear = [
            "What the handlers share.", "Nobody reads it.", "If somebody asks", "a StoreInsistence", "RunTrouble", "its standing",
            "AlertOffice",
            "deposes the secret", "It is held against the counts.", "as many as go at once", "that falls silent",
            "ends it in order.",
            "a database of before", "nothing there", "is not valid any more.", "a limit that there is no more", "one that there is",
        ]
        let clear = [
            "What failed?", "## What is Weir for\nand when not?", "in order to end", "standing still",
            "troubleshooting",
            "no more runs", "the official image", "any more runs",
        ]
        #expect(unclear.filter { Self.matches($0) == 0 } == [])
        #expect(clear.filter { Self.matches($0) > 0 } == [])
    }

    private static func matches(_ text: String) -> Int {
        Wording.all.count { !$0.pattern.finds(in: text).isEmpty }
    }

    private static func findings() -> [String] {
        // Most files have no finding; one combined expression is a quick check.
        let any = Pattern(Wording.all.map { "(?:\($0.pattern.text))" }.joined(separator: "|"))
        return Prose.files.filter { !any.finds(in: $0.text).isEmpty }.flatMap { file in
            Wording.all.flatMap { wording in
                wording.pattern.finds(in: wording.scope == .prose ? file.prose : file.text).map { line, words in
                    "\(file.path):\(line) \"\(words)\"; write: \(wording.instead)"
                }
            }
        }
    }
}

/// A text of the repository, and its comments and strings if it is Swift.
private struct Prose {
    var path: String
    var text: String
    var prose: String

    private static let folders = [
        "Sources", "Tests", "Benchmarks", "Scripts", "docs", "examples", ".github", ".ci", ".devcontainer",
    ]
    private static let extensions: Set = ["", "swift", "md", "mustache", "py", "sh", "c", "h", "js", "css", "yml", "yaml", "toml"]
    /// Snapshots repeat strings of the sources, and the last two files quote the wordings.
    private static let excluded: Set = [".build", "Snapshots", "__pycache__", "Wording.swift", "LanguageRulesTests.swift"]

    static let files: [Prose] = folders.flatMap { files(below: $0) } + files(below: "", deep: false)

    private static func files(below folder: String, deep: Bool = true) -> [Prose] {
        let base = folder.isEmpty ? Repository.root : Repository.root.appending(path: folder)
        guard let paths = FileManager.default.enumerator(atPath: base.path) else { return [] }
        var files: [Prose] = []
        for case let path as String in paths {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let isFolder = paths.fileAttributes?[.type] as? FileAttributeType == .typeDirectory
            if isFolder {
                if !deep || excluded.contains(name) { paths.skipDescendants() }
                continue
            }
            guard !excluded.contains(name), name != "LICENSE", extensions.contains((name as NSString).pathExtension),
                let text = try? String(contentsOf: base.appending(path: path), encoding: .utf8)
            else { continue }
            let place = folder.isEmpty ? path : "\(folder)/\(path)"
            files.append(Prose(path: place, text: text, prose: name.hasSuffix(".swift") ? SwiftText(text).prose : text))
        }
        return files
    }
}
