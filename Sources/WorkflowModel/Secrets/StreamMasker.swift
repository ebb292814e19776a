/// Masks secrets in the output of two streams that becomes one text.
///
/// A secret is found in each stream, whatever the other one prints in between. It is also found in the text of both, where a part of
/// it was printed to one stream and the rest to the other. The second search begins with the output of the second stream, so that
/// work with one stream pays for one search.
public struct StreamMasker: Sendable {
    public struct Piece: Hashable, Sendable {
        public var stream: TaskStream
        public var bytes: [UInt8]
    }

    /// Bytes of the first stream, before the output of the second one, in which a secret may begin that ends in the second one.
    private static let remembered = 256

    private let mask: SecretMask
    private var stdout: SecretMasker
    private var stderr: SecretMasker
    /// The first stream with output.
    private var first: TaskStream?
    private var recent: [UInt8] = []
    /// Reads the text of both streams; nil while there is only one.
    private var joined: SecretMasker?
    /// The streams of the text that ``joined`` has not passed on.
    private var parts: [(stream: TaskStream, end: Int)] = []

    public init(_ mask: SecretMask) {
        self.mask = mask
        stdout = SecretMasker(mask)
        stderr = SecretMasker(mask)
    }

    /// - Returns: the bytes that can be passed on, in their order.
    public mutating func mask(_ bytes: [UInt8], from stream: TaskStream) -> [Piece] {
        let passed =
            switch stream {
            case .stdout: stdout.mask(bytes)
            case .stderr: stderr.mask(bytes)
            }
        return passOn(passed, from: stream)
    }

    /// - Returns: the bytes that waited.
    public mutating func finish() -> [Piece] {
        var pieces = passOn(stdout.finish(), from: .stdout)
        pieces += passOn(stderr.finish(), from: .stderr)
        joined?.endReading()
        return pieces + joinedPieces(upTo: joined?.end ?? 0)
    }

    private mutating func passOn(_ bytes: [UInt8], from stream: TaskStream) -> [Piece] {
        guard !bytes.isEmpty else { return [] }
        if joined == nil {
            if first == nil || first == stream {
                first = stream
                recent = Array((recent + bytes.suffix(Self.remembered)).suffix(Self.remembered))
                return [Piece(stream: stream, bytes: bytes)]
            }
            var joined = SecretMasker(mask)
            joined.read(recent)
            // Passed on before: only what follows can still be masked.
            _ = joined.passOn(upTo: joined.end)
            self.joined = joined
        }
        joined?.read(bytes)
        let end = joined?.end ?? 0
        if let last = parts.indices.last, parts[last].stream == stream {
            parts[last].end = end
        } else {
            parts.append((stream, end))
        }
        return joinedPieces(upTo: joined?.certain ?? 0)
    }

    private mutating func joinedPieces(upTo place: Int) -> [Piece] {
        var pieces: [Piece] = []
        while let part = parts.first, let begin = joined?.begin, begin < place {
            let bytes = joined?.passOn(upTo: min(place, part.end)) ?? []
            if !bytes.isEmpty { pieces.append(Piece(stream: part.stream, bytes: bytes)) }
            guard let reached = joined?.begin, reached >= part.end else { break }
            parts.removeFirst()
        }
        return pieces
    }
}
