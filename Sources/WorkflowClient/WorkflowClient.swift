import HTTPTypes
import NIOCore
public import WorkflowAPI
public import WorkflowModel

/// The operations of the service, over HTTP. Everything it throws is a ``ClientError``.
///
/// A request that the service asks to repeat later (`Retry-After`) is repeated after that time, at most ``mostWaits`` times.
public struct WorkflowClient: Sendable {
    public static let mostWaits = 8
    /// The longest single wait. A request that has to wait longer is not repeated.
    public static let longestWait = Duration.seconds(60)

    let settings: ClientSettings
    private let transport: any ClientTransport
    private let tokens: TokenSource

    /// - Parameter waiting: called before each wait, with its length and the reason that the service gave.
    public init(
        _ settings: ClientSettings, transport: any ClientTransport = HTTPTransport(), time: any TimeSource = SystemTime(),
        waiting: @escaping @Sendable (Duration, APIError) -> Void = { _, _ in }
    ) {
        self.settings = settings
        self.transport = PatientTransport(base: transport, time: time, waiting: waiting)
        let tokenExchange = TokenExchange(settings: settings, transport: self.transport)
        tokens = TokenSource(time: time) { () async throws(ClientError) in try await tokenExchange.exchange() }
    }

    /// Exchanges the key of the settings for an access token.
    public func token() async throws(ClientError) -> TokenAnswer {
        try await TokenExchange(settings: settings, transport: transport).exchange()
    }

    /// Issues a token of a key of the tenant. The credentials need the policy for it.
    public func issueToken(of key: String, expiringAt end: Timestamp) async throws(ClientError) -> TokenAnswer {
        let answer = try await send(AccessEndpoints.issue, key, json: IssueRequest(expiresAt: end).document)
        return try read(answer, TokenAnswer.init(json:))
    }

    /// Sends a request with a JSON body.
    func send(
        _ endpoint: Endpoint, _ values: String..., headers: HTTPFields = [:], json: ByteBuffer
    ) async throws(ClientError) -> ClientAnswer {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await send(endpoint, at: values, query: [], headers: headers, body: Array(json.readableBytesView))
    }

    /// Sends a request with tenant, version and credentials.
    /// - Parameters:
    ///   - values: for the names in the endpoint's path, in their order.
    ///   - query: what is nil is left out.
    /// - Throws: ``ClientError`` for every answer that is an error.
    func send(
        _ endpoint: Endpoint, _ values: String..., query: [(name: String, value: String)?] = [], headers: HTTPFields = [:],
        body: [UInt8]? = nil
    ) async throws(ClientError) -> ClientAnswer {
        try await send(endpoint, at: values, query: query.compactMap { $0 }, headers: headers, body: body)
    }

    /// Sends a request without a body whose answer may be long.
    func stream(
        _ endpoint: Endpoint, query: [(name: String, value: String)], headers: HTTPFields
    ) async throws(ClientError) -> ClientBytes {
        let request = try await request(endpoint, at: [], query: query, headers: headers, body: nil)
        let answer = try await transport.stream(request)
        guard APIError.Kind(status: answer.status) != nil else { return answer.body }
        let body = try await answer.body.collected(upTo: HTTPTransport.largestAnswer)
        try await check(ClientAnswer(status: answer.status, headers: answer.headers, body: body))
        return ClientBytes([])
    }

    private func send(
        _ endpoint: Endpoint, at values: [String], query: [(name: String, value: String)], headers: HTTPFields, body: [UInt8]?
    ) async throws(ClientError) -> ClientAnswer {
        let answer = try await transport.send(try await request(endpoint, at: values, query: query, headers: headers, body: body))
        try await check(answer)
        return answer
    }

    private func request(
        _ endpoint: Endpoint, at values: [String], query: [(name: String, value: String)], headers: HTTPFields, body: [UInt8]?
    ) async throws(ClientError) -> ClientRequest {
        let url = settings.url + endpoint.path.filled(with: values) + Self.text(of: query)
        var request = ClientRequest(endpoint.method, url, headers: headers, body: body)
        request.headers[HeaderNames.version] = APIVersion.newestStable.rawValue
        if let tenant = settings.tenant { request.headers[HeaderNames.tenant] = tenant.name }
        if let token = try await bearer() { request.headers[.authorization] = "Bearer \(token)" }
        return request
    }

    /// - Throws: ``ClientError`` for an answer that is an error.
    private func check(_ answer: ClientAnswer) async throws(ClientError) {
        guard let refusal = APIError(status: answer.status, body: answer.body, headers: answer.headers) else { return }
        // A wrong path in the address looks like a missing run.
        if refusal.kind == .notFound, settings.hasPath, await !isService() { throw .notAService(settings.url) }
        var error = ClientError(refusal)
        if refusal.kind == .unauthenticated { error.presented = settings.credentials.presented }
        throw error
    }

    /// Reads an answer.
    /// - Throws: ``ClientError/Code/unreadable`` when it is not the expected one.
    func read<Value>(_ answer: ClientAnswer, _ value: ([UInt8]) throws(JSONProblem) -> Value) throws(ClientError) -> Value {
        do {
            return try value(answer.body)
        } catch {
            throw ClientError(.unreadable, "The answer of \(settings.url) cannot be read; is it a Weir service? \(error)")
        }
    }

    /// Whether a service answers at the address of the settings.
    private func isService() async -> Bool {
        let answer = try? await transport.send(ClientRequest(.get, settings.url + Paths.health))
        return answer.map { $0.status != 404 } ?? true
    }

    private func bearer() async throws(ClientError) -> String? {
        switch settings.credentials {
        case .none: nil
        case .token(let token): token
        case .key: try await tokens.token()
        }
    }

    private static func text(of query: [(name: String, value: String)]) -> String {
        guard !query.isEmpty else { return "" }
        return "?" + query.map { "\($0.name)=\(Paths.escaped($0.value))" }.joined(separator: "&")
    }
}
