import Foundation

/// The lines of a log that hold a text, whatever its case.
struct LogSearch {
    /// Lines that are shown at most.
    static let mostLines = 500

    /// The lines with their numbers, and what was found marked.
    private(set) var html = ""
    private(set) var count = 0

    init(_ query: String, in bytes: [UInt8]) {
        let text = LogText(bytes, from: LogPlace(), isLast: true).text
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.range(of: query, options: .caseInsensitive) != nil else { continue }
            count += 1
            if count <= Self.mostLines { html += "<span class=\"number\">\(index + 1)</span> \(Self.marked(line, query))\n" }
        }
    }

    private static func marked(_ line: Substring, _ query: String) -> String {
        var html = ""
        var rest = line
        while let found = rest.range(of: query, options: .caseInsensitive), !found.isEmpty {
            html += HTMLText.escaped(String(rest[..<found.lowerBound]))
            html += "<mark>\(HTMLText.escaped(String(rest[found])))</mark>"
            rest = rest[found.upperBound...]
        }
        return html + HTMLText.escaped(String(rest))
    }
}
