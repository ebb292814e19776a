import HTTPTypes
public import WorkflowAPI
public import WorkflowModel

/// The operations of the service, over HTTP. Everything it throws is a ``ClientError``.
///
/// A request above the rate limit waits as long as the service asks for and is sent again, ``mostWaits`` times at most.
public struct WorkflowClient: Sendable {
    public static let mostWaits = 8
    /// The longest single wait that is accepted; a service that asks for more gets no second request.
    public static let longestWait = Duration.seconds(60)

    let settings: ClientSettings
    private let transport: any ClientTransport
    private let time: any TimeSource
    private let tokens: TokenSource

    public init(
        _ settings: ClientSettings, transport: any ClientTransport = HTTPTransport(), time: any TimeSource = SystemTime()
    ) {
        self.settings = settings
        self.transport = transport
        self.time = time
        let courier = Courier(settings: settings, transport: transport)
        tokens = TokenSource(time: time) { () async throws(ClientError) in try await courier.exchange() }
    }

    /// Exchanges the key of the settings for an access token.
    public func token() async throws(ClientError) -> TokenAnswer {
        try await Courier(settings: settings, transport: transport).exchange()
    }

    /// Sends a request with tenant, version and credentials.
    /// - Throws: ``ClientError`` for every answer that is an error.
    func send(
        _ method: HTTPRequest.Method, _ path: String, query: [(name: String, value: String)] = [], headers: HTTPFields = [:],
        body: [UInt8]? = nil
    ) async throws(ClientError) -> ClientAnswer {
        var request = ClientRequest(method, settings.url + path + Self.text(of: query), headers: headers, body: body)
        request.headers[HeaderNames.version] = APIVersion.newestStable.rawValue
        if let tenant = settings.tenant { request.headers[HeaderNames.tenant] = tenant.name }
        var waits = 0
        while true {
            if let token = try await bearer() { request.headers[.authorization] = "Bearer \(token)" }
            let answer = try await transport.send(request)
            guard let refusal = APIError(status: answer.status, body: answer.body, headers: answer.headers) else {
                return answer
            }
            guard waits < Self.mostWaits, let pause = Self.pause(after: refusal, method: method) else {
                throw ClientError(refusal)
            }
            waits += 1
            do {
                try await time.sleep(for: pause)
            } catch {
                throw ClientError(refusal)
            }
        }
    }

    /// Reads an answer.
    /// - Throws: ``ClientError/Code/unreadable`` when it is not what this client knows.
    func read<Value>(_ answer: ClientAnswer, _ value: ([UInt8]) throws(JSONProblem) -> Value) throws(ClientError) -> Value {
        do {
            return try value(answer.body)
        } catch {
            throw ClientError(.unreadable, "The answer of \(settings.url) cannot be read; is it a Weir service? \(error)")
        }
    }

    private func bearer() async throws(ClientError) -> String? {
        switch settings.credentials {
        case .none: nil
        case .token(let token): token
        case .key: try await tokens.token()
        }
    }

    /// Whatever was above the limit has not been done; what met an unavailable service may have been, so that only reads come again.
    private static func pause(after refusal: APIError, method: HTTPRequest.Method) -> Duration? {
        guard refusal.kind == .rateLimited || (refusal.kind == .unavailable && method == .get),
            let seconds = refusal.headers[.retryAfter].flatMap({ Int($0) }), seconds >= 0
        else { return nil }
        let pause = Duration.seconds(max(seconds, 1))
        return pause <= longestWait ? pause : nil
    }

    private static func text(of query: [(name: String, value: String)]) -> String {
        guard !query.isEmpty else { return "" }
        return "?" + query.map { "\($0.name)=\(Paths.escaped($0.value))" }.joined(separator: "&")
    }
}
