import Mustache
public import WorkflowModel

/// The log on a task's page.
public struct LogPanel: Sendable {
    /// Bytes shown of the end of a log.
    static let shownBytes = 32_768
    /// Bytes to read for that: one more says whether there are earlier ones.
    public static let tailBytes = shownBytes + 1
    /// Lines shown at once, at most.
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
    /// The address of further output; nil when the log has ended or the end is not shown.
    var follow: String?
    var place: String
    /// Whether the last lines are shown, so that a script scrolls to them.
    var isEnd = false
    var note: String?
    var earlier: String?
    /// The addresses of the lines before and behind those shown.
    var before: String?
    var after: String?
    var levels: [Option]
    /// Empty when no stream is known.
    var streams: [Option]
    var hasStreams: Bool
    /// Whether times are known.
    var hasTimes: Bool
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
        // Of output that an earlier version wrote, nothing is known.
        hasTimes = !output.marks.isEmpty || !output.isLast
        hasStreams = hasTimes || choice.stream != nil
        streams = hasStreams ? Self.streams(choice) : []
        (html, place) = ("", "")
        if choice.isSearch {
            find(choice.query ?? "", in: output, choice, address)
        } else if let line = choice.line {
            showLines(from: line, of: output, address)
        } else {
            showEnd(of: output, address)
        }
    }

    private static func levels(_ choice: LogChoice) -> [Option] {
        [Option(value: "", label: "All levels", isChosen: choice.level == nil)]
            + [(LogLevel.warning, "Warnings and errors"), (.error, "Errors")].map { level, label in
                Option(value: level.rawValue, label: label, isChosen: choice.level == level)
            }
    }

    private static func streams(_ choice: LogChoice) -> [Option] {
        [Option(value: "", label: "Both streams", isChosen: choice.stream == nil)]
            + [(TaskStream.stdout, "stdout"), (.stderr, "stderr (!)")].map { stream, label in
                Option(value: stream.rawValue, label: label, isChosen: choice.stream == stream)
            }
    }

    private mutating func showEnd(of output: KeptOutput, _ address: String) {
        var (bytes, offset) = (output.bytes[...], output.offset)
        var isCut = false
        if bytes.count > Self.shownBytes {
            // Starts at the beginning of a line, if there is one.
            bytes = bytes.suffix(Self.shownBytes)
            if let line = bytes.firstIndex(of: UInt8(ascii: "\n")), line + 1 < bytes.endIndex { bytes = bytes[(line + 1)...] }
            offset = output.offset + bytes.startIndex
            isCut = true
        }
        let first = output.firstLine + output.bytes[..<bytes.startIndex].lineBreakCount
        let log = LogText(
            Array(bytes), from: LogPlace(offset: offset, line: first), isLast: output.isLast, marks: output.marks)
        var excerpt = LogExcerpt(log, Array(log.text.utf8), LogSearch(), current: nil, firstLine: first)
        isEnd = true
        let leavesOut = excerpt.addLastLines(most: Self.mostLines)
        html = excerpt.html
        if isCut || leavesOut {
            note = "Only the end of the log is shown."
            earlier = address + "?attempt=\(output.attempt)&line=1#log"
        }
        addNote(on: output)
        goOn(behind: log, of: output, address)
        if html.isEmpty { state = output.isLast ? "No output." : "No output yet." }
    }

    /// Lines with their numbers and addresses.
    private mutating func showLines(from first: Int, of output: KeptOutput, _ address: String) {
        let begin = output.firstLine
        let log = LogText(
            output.bytes, from: LogPlace(offset: output.offset, line: begin), isLast: output.isLast, marks: output.marks)
        let text = Array(log.text.utf8)
        var excerpt = LogExcerpt(log, text, LogSearch(), current: nil, firstLine: begin)
        let shown = excerpt.addLines(from: first, most: Self.mostLines)
        html = excerpt.html
        let last = begin - 1 + text.lineBreakCount + (text.isEmpty || text.last == UInt8(ascii: "\n") ? 0 : 1)
        func href(_ line: Int) -> String {
            address + "?attempt=\(output.attempt)&line=\(line)#L\(line)"
        }
        if shown.lowerBound > begin || shown.upperBound <= last {
            note =
                "Lines \(CountText.text(shown.lowerBound)) to \(CountText.text(shown.upperBound - 1)) of \(CountText.text(last))."
            before = shown.lowerBound > begin ? href(max(begin, shown.lowerBound - Self.mostLines)) : nil
            after = shown.upperBound <= last ? href(shown.upperBound) : nil
        }
        addNote(on: output)
        if after == nil { goOn(behind: log, of: output, address) }
        if html.isEmpty { state = output.isLast ? "No output." : "No output yet." }
    }

    private mutating func goOn(behind log: LogText, of output: KeptOutput, _ address: String) {
        guard !output.isLast else { return }
        place = log.place.text
        follow = address + "/log/live?attempt=\(output.attempt)"
    }

    private mutating func addNote(on output: KeptOutput) {
        guard output.offset > 0, earlier == nil else { return }
        let words =
            output.hasLineNumbers
            ? "The beginning is no longer kept: \(CountText.text(output.offset, "byte", "bytes"))."
            : "The beginning is no longer kept; line numbers start at the first kept line."
        note = [note, words].compactMap(\.self).joined(separator: " ")
    }

    private mutating func find(_ query: String, in output: KeptOutput, _ choice: LogChoice, _ address: String) {
        let log = LogText(output.bytes, from: LogPlace(offset: output.offset), isLast: true, marks: output.marks)
        let text = Array(log.text.utf8)
        let search = Self.search(query, choice, log, text)
        let count = search.matches.count
        func href(match: Int, onlyMatches: Bool) -> String {
            let pairs = [
                ("attempt", "\(output.attempt)"), ("q", query.isEmpty ? nil : query),
                ("level", choice.level?.rawValue), ("stream", choice.stream?.rawValue), ("match", "\(match)"),
                ("lines", onlyMatches ? "matching" : nil),
            ]
            return address + PageAddress.query(pairs) + "#match"
        }
        if !output.hasLineNumbers { note = "Line numbers start at the first kept line." }
        guard count > 0 else {
            let kind = choice.level != nil ? "level" : "stream"
            self.search = Search(words: query.isEmpty ? "No line of this \(kind)" : "No match")
            return
        }
        let match = min(max(1, choice.match), count)
        var excerpt = LogExcerpt(log, text, search, current: match - 1, firstLine: output.firstLine)
        if !search.isMarked {
            excerpt.addMatchingLines()
            self.search = Search(
                words: CountText.text(count, "line", "lines") + (excerpt.isCut ? "; the first of them are shown" : ""))
        } else if choice.showsOnlyMatches || query.isEmpty && choice.match == 1 {
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

    private static func search(_ query: String, _ choice: LogChoice, _ log: LogText, _ text: [UInt8]) -> LogSearch {
        if query.isEmpty, choice.level == nil, let stream = choice.stream { return .lines(of: stream, of: log, in: text) }
        var search = choice.level.map { LogSearch(query, level: $0, in: text) } ?? LogSearch(query, in: text)
        if let stream = choice.stream { search.limit(to: stream, of: log, in: text) }
        return search
    }
}

/// The next piece of a log that is followed.
public struct LogPiece: Sendable {
    public var html: String
    /// Whether the line that began before it is overwritten by it.
    public var erasesLine: Bool
    /// Where it begins: elsewhere than expected when output is no longer kept.
    public var from: LogPlace
    public var place: LogPlace

    /// - Parameter place: up to which the log is shown.
    public init(_ slice: OutputSlice, from place: LogPlace) {
        from = place
        var beginning = ""
        if slice.offset > place.offset {
            // Output that is no longer kept may have ended the sequence that the position was in.
            from = LogPlace(offset: slice.offset, line: slice.marks.lineBreaks.map { $0 + 1 } ?? place.line + 1)
            if !place.beginsLine { beginning = "\n" }
        }
        let log = LogText(slice.bytes, from: from, isLast: slice.isLast, marks: slice.marks)
        let shown = LogExcerpt.html(log, from: from)
        html = shown.isEmpty ? "" : beginning + shown
        erasesLine = log.erasesLine
        self.place = log.place
    }
}
