/// Lines of a log as HTML, with line numbers, colours and marked matches.
struct LogExcerpt {
    /// Lines before and after a match.
    static let context = 100
    /// Bytes before and after a match, and of all matching lines, at most: lines may be long.
    static let contextBytes = 16_384
    static let mostBytes = 262_144
    /// Bytes of a page of numbered lines, unless one line has more, of which the beginning is shown.
    static let pageBytes = 32_768
    /// Matching lines shown, at most.
    static let mostLines = 500

    private let text: [UInt8]
    private let pieces: [LogText.Piece]
    private let search: LogSearch
    /// The current match; nil without one.
    private let current: Int?

    private(set) var html = ""
    /// Whether lines after the last one were left out.
    private(set) var isCut = false

    init(_ log: LogText, _ text: [UInt8], _ search: LogSearch, current: Int?) {
        (self.text, pieces, self.search, self.current) = (text, log.pieces, search, current)
    }

    /// Adds the lines around the current match.
    mutating func addContext() {
        guard let current else { return }
        let match = search.matches[current]
        var begin = lineStart(before: match.lowerBound)
        for _ in 0..<Self.context where begin > 0 { begin = lineStart(before: begin - 1) }
        begin = max(begin, character(atOrAfter: match.lowerBound - Self.contextBytes))
        var end = lineEnd(after: match.upperBound)
        for _ in 0..<Self.context where end < text.count { end = lineEnd(after: end + 1) }
        end = min(end, character(atOrAfter: match.upperBound + Self.contextBytes))
        add(begin..<end)
    }

    /// Adds lines from a line on, counted from 1.
    /// - Returns: the first line that was added, and the one behind the last.
    mutating func addLines(from first: Int, most: Int) -> Range<Int> {
        var (begin, number) = (0, 1)
        while number < first, let lineBreak = text[begin...].firstIndex(of: UInt8(ascii: "\n")),
            lineBreak + 1 < text.count
        {
            (begin, number) = (lineBreak + 1, number + 1)
        }
        var (end, next) = (begin, number)
        while next < number + most, end < text.count {
            let lineEnd = lineEnd(after: end)
            guard next == number || lineEnd - begin <= Self.pageBytes else { break }
            (end, next) = (min(text.count, lineEnd + 1), next + 1)
        }
        guard begin < end else { return number..<number }
        var piece = 0
        add(begin..<min(end, character(atOrAfter: begin + Self.pageBytes)), number: number, piece: &piece)
        return number..<next
    }

    /// Adds every line with a match.
    mutating func addMatchingLines() {
        var (lines, bytes) = (0, 0)
        var place = 0
        var number = 1
        var counted = 0
        var piece = 0
        while place < search.matches.count {
            let start = lineStart(before: search.matches[place].lowerBound)
            let whole = start..<lineEnd(after: search.matches[place].upperBound)
            let line = start..<min(whole.upperBound, character(atOrAfter: start + Self.contextBytes))
            guard lines < Self.mostLines, bytes + line.count <= Self.mostBytes else {
                isCut = true
                return
            }
            number += newlines(in: counted..<start)
            counted = start
            add(line, number: number, piece: &piece)
            html += "\n"
            (lines, bytes) = (lines + 1, bytes + line.count)
            place = search.first(endingBehind: whole.upperBound)
        }
    }

    private mutating func add(_ range: Range<Int>) {
        var piece = 0
        add(range, number: 1 + newlines(in: 0..<range.lowerBound), piece: &piece)
    }

    /// - Parameter piece: an index at or before the piece in which the range begins.
    private mutating func add(_ range: Range<Int>, number first: Int, piece: inout Int) {
        var number = first
        var offset = range.lowerBound
        var match = search.first(endingBehind: offset)
        html += Self.numbered(number)
        while offset < range.upperBound {
            while piece + 1 < pieces.count, pieces[piece].end <= offset { piece += 1 }
            while match < search.matches.count, search.matches[match].upperBound <= offset { match += 1 }
            if text[offset] == UInt8(ascii: "\n") {
                offset += 1
                number += 1
                html += "\n"
                if offset < range.upperBound { html += Self.numbered(number) }
                continue
            }
            var end = min(range.upperBound, pieces.isEmpty ? range.upperBound : max(offset + 1, pieces[piece].end))
            let isMatch = match < search.matches.count && search.matches[match].contains(offset)
            if match < search.matches.count {
                end = min(end, isMatch ? search.matches[match].upperBound : max(offset + 1, search.matches[match].lowerBound))
            }
            end = text[offset..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
            var shown = HTMLText.escaped(String(decoding: text[offset..<end], as: UTF8.self))
            if isMatch {
                let isCurrent = match == current
                let begins = offset == search.matches[match].lowerBound || offset == range.lowerBound
                shown = "<mark\(isCurrent ? " class=\"current\"" : "")\(isCurrent && begins ? " id=\"match\"" : "")>\(shown)</mark>"
            }
            let attributes = pieces.isEmpty ? "" : pieces[piece].attributes
            html += attributes.isEmpty ? shown : "<span\(attributes)>\(shown)</span>"
            offset = end
        }
    }

    private static func numbered(_ number: Int) -> String {
        "<a class=\"number\" id=\"L\(number)\" href=\"#L\(number)\">\(number)</a> "
    }

    private func newlines(in range: Range<Int>) -> Int {
        text[range].count { $0 == UInt8(ascii: "\n") }
    }

    private func lineStart(before offset: Int) -> Int {
        text[..<max(0, offset)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }

    private func lineEnd(after offset: Int) -> Int {
        guard offset < text.count else { return text.count }
        return text[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
    }

    private func character(atOrAfter offset: Int) -> Int {
        guard offset > 0 else { return 0 }
        guard offset < text.count else { return text.count }
        return text[offset...].firstIndex { $0 & 0xC0 != 0x80 } ?? text.count
    }
}
