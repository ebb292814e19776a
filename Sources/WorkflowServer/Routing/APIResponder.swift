import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import WorkflowAPI
import WorkflowModel

/// Takes every request through the same checks, in one documented order, and turns errors into answers:
///
/// 1. its size (400, 431), its path (404) and method (405), its query's form (400), and the API version (400);
/// 2. the access token (401), the tenant that is addressed (400, 403), and the key's policy (403);
/// 3. the tenant's rate limit (429);
/// 4. what the operation itself asks for: parameters, body, state.
///
/// So a client without a right to a tenant learns nothing about it, and a request that is refused earlier does not count against the limit.
struct APIResponder: Sendable {
    let routes: RouteTable<Route>
    let authenticator: Authenticator
    let addressing: TenantAddressing
    let rateLimits: RateLimits
    let requestIDs: RequestIDs
    let time: any TimeSource
    let logger: Logger

    init(_ service: APIService, logger: Logger) {
        routes = RouteTable(service.routes)
        authenticator = service.authenticator
        addressing = TenantAddressing(domain: service.settings.domain)
        rateLimits = service.rateLimits
        requestIDs = RequestIDs(random: service.random)
        time = service.time
        self.logger = logger
    }

    /// - Parameter address: the remote address.
    func respond(to request: Request, from address: String?) async throws -> Response {
        var progress = Progress(requestID: requestIDs.id(for: request))
        var response: Response
        do {
            response = try await handle(request, from: address, &progress)
        } catch  where error is CancellationError {
            throw error
        } catch {
            let answer = try ErrorAnswers.answer(for: error, logger: logger, requestID: progress.requestID)
            response = ErrorAnswers.response(answer, requestID: progress.requestID)
        }
        if request.method == .head {
            let length = response.headers[.contentLength]
            response = response.createHeadResponse()
            // That of the answer to GET. The length of a stream is unknown, and not 0 (RFC 9110, section 8.6).
            response.headers[.contentLength] = length
        }
        response.headers[HeaderNames.requestID] = progress.requestID
        response.headers[HeaderNames.version] = progress.version.rawValue
        response.headers[.xContentTypeOptions] = "nosniff"
        if let limit = progress.rateLimit {
            response.headers[HeaderNames.rateLimitPolicy] = limit.policyValue
            response.headers[HeaderNames.rateLimit] = limit.stateValue
        }
        return response
    }

    /// The results of the checks, for the headers of the answer.
    private struct Progress {
        var requestID: String
        var version = APIVersion.newestStable
        var rateLimit: RateLimitState?
    }

    private func handle(
        _ request: Request, from address: String?, _ progress: inout Progress
    ) async throws -> Response {
        let target = try RequestTarget(request)
        let (route, pathValues) = try find(request.method, target.path)
        let query = try target.query.map { text throws(APIError) in try QueryString(text) } ?? .empty
        let version = try RequestedVersion(
            headers: request.headers[values: HeaderNames.version], parameter: try query.single(APIVersion.parameterName))
        progress.version = version.version
        var call = APICall(
            request: request, requestID: progress.requestID, query: query, pathValues: pathValues, address: address,
            version: version)
        if case .policy(let policy) = route.access {
            let grant = try await authenticator.grant(for: request.headers[.authorization])
            progress.rateLimit = try await rateLimits.state(of: grant.tenant)
            try addressing.check(request, against: grant)
            guard grant.key.policy.includes(policy) else {
                throw Authenticator.insufficientPolicy(grant.key.policy, needed: policy)
            }
            progress.rateLimit = try await rateLimits.count(grant.tenant)
            call.grant = grant
        }
        // A request that only reads writes no events.
        guard request.method != .get, request.method != .head, let grant = call.grant else { return try await route.handle(call) }
        let actor = AuditActor(
            grant.key.principal, from: call.origin(session: grant.tokenID), time: time, random: requestIDs.random)
        return try await actor.act { [call] in try await route.handle(call) }
    }

    private func find(_ method: HTTPRequest.Method, _ path: Substring) throws(APIError) -> (Route, [String]) {
        switch routes.match(method, path) {
        case .found(let route, let values): return (route, values)
        case .wrongMethod(let allowed):
            let list = allowed.map(\.rawValue).joined(separator: ", ")
            throw APIError(.methodNotAllowed, "This path does not take that method. Accepted: \(list).", headers: [.allow: list])
        case .unknown:
            throw APIError(.notFound, "No endpoint has this path. \(Paths.description) describes all endpoints.")
        }
    }
}

/// The path and query of a request. Its size and that of the headers are checked first.
struct RequestTarget {
    let path: Substring
    let query: Substring?

    /// - Throws: ``APIError``: 400 for a target that is too long, 431 for too many or too large headers.
    init(_ request: Request) throws(APIError) {
        let target = request.head.path ?? "/"
        guard target.utf8.count <= Limits.requestTarget else {
            throw .invalid("The path and query are too long. Accepted: at most \(Limits.requestTarget) bytes together.")
        }
        var size = 0
        for field in request.headers { size += field.name.rawName.utf8.count + field.value.utf8.count }
        guard size <= Limits.headers, request.headers.count <= Limits.headerCount else {
            throw APIError(
                .headersTooLarge,
                "The headers are too large. Accepted: at most \(Limits.headerCount) of \(Limits.headers) bytes together.")
        }
        if let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = target[..<mark]
            query = target[target.utf8.index(after: mark)...]
        } else {
            path = target[...]
            query = nil
        }
    }
}
