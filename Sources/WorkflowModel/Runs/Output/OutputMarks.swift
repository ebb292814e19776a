/// The stream that a task printed to. A task that is no command has standard output only.
public enum TaskStream: String, CaseIterable, Sendable {
    case stdout
    case stderr
}

/// Where output begins that was printed to one stream at one time.
public struct OutputMark: Hashable, Sendable {
    /// The position in the whole output, in bytes.
    public var offset: Int
    /// nil when it is not known.
    public var time: Timestamp?
    /// nil when it is not known, or when the streams alternate too quickly.
    public var stream: TaskStream?

    public init(offset: Int, time: Timestamp?, stream: TaskStream?) {
        self.offset = offset
        self.time = time
        self.stream = stream
    }
}

/// The times, streams and line numbers of a piece of output. Each mark is true up to the next one.
public struct OutputMarks: Hashable, Sendable {
    /// Output of one stream within this time has one mark.
    public static let resolution = Duration.milliseconds(100)
    /// A piece has so many marks at most, and one more for every ``bytesPerMark`` bytes. Beyond that, its streams are not told apart.
    public static let leastLimit = 16
    public static let bytesPerMark = 16

    /// In the order of their offsets; empty for output of which nothing is known.
    public private(set) var all: [OutputMark]
    /// Line breaks before the first byte, in the whole output; nil when it is not known.
    public var lineBreaks: Int?

    public init(_ all: [OutputMark] = [], lineBreaks: Int? = nil) {
        self.all = all
        self.lineBreaks = lineBreaks
    }

    public var isEmpty: Bool { all.isEmpty }

    /// The most marks of a piece.
    package static func most(forBytes count: Int) -> Int { leastLimit + count / bytesPerMark }

    /// Adds a mark behind the others.
    /// - Parameter count: bytes of the piece with this output.
    package mutating func add(_ mark: OutputMark, toBytes count: Int) {
        guard let last = all.last else {
            if mark.time != nil || mark.stream != nil { all.append(mark) }
            return
        }
        if last.stream == mark.stream, last.isRecent(at: mark.time) { return }
        if all.count < Self.most(forBytes: count) {
            all.append(mark)
        } else if last.stream != mark.stream {
            all[all.count - 1].stream = nil
        }
    }

    /// The marks of the bytes from an offset on.
    /// - Parameter skipped: line breaks in the bytes before it.
    package func from(_ offset: Int, skipping skipped: Int) -> OutputMarks {
        let next = all.firstIndex { $0.offset > offset } ?? all.count
        var kept = Array(all[max(0, next - 1)...])
        if let first = kept.first, first.offset < offset { kept[0].offset = offset }
        return OutputMarks(kept, lineBreaks: lineBreaks.map { $0 + skipped })
    }

    /// Adds the marks of output that follows.
    package mutating func append(_ following: OutputMarks, at offset: Int) {
        guard !following.isEmpty else {
            if let last = all.last, last.time != nil || last.stream != nil {
                all.append(OutputMark(offset: offset, time: nil, stream: nil))
            }
            return
        }
        all += following.all
    }

    /// Adds the marks of output that follows in the same piece, as ``add(_:toBytes:)`` does.
    package mutating func join(_ following: OutputMarks, toBytes count: Int) {
        for mark in following.all { add(mark, toBytes: count) }
    }

    package mutating func cut(at end: Int) {
        while let last = all.last, last.offset >= end { all.removeLast() }
    }

    /// The marks of a shorter piece.
    package mutating func limit(toBytes count: Int) {
        guard all.count > Self.most(forBytes: count) else { return }
        let before = all
        all = []
        for mark in before { add(mark, toBytes: count) }
    }
}

extension OutputMark {
    fileprivate func isRecent(at other: Timestamp?) -> Bool {
        guard let time, let other else { return time == other }
        return other >= time && other.milliseconds - time.milliseconds < OutputMarks.resolution.milliseconds
    }
}

extension Sequence<UInt8> {
    package var lineBreakCount: Int {
        withContiguousStorageIfAvailable { bytes in
            var count = 0
            for byte in bytes where byte == UInt8(ascii: "\n") { count &+= 1 }
            return count
        } ?? reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    }
}
