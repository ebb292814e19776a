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
    /// Whether all kept output is shown, not only its end.
    public var isWhole: Bool

    /// Bytes of a query, at most.
    public static let longestQuery = LogSearch.longestQuery

    public init(
        attempt: Int? = nil, query: String? = nil, match: Int = 1, showsOnlyMatches: Bool = false, isWhole: Bool = false
    ) {
        self.attempt = attempt
        self.query = query
        self.match = match
        self.showsOnlyMatches = showsOnlyMatches
        self.isWhole = isWhole
    }
}

/// The log on a task's page.
struct LogPanel: Sendable {
    /// Bytes shown of the end of a log, unless the whole log is requested.
    static let shownBytes = 32_768

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
    var html: String
    var state: String

    init(_ output: KeptOutput, _ choice: LogChoice, of task: TaskInstance) {
        let address = PageAddress.task(task.id, of: task.run)
        attempt = output.attempt
        action = address
        query = choice.query ?? ""
        download = address + "/log?attempt=\(output.attempt)"
        state = output.isLast ? "The attempt has ended." : "The attempt is in progress."
        if let query = choice.query, !query.isEmpty {
            (html, search, place) = ("", nil, "")
            find(query, in: output, choice, address)
            return
        }
        var (bytes, offset) = (output.bytes[...], output.offset)
        if !choice.isWhole, bytes.count > Self.shownBytes {
            // Starts at the beginning of a line, if there is one.
            bytes = bytes.suffix(Self.shownBytes)
            if let line = bytes.firstIndex(of: UInt8(ascii: "\n")), line + 1 < bytes.endIndex { bytes = bytes[(line + 1)...] }
            offset = output.offset + bytes.startIndex
            note = "Only the end of the log is shown."
            earlier = address + "?attempt=\(output.attempt)&all=yes#log"
        } else if output.offset > 0 {
            note = "The beginning is no longer kept: \(CountText.text(output.offset, "byte", "bytes"))."
        }
        let text = LogText(Array(bytes), from: LogPlace(offset: offset), isLast: output.isLast)
        html = text.html
        place = text.place.text
        follow = output.isLast ? nil : address + "/log/live?attempt=\(output.attempt)"
        if html.isEmpty { state = output.isLast ? "No output." : "No output yet." }
    }

    private mutating func find(_ query: String, in output: KeptOutput, _ choice: LogChoice, _ address: String) {
        let log = LogText(output.bytes, from: LogPlace(offset: output.offset), isLast: true)
        let text = Array(log.text.utf8)
        let search = LogSearch(query, in: text)
        let count = search.matches.count
        func href(match: Int, onlyMatches: Bool) -> String {
            let pairs = [
                ("attempt", "\(output.attempt)"), ("q", query), ("match", "\(match)"), ("lines", onlyMatches ? "matching" : nil),
            ]
            return address + PageAddress.query(pairs) + "#match"
        }
        if output.offset > 0 { note = "Line numbers start at the first kept line." }
        guard count > 0 else {
            self.search = Search(words: "No match")
            return
        }
        let match = min(max(1, choice.match), count)
        var excerpt = LogExcerpt(log, text, search, current: match - 1)
        if choice.showsOnlyMatches {
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
