package import WorkflowModel

/// What an attempt printed and nobody has written down yet: the last bytes of it, and where they belong.
///
/// It holds a quarter more than its limit at most, so that what is dropped is not moved about with every piece that comes.
package struct OutputRing: Sendable {
    package let limit: Int
    /// How much was printed altogether, in bytes.
    package private(set) var printed = 0
    private var bytes: [UInt8] = []

    /// - Parameter limit: bytes kept; at least 1.
    package init(limit: Int) {
        self.limit = max(limit, 1)
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

    /// Takes out everything that is held; nil when that is nothing.
    package mutating func take() -> OutputChunk? {
        trim()
        guard !bytes.isEmpty else { return nil }
        let chunk = OutputChunk(offset: printed - bytes.count, bytes: bytes)
        bytes = []
        return chunk
    }

    /// Puts back what could not be written, as far as nothing newer has taken its place.
    package mutating func putBack(_ chunk: OutputChunk) {
        guard chunk.offset + chunk.bytes.count == printed - bytes.count else { return }
        bytes = chunk.bytes + bytes
        trim()
    }

    private mutating func trim() {
        if bytes.count > limit { bytes.removeFirst(bytes.count - limit) }
    }
}
