import WorkflowModel

/// Lines of a log as HTML, with line numbers, times, streams, colours and marked matches.
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

    private let log: LogText
    private let text: [UInt8]
    private let pieces: [LogText.Piece]
    private let search: LogSearch
    /// The current match; nil without one.
    private let current: Int?
    /// The number of the first line of the text.
    private let firstLine: Int

    private(set) var html = ""
    /// Whether lines after the last one were left out.
    private(set) var isCut = false

    init(_ log: LogText, _ text: [UInt8], _ search: LogSearch, current: Int?, firstLine: Int = 1) {
        (self.log, self.text, pieces, self.search, self.current) = (log, text, log.pieces, search, current)
        self.firstLine = firstLine
    }

    /// The whole text, as it goes on behind a position.
    /// - Parameter place: where the text begins. A line that began before it has its number already, unless it is overwritten.
    static func html(_ log: LogText, from place: LogPlace) -> String {
        let text = Array(log.text.utf8)
        guard !text.isEmpty else { return "" }
        var excerpt = LogExcerpt(log, text, LogSearch(), current: nil, firstLine: place.line)
        excerpt.add(0..<text.count, isNumbered: place.beginsLine || log.erasesLine)
        return excerpt.html
    }

    /// Adds the last lines.
    /// - Returns: whether lines before them were left out.
    mutating func addLastLines(most: Int) -> Bool {
        guard !text.isEmpty else { return false }
        var begin = lineStart(before: text.last == UInt8(ascii: "\n") ? text.count - 1 : text.count)
        for _ in 1..<most where begin > 0 { begin = lineStart(before: begin - 1) }
        add(begin..<text.count)
        return begin > 0
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

    /// Adds lines from a line on.
    /// - Returns: the first line that was added, and the one behind the last.
    mutating func addLines(from first: Int, most: Int) -> Range<Int> {
        var (begin, number) = (0, firstLine)
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
        var number = firstLine
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

    private mutating func add(_ range: Range<Int>, isNumbered: Bool = true) {
        var piece = 0
        let number = firstLine + newlines(in: 0..<range.lowerBound)
        add(range, number: number, isNumbered: isNumbered, piece: &piece)
    }

    /// - Parameters:
    ///   - isNumbered: whether the first line gets its number.
    ///   - piece: an index at or before the piece in which the range begins.
    private mutating func add(_ range: Range<Int>, number first: Int, isNumbered: Bool = true, piece: inout Int) {
        var number = first
        var offset = range.lowerBound
        var match = search.first(endingBehind: offset)
        var origin = log.origin(at: offset)
        if isNumbered { beginLine(number, at: offset, origin) }
        while offset < range.upperBound {
            while piece + 1 < pieces.count, pieces[piece].end <= offset { piece += 1 }
            while match < search.matches.count, search.matches[match].upperBound <= offset { match += 1 }
            while let next = origin.map({ $0 + 1 }), next < log.origins.count, log.origins[next].begin <= offset { origin = next }
            if text[offset] == UInt8(ascii: "\n") {
                offset += 1
                number += 1
                html += "\n"
                guard offset < range.upperBound else { continue }
                while let next = origin.map({ $0 + 1 }), next < log.origins.count, log.origins[next].begin <= offset {
                    origin = next
                }
                beginLine(number, at: offset, origin)
                continue
            }
            var end = min(range.upperBound, pieces.isEmpty ? range.upperBound : max(offset + 1, pieces[piece].end))
            let isMatch = search.isMarked && match < search.matches.count && search.matches[match].contains(offset)
            if search.isMarked, match < search.matches.count {
                end = min(end, isMatch ? search.matches[match].upperBound : max(offset + 1, search.matches[match].lowerBound))
            }
            if let next = origin.map({ $0 + 1 }), next < log.origins.count {
                end = min(end, max(offset + 1, log.origins[next].begin))
            }
            end = text[offset..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
            var shown = HTMLText.escaped(String(decoding: text[offset..<end], as: UTF8.self))
            if isMatch {
                let isCurrent = match == current
                let begins = offset == search.matches[match].lowerBound || offset == range.lowerBound
                shown = "<mark\(isCurrent ? " class=\"current\"" : "")\(isCurrent && begins ? " id=\"match\"" : "")>\(shown)</mark>"
            }
            let isError = origin.flatMap { log.origins[$0].stream } == .stderr
            let attributes = Self.attributes(pieces.isEmpty ? "" : pieces[piece].attributes, isError: isError)
            html += attributes.isEmpty ? shown : "<span\(attributes)>\(shown)</span>"
            offset = end
        }
    }

    /// - Parameter attributes: of the style, of which a class is the first one.
    private static func attributes(_ attributes: String, isError: Bool) -> String {
        guard isError else { return attributes }
        return attributes.isEmpty ? " class=\"err\"" : attributes.replacing(" class=\"", with: " class=\"err ", maxReplacements: 1)
    }

    /// The number of a line with its address, the sign of standard error if it has text of it, and its time.
    private mutating func beginLine(_ number: Int, at offset: Int, _ origin: Int?) {
        let sign = hasErrors(lineAt: offset, origin) ? ("number err", " title=\"stderr\"") : ("number", "")
        html += "<a class=\"\(sign.0)\" id=\"L\(number)\" href=\"#L\(number)\"\(sign.1)>\(number)</a> "
        guard let time = origin.flatMap({ log.origins[$0].time }) else { return }
        let text = time.iso8601
        html += "<time datetime=\"\(text)\" data-clock>\(text.dropFirst(11).dropLast()) </time>"
    }

    private func hasErrors(lineAt offset: Int, _ origin: Int?) -> Bool {
        guard var index = origin else { return false }
        if log.origins[index].stream == .stderr { return true }
        // Only where the next text begins in this line.
        guard index + 1 < log.origins.count else { return false }
        let end = lineEnd(after: offset)
        while index + 1 < log.origins.count, log.origins[index + 1].begin < end {
            index += 1
            if log.origins[index].stream == .stderr { return true }
        }
        return false
    }

    private func newlines(in range: Range<Int>) -> Int { text[range].lineBreakCount }

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
