public import HTTPTypes

/// Sends requests to the service: over HTTP, or to a script in tests.
public protocol ClientTransport: Sendable {
    /// - Returns: the answer, whatever its status.
    /// - Throws: ``ClientError`` with the codes `unreachable`, `timedOut`, `unreadable` and `invalidAddress`.
    func send(_ request: ClientRequest) async throws(ClientError) -> ClientAnswer

    /// Sends a request whose answer may be long. The timeout of the request is for the beginning of the answer.
    func stream(_ request: ClientRequest) async throws(ClientError) -> ClientStream
}

extension ClientTransport {
    /// For transports that have no streams: the whole answer in one piece.
    public func stream(_ request: ClientRequest) async throws(ClientError) -> ClientStream {
        let answer = try await send(request)
        return ClientStream(status: answer.status, headers: answer.headers, body: ClientBytes(answer.body))
    }
}

public struct ClientRequest: Hashable, Sendable {
    public var method: HTTPRequest.Method
    /// The whole address, with the query.
    public var url: String
    public var headers: HTTPFields
    public var body: [UInt8]?
    /// The time limit for the answer.
    public var timeout: Duration

    public init(
        _ method: HTTPRequest.Method, _ url: String, headers: HTTPFields = [:], body: [UInt8]? = nil,
        timeout: Duration = .seconds(60)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}

public struct ClientAnswer: Hashable, Sendable {
    public var status: Int
    public var headers: HTTPFields
    public var body: [UInt8]

    public init(status: Int, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
