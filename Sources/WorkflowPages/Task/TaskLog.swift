import WorkflowModel

/// What an attempt printed, as it is kept: from some byte on to its present end.
public struct KeptOutput: Sendable {
    public var attempt: Int
    /// Of the first of these bytes, in all that was printed.
    public var offset: Int
    public var bytes: [UInt8]
    /// Whether the attempt is over and nothing follows.
    public var isLast: Bool

    public init(attempt: Int, offset: Int, bytes: [UInt8], isLast: Bool) {
        self.attempt = attempt
        self.offset = offset
        self.bytes = bytes
        self.isLast = isLast
    }
}

/// What of a log is asked for.
public struct LogChoice: Hashable, Sendable {
    /// nil for the newest attempt.
    public var attempt: Int?
    /// Only the lines that hold this text.
    public var query: String?
    /// All that is kept, in place of its end.
    public var isWhole: Bool

    public init(attempt: Int? = nil, query: String? = nil, isWhole: Bool = false) {
        self.attempt = attempt
        self.query = query
        self.isWhole = isWhole
    }
}

/// The log on a task's page.
struct LogPanel: Sendable {
    /// Bytes of the end of a log that are shown unless all of it is asked for: a page stays light.
    static let shownBytes = 32_768

    var attempt: Int
    var action: String
    var query: String
    var download: String
    /// Where more of it comes from; nil when it is over or only some lines are shown.
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
        state = output.isLast ? "The attempt is over." : "The attempt goes on."
        if let query = choice.query, !query.isEmpty {
            let search = LogSearch(query, in: output.bytes)
            html = search.html
            place = ""
            note =
                CountText.text(search.count, "line holds", "lines hold") + " “\(query)”"
                + (search.count > LogSearch.mostLines ? "; these are the first \(LogSearch.mostLines)." : ".")
            return
        }
        var (bytes, offset) = (output.bytes[...], output.offset)
        if !choice.isWhole, bytes.count > Self.shownBytes {
            // From the beginning of a line, where there is one.
            bytes = bytes.suffix(Self.shownBytes)
            if let line = bytes.firstIndex(of: UInt8(ascii: "\n")), line + 1 < bytes.endIndex { bytes = bytes[(line + 1)...] }
            offset = output.offset + bytes.startIndex
            note = "This is the end of it."
            earlier = address + "?attempt=\(output.attempt)&all=yes#log"
        } else if output.offset > 0 {
            note = "The beginning is no longer kept: \(CountText.text(output.offset, "byte", "bytes"))."
        }
        let text = LogText(Array(bytes), from: LogPlace(offset: offset), isLast: output.isLast)
        html = text.html
        place = text.place.text
        follow = output.isLast ? nil : address + "/log/live?attempt=\(output.attempt)"
        if html.isEmpty { state = output.isLast ? "It printed nothing." : "Nothing printed yet." }
    }
}
