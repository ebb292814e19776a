/// How output is written as text: as it was printed, with the time of each line, or that of one stream only.
public struct OutputView: Hashable, Sendable {
    /// Whether each line begins with the time at which its first byte was printed, in RFC 3339, or `-` where it is not known.
    public var hasTimestamps: Bool
    /// nil for both. Output whose stream is not known belongs to both.
    public var stream: TaskStream?

    public init(hasTimestamps: Bool = false, stream: TaskStream? = nil) {
        self.hasTimestamps = hasTimestamps
        self.stream = stream
    }

    /// Whether output stays as it was printed.
    public var isPlain: Bool { !hasTimestamps && stream == nil }

    /// - Parameter skipped: bytes that are only read to know whether a line begins behind them; without them, one does.
    public func bytes(of slice: OutputSlice, behind skipped: Int = 0) -> [UInt8] {
        guard !isPlain else { return Array(slice.bytes.dropFirst(skipped)) }
        var shown: [UInt8] = []
        shown.reserveCapacity(slice.bytes.count)
        var beginsLine = true
        for part in slice.parts where stream == nil || part.stream == nil || part.stream == stream {
            let before = slice.bytes[part.range].prefix(max(0, skipped - part.range.lowerBound))
            if let last = before.last { beginsLine = last == UInt8(ascii: "\n") }
            let bytes = slice.bytes[part.range].dropFirst(before.count)
            guard hasTimestamps else {
                shown += bytes
                continue
            }
            let time = Array((part.time.map(\.iso8601) ?? "-").utf8) + [UInt8(ascii: " ")]
            for line in bytes.lines {
                if beginsLine { shown += time }
                shown += line
                beginsLine = line.last == UInt8(ascii: "\n")
            }
        }
        return shown
    }
}

extension OutputSlice {
    /// A part of the bytes with one mark.
    package struct Part: Hashable, Sendable {
        /// In ``OutputSlice/bytes``.
        package var range: Range<Int>
        package var time: Timestamp?
        package var stream: TaskStream?
    }

    /// All bytes, in their order.
    package var parts: [Part] {
        var parts: [Part] = []
        var begin = 0
        var last = OutputMark(offset: offset, time: nil, stream: nil)
        func end(_ place: Int) {
            let place = min(max(begin, place), bytes.count)
            if place > begin { parts.append(Part(range: begin..<place, time: last.time, stream: last.stream)) }
            begin = place
        }
        for mark in marks.all {
            end(mark.offset - offset)
            last = mark
        }
        end(bytes.count)
        return parts
    }
}

extension ArraySlice<UInt8> {
    /// The lines with their line breaks.
    fileprivate var lines: [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var begin = startIndex
        while let lineBreak = self[begin...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(self[begin...lineBreak])
            begin = lineBreak + 1
        }
        if begin < endIndex { lines.append(self[begin...]) }
        return lines
    }
}
