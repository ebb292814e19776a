public import WorkflowModel

/// The kept output of an attempt: from a byte offset to its current end.
public struct KeptOutput: Sendable {
    public var attempt: Int
    /// The offset of the first byte, in everything that was printed.
    public var offset: Int
    public var bytes: [UInt8]
    /// Whether the attempt has ended and no output follows.
    public var isLast: Bool
    public var marks: OutputMarks

    public init(attempt: Int, offset: Int, bytes: [UInt8], isLast: Bool, marks: OutputMarks = OutputMarks()) {
        self.attempt = attempt
        self.offset = offset
        self.bytes = bytes
        self.isLast = isLast
        self.marks = marks
    }

    public init(_ slice: OutputSlice) {
        self.init(
            attempt: slice.attempt, offset: slice.offset, bytes: slice.bytes, isLast: slice.isLast, marks: slice.marks)
    }

    /// Whether the numbers of its lines are known, so that they are those of the whole output.
    public var hasLineNumbers: Bool { offset == 0 || marks.lineBreaks != nil }

    /// The number of its first line; of output whose line numbers are not known, 1.
    var firstLine: Int { 1 + (offset == 0 ? 0 : marks.lineBreaks ?? 0) }

    public mutating func append(_ slice: OutputSlice) {
        bytes += slice.bytes
        isLast = slice.isLast
        marks.append(slice.marks, at: slice.offset)
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
    /// Only lines with text of this stream; nil for all.
    public var stream: TaskStream?

    /// Bytes of a query, at most.
    public static let longestQuery = LogSearch.longestQuery

    public init(
        attempt: Int? = nil, query: String? = nil, match: Int = 1, showsOnlyMatches: Bool = false, line: Int? = nil,
        level: LogLevel? = nil, stream: TaskStream? = nil
    ) {
        self.attempt = attempt
        self.query = query
        self.match = match
        self.showsOnlyMatches = showsOnlyMatches
        self.line = line
        self.level = level
        self.stream = stream
    }

    /// Whether lines are selected by their text, their level or their stream.
    var isSearch: Bool { level != nil || stream != nil || !(query ?? "").isEmpty }

    /// Whether a search or lines by their numbers are wanted, for which all kept output has to be read.
    public var needsWhole: Bool { line != nil || isSearch }
}
