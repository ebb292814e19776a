package import WorkflowModel

/// The last bytes of an attempt's output that are not written yet, with their offset.
///
/// Keeps up to a quarter more than its limit, so that dropping old bytes does not move memory with every new piece.
package struct OutputRing: Sendable {
    package let limit: Int
    /// Bytes printed altogether.
    package private(set) var printed: Int
    private var bytes: [UInt8] = []
    private var marks = OutputMarks()
    /// Line breaks printed altogether; nil when those before are not known.
    private var lineBreaks: Int?

    /// - Parameters:
    ///  - limit: bytes kept; at least 1.
    ///  - printed: bytes that were printed before.
    package init(limit: Int, printed: Int = 0) {
        self.limit = max(limit, 1)
        self.printed = printed
        lineBreaks = printed == 0 ? 0 : nil
    }

    package var isEmpty: Bool { bytes.isEmpty }

    /// Bytes held in memory.
    package var held: Int { bytes.count }

    package mutating func append(_ piece: [UInt8], to stream: TaskStream? = nil, at time: Timestamp? = nil) {
        marks.add(OutputMark(offset: printed, time: time, stream: stream), toBytes: bytes.count + piece.count)
        printed += piece.count
        lineBreaks = lineBreaks.map { $0 + piece.lineBreakCount }
        if piece.count >= limit {
            bytes = Array(piece.suffix(limit))
            return
        }
        bytes.append(contentsOf: piece)
        if bytes.count > limit + limit / 4 { trim() }
    }

    /// Takes out all bytes; nil when there are none.
    package mutating func take() -> OutputChunk? {
        trim()
        guard !bytes.isEmpty else { return nil }
        let begin = printed - bytes.count
        var marks = marks.from(begin, skipping: 0)
        marks.limit(toBytes: bytes.count)
        marks.lineBreaks = lineBreaks.map { $0 - bytes.lineBreakCount }
        let chunk = OutputChunk(offset: begin, bytes: bytes, marks: marks)
        (bytes, self.marks) = ([], OutputMarks())
        return chunk
    }

    /// Puts back bytes that could not be written, unless newer bytes have displaced them.
    package mutating func putBack(_ chunk: OutputChunk) {
        guard chunk.offset + chunk.bytes.count == printed - bytes.count else { return }
        bytes = chunk.bytes + bytes
        var joined = OutputMarks(chunk.marks.all)
        joined.join(marks, toBytes: bytes.count)
        marks = joined
        trim()
    }

    private mutating func trim() {
        if bytes.count > limit { bytes.removeFirst(bytes.count - limit) }
    }
}
