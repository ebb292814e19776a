package import WorkflowModel

/// The last bytes of an attempt's output that are not written yet, with their offset.
///
/// Keeps up to a quarter more than its limit, so that dropping old bytes does not move memory with every new piece.
package struct OutputRing: Sendable {
    package let limit: Int
    /// Bytes printed altogether.
    package private(set) var printed: Int
    private var bytes: [UInt8] = []

    /// - Parameters:
    ///  - limit: bytes kept; at least 1.
    ///  - printed: bytes that were printed before.
    package init(limit: Int, printed: Int = 0) {
        self.limit = max(limit, 1)
        self.printed = printed
    }

    package var isEmpty: Bool { bytes.isEmpty }

    /// Bytes held in memory.
    package var held: Int { bytes.count }

    package mutating func append(_ piece: [UInt8]) {
        printed += piece.count
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
        let chunk = OutputChunk(offset: printed - bytes.count, bytes: bytes)
        bytes = []
        return chunk
    }

    /// Puts back bytes that could not be written, unless newer bytes have displaced them.
    package mutating func putBack(_ chunk: OutputChunk) {
        guard chunk.offset + chunk.bytes.count == printed - bytes.count else { return }
        bytes = chunk.bytes + bytes
        trim()
    }

    private mutating func trim() {
        if bytes.count > limit { bytes.removeFirst(bytes.count - limit) }
    }
}
