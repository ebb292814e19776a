/// The lines of a stream, without their ends. An empty line is left out.
public struct ClientLines: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = ClientError

    private let bytes: ClientBytes

    init(_ bytes: ClientBytes) {
        self.bytes = bytes
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        public typealias Failure = ClientError

        fileprivate var pieces: ClientBytes.AsyncIterator
        private var rest: [UInt8] = []
        private var start = 0
        private var hasEnded = false

        fileprivate init(_ pieces: ClientBytes.AsyncIterator) {
            self.pieces = pieces
        }

        public mutating func next() async throws(ClientError) -> [UInt8]? {
            var searched = start
            while true {
                if let end = rest[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                    let line = rest[start..<end]
                    start = end + 1
                    searched = start
                    if !line.isEmpty { return Array(line) }
                    continue
                }
                searched = rest.count
                guard !hasEnded else { return lastLine() }
                if let piece = try await pieces.next() {
                    rest.removeFirst(start)
                    searched -= start
                    start = 0
                    rest += piece
                } else {
                    hasEnded = true
                }
            }
        }

        private mutating func lastLine() -> [UInt8]? {
            guard start < rest.count else { return nil }
            defer { start = rest.count }
            return Array(rest[start...])
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(bytes.makeAsyncIterator()) }
}

extension ClientBytes {
    /// The same bytes, line by line.
    public var lines: ClientLines { ClientLines(self) }
}
