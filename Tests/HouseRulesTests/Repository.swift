import Foundation

/// The repository from which the tests were built.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below `Sources` and `Tests`, with its path from the root.
    static let files: [SourceFile] = ["Sources", "Tests"].flatMap(files(below:))

    static var sources: [SourceFile] { files.filter { $0.path.hasPrefix("Sources/") } }
    static var tests: [SourceFile] { files.filter { $0.path.hasPrefix("Tests/") } }
    /// The test kits, which several test targets share.
    static var kits: [SourceFile] { files.filter { $0.path.hasPrefix("Tests/Support/") } }

    private static func files(below folder: String) -> [SourceFile] {
        let base = root.appending(path: folder)
        let paths = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
            guard let text = try? String(contentsOf: base.appending(path: path), encoding: .utf8) else { return nil }
            return SourceFile(path: "\(folder)/\(path)", text: text)
        }
    }
}

/// A Swift file, with its code separated from its comments and strings.
struct SourceFile: Sendable {
    var path: String
    var text: String
    var code: String
    var strings: String
    var prose: String

    init(path: String, text: String) {
        self.path = path
        self.text = text
        let separated = SwiftText(text)
        code = separated.code
        strings = separated.strings
        prose = separated.prose
    }

    /// `SQLiteStore` of `Sources/SQLiteStore/Runs/Runs.swift`, `ProgramTestKit` of `Tests/Support/ProgramTestKit/Program.swift`.
    var target: String {
        path.split(separator: "/").dropFirst(path.hasPrefix("Tests/Support/") ? 2 : 1).first.map(String.init) ?? ""
    }

    var lineCount: Int {
        text.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    }

    var imports: Set<String> {
        let kinds = "(?:(?:struct|class|enum|protocol|func|var|let|typealias)[ ]+)?"
        let words = "^[ ]*(?:@[A-Za-z]+(?:\\([A-Za-z]+\\))?[ ]+)*(?:(?:public|internal|package|private|fileprivate)[ ]+)?"
        return Set(Pattern("\(words)import[ ]+\(kinds)([A-Za-z_]+)").groups(in: code))
    }

    /// The matches of the pattern in the code, as `path:line`.
    func places(of pattern: Pattern) -> [String] {
        places(of: pattern, in: code)
    }

    func places(of pattern: Pattern, in text: String) -> [String] {
        pattern.lines(in: text).map { "\(path):\($0)" }
    }
}

/// A regular expression of Foundation, which is fast in debug builds too. `^` and `$` match at lines.
struct Pattern {
    let text: String
    private let expression: NSRegularExpression?

    /// An invalid expression matches everywhere, so that its rule fails rather than passes.
    init(_ text: String) {
        self.text = text
        expression = try? NSRegularExpression(pattern: text, options: .anchorsMatchLines)
    }

    private func matches(in text: String) -> [NSTextCheckingResult] {
        expression?.matches(in: text, range: NSRange(location: 0, length: text.utf16.count)) ?? []
    }

    /// The first group of each match.
    func groups(in text: String) -> [String] {
        matches(in: text).compactMap { Range($0.range(at: 1), in: text).map { String(text[$0]) } }
    }

    /// The matches in the text, each with its line, counted from 1.
    func finds(in text: String) -> [(line: Int, words: String)] {
        guard expression != nil else { return [(0, "")] }
        return matches(in: text).compactMap { match in
            Range(match.range, in: text).map { range in
                (1 + text[..<range.lowerBound].utf8.count { $0 == UInt8(ascii: "\n") }, String(text[range]))
            }
        }
    }

    /// The lines that have a match, counted from 1.
    func lines(in text: String) -> [Int] {
        finds(in: text).map(\.line)
    }
}
