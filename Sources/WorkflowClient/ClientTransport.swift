public import HTTPTypes

/// Carries requests to the service: over HTTP, or to a script in tests.
public protocol ClientTransport: Sendable {
    /// - Returns: the answer, whatever its status.
    /// - Throws: ``ClientError`` with the codes `unreachable`, `timedOut`, `unreadable` and `invalidAddress`.
    func send(_ request: ClientRequest) async throws(ClientError) -> ClientAnswer
}

public struct ClientRequest: Hashable, Sendable {
    public var method: HTTPRequest.Method
    /// The whole address, with its query.
    public var url: String
    public var headers: HTTPFields
    public var body: [UInt8]?
    /// How long the answer may take.
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
