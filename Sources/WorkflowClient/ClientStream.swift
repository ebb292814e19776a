public import HTTPTypes

/// An answer whose body arrives in pieces.
public struct ClientStream: Sendable {
    public var status: Int
    public var headers: HTTPFields
    public var body: ClientBytes

    public init(status: Int, headers: HTTPFields = [:], body: ClientBytes) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Bytes in pieces, as they arrive; read once. The service sends no faster than they are read.
///
/// Iterating throws ``ClientError`` when the connection is lost before the end: what has arrived is then not complete.
public struct ClientBytes: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = ClientError

    public struct AsyncIterator: AsyncIteratorProtocol {
        public typealias Failure = ClientError

        fileprivate let read: Reader

        public mutating func next() async throws(ClientError) -> [UInt8]? { try await read() }
    }

    /// Reads the next piece; nil at the end.
    public typealias Reader = () async throws(ClientError) -> [UInt8]?

    private let makeReader: @Sendable () -> Reader

    /// - Parameter makeReader: called once for each iteration.
    public init(_ makeReader: @escaping @Sendable () -> Reader) {
        self.makeReader = makeReader
    }

    /// All bytes in one piece.
    public init(_ bytes: [UInt8]) {
        self.init {
            var rest: [UInt8]? = bytes
            return { () async throws(ClientError) in
                defer { rest = nil }
                return rest
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(read: makeReader()) }

    /// Reads everything.
    /// - Throws: ``ClientError/Code/unreadable`` when there are more bytes than `limit`.
    func collected(upTo limit: Int) async throws(ClientError) -> [UInt8] {
        var bytes: [UInt8] = []
        let read = makeReader()
        while let piece = try await read() {
            guard bytes.count + piece.count <= limit else {
                throw ClientError(.unreadable, "The answer of the service is too large.")
            }
            bytes += piece
        }
        return bytes
    }
}
