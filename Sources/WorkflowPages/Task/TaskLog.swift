import Mustache
import WorkflowModel

/// The kept output of an attempt: from a byte offset to its current end.
public struct KeptOutput: Sendable {
    public var attempt: Int
    /// The offset of the first byte, in everything that was printed.
    public var offset: Int
    public var bytes: [UInt8]
    /// Whether the attempt has ended and no output follows.
    public var isLast: Bool

    public init(attempt: Int, offset: Int, bytes: [UInt8], isLast: Bool) {
        self.attempt = attempt
        self.offset = offset
        self.bytes = bytes
        self.isLast = isLast
    }
}

/// The part of a log to show.
public struct LogChoice: Hashable, Sendable {
    /// nil for the newest attempt.
    public var attempt: Int?
    /// The text to search for in the kept output.
    public var query: String?
    /// The current match, counted from 1.
    public var match: Int
    /// Whether only the lines with matches are shown.
    public var showsOnlyMatches: Bool
    /// The first line to show, counted from 1; nil for the end.
    public var line: Int?
    /// Only lines of this level or a worse one; nil for all.
    public var level: LogLevel?

    /// Bytes of a query, at most.
    public static let longestQuery = LogSearch.longestQuery

    public init(
        attempt: Int? = nil, query: String? = nil, match: Int = 1, showsOnlyMatches: Bool = false,
        line: Int? = nil,
        level: LogLevel? = nil
    ) {
        self.attempt = attempt
        self.query = query
        self.match = match
        self.showsOnlyMatches = showsOnlyMatches
        self.line = line
        self.level = level
    }

    /// Whether a search or lines by their numbers are wanted, for which all kept output has to be read.
    public var needsWhole: Bool { line != nil || level != nil || !(query ?? "").isEmpty }
}

/// The log on a task's page.
public struct LogPanel: Sendable {
    /// Bytes shown of the end of a log.
    static let shownBytes = 32_768
    /// Bytes to read for that: one more says whether there are earlier ones.
    public static let tailBytes = shownBytes + 1
    /// Lines shown by their numbers, at most.
    static let mostLines = 500

    struct Search: Sendable, MustacheParent {
        var words: String
        var previous: String?
        var next: String?
        /// The other view: only the lines with matches, or the lines around one match.
        var otherView: TaskPanel.Link?

        func child(named name: String) -> Any? {
            switch name {
            case "words": words
            case "previous": previous
            case "next": next
            case "otherView": otherView
            default: nil
            }
        }
    }

    var attempt: Int
    var action: String
    var query: String
    var longestQuery = LogSearch.longestQuery
    var search: Search?
    var download: String
    /// The address of further output; nil when the log has ended or only some lines are shown.
    var follow: String?
    var place: String
    var note: String?
    var earlier: String?
    /// The addresses of the lines before and behind those shown.
    var before: String?
    var after: String?
    var levels: [Option]
    var html: String
    var state: String

    init(_ output: KeptOutput, _ choice: LogChoice, of task: TaskInstance) {
        let address = PageAddress.task(task.id, of: task.run)
        attempt = output.attempt
        action = address
        query = choice.query ?? ""
        download = address + "/log?attempt=\(output.attempt)"
        state = output.isLast ? "The attempt has ended." : "The attempt is in progress."
        levels = Self.levels(choice)
        (html, place) = ("", "")
        if choice.level != nil || !(choice.query ?? "").isEmpty {
            find(choice.query ?? "", in: output, choice, address)
            return
        }
        let isSmall =
            output.bytes.count <= Self.shownBytes && output.offset == 0 && output.isLast
            && !output.bytes.isEmpty
        if choice.line != nil || isSmall {
            showLines(from: choice.line ?? 1, of: output, address)
            return
        }
        var (bytes, offset) = (output.bytes[...], output.offset)
        if bytes.count > Self.shownBytes {
            // Starts at the beginning of a line, if there is one.
            bytes = bytes.suffix(Self.shownBytes)
            if let line = bytes.firstIndex(of: UInt8(ascii: "\n")), line + 1 < bytes.endIndex { bytes = bytes[(line + 1)...] }
            offset = output.offset + bytes.startIndex
            note = "Only the end of the log is shown."
            earlier = address + "?attempt=\(output.attempt)&line=1#log"
        } else if output.offset > 0 {
            note = "The beginning is no longer kept: \(CountText.text(output.offset, "byte", "bytes"))."
        }
        let text = LogText(Array(bytes), from: LogPlace(offset: offset), isLast: output.isLast)
        html = text.html
        place = text.place.text
        follow = output.isLast ? nil : address + "/log/live?attempt=\(output.attempt)"
        if html.isEmpty { state = output.isLast ? "No output." : "No output yet." }
    }

    private static func levels(_ choice: LogChoice) -> [Option] {
        [Option(value: "", label: "All lines", isChosen: choice.level == nil)]
            + [(LogLevel.warning, "Warnings and errors"), (.error, "Errors")].map { level, label in
                Option(value: level.rawValue, label: label, isChosen: choice.level == level)
            }
    }

    /// Lines with their numbers and addresses.
    private mutating func showLines(from first: Int, of output: KeptOutput, _ address: String) {
        let log = LogText(output.bytes, from: LogPlace(offset: output.offset), isLast: true)
        let text = Array(log.text.utf8)
        var excerpt = LogExcerpt(log, text, LogSearch("", in: text), current: nil)
        let shown = excerpt.addLines(from: first, most: Self.mostLines)
        html = excerpt.html
        let last = text.count { $0 == UInt8(ascii: "\n") } + (text.last == UInt8(ascii: "\n") ? 0 : 1)
        func href(_ line: Int) -> String {
            address + "?attempt=\(output.attempt)&line=\(line)#L\(line)"
        }
        if shown.lowerBound > 1 || shown.upperBound <= last {
            note =
                "Lines \(CountText.text(shown.lowerBound)) to \(CountText.text(shown.upperBound - 1)) of \(CountText.text(last))."
            before = shown.lowerBound > 1 ? href(max(1, shown.lowerBound - Self.mostLines)) : nil
            after = shown.upperBound <= last ? href(shown.upperBound) : nil
        }
        if output.offset > 0 {
            note = [note, "The beginning is no longer kept; line numbers start at the first kept line."]
                .compactMap(\.self)
                .joined(separator: " ")
        }
    }

    private mutating func find(_ query: String, in output: KeptOutput, _ choice: LogChoice, _ address: String) {
        let log = LogText(output.bytes, from: LogPlace(offset: output.offset), isLast: true)
        let text = Array(log.text.utf8)
        let search =
            choice.level.map { LogSearch(query, level: $0, in: text) } ?? LogSearch(query, in: text)
        let count = search.matches.count
        func href(match: Int, onlyMatches: Bool) -> String {
            let pairs = [
                ("attempt", "\(output.attempt)"), ("q", query.isEmpty ? nil : query),
                ("level", choice.level?.rawValue), ("match", "\(match)"), ("lines", onlyMatches ? "matching" : nil),
            ]
            return address + PageAddress.query(pairs) + "#match"
        }
        if output.offset > 0 { note = "Line numbers start at the first kept line." }
        guard count > 0 else {
            self.search = Search(words: query.isEmpty ? "No line of this level" : "No match")
            return
        }
        let match = min(max(1, choice.match), count)
        var excerpt = LogExcerpt(log, text, search, current: match - 1)
        if choice.showsOnlyMatches || query.isEmpty && choice.level != nil && choice.match == 1 {
            excerpt.addMatchingLines()
            self.search = Search(
                words: CountText.text(count, "match", "matches")
                    + (excerpt.isCut ? "; the first matching lines are shown" : ""),
                otherView: TaskPanel.Link(href: href(match: match, onlyMatches: false), label: "Show context"))
        } else {
            excerpt.addContext()
            self.search = Search(
                words: "Match \(CountText.text(match)) of \(CountText.text(count))",
                previous: match > 1 ? href(match: match - 1, onlyMatches: false) : nil,
                next: match < count ? href(match: match + 1, onlyMatches: false) : nil,
                otherView: TaskPanel.Link(href: href(match: match, onlyMatches: true), label: "Only matching lines"))
        }
        html = excerpt.html
    }
}
