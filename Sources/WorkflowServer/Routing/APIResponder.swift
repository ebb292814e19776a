import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import WorkflowAPI
import WorkflowModel

/// Takes every request through the same checks, in one documented order, and turns whatever goes wrong into an answer:
///
/// 1. its size (400, 431), its path (404) and method (405), its query's form (400), and the API version (400);
/// 2. the access token (401), the tenant that is addressed (400, 403), and the key's policy (403);
/// 3. the tenant's rate limit (429);
/// 4. what the operation itself asks for: parameters, body, state.
///
/// So nobody learns anything about a tenant without a right to it, and what is refused before the limit does not count against it.
struct APIResponder: Sendable {
    let routes: RouteTable<Route>
    let authenticator: Authenticator
    let addressing: TenantAddressing
    let rateLimits: RateLimits
    let requestIDs: RequestIDs
    let logger: Logger

    init(_ service: APIService, logger: Logger) {
        routes = RouteTable(service.routes)
        authenticator = service.authenticator
        addressing = TenantAddressing(domain: service.settings.domain)
        rateLimits = RateLimits(
            store: service.store, buckets: service.buckets, time: service.time, standard: service.settings.rateLimit)
        requestIDs = RequestIDs(random: service.random)
        self.logger = logger
    }

    func respond(to request: Request) async throws -> Response {
        var progress = Progress(requestID: requestIDs.id(for: request))
        var response: Response
        do {
            response = try await handle(request, &progress)
        } catch  where error is CancellationError {
            throw error
        } catch {
            let answer = try ErrorAnswers.answer(for: error, logger: logger, requestID: progress.requestID)
            response = ErrorAnswers.response(answer, requestID: progress.requestID)
        }
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[HeaderNames.requestID] = progress.requestID
        response.headers[HeaderNames.version] = progress.version.rawValue
        response.headers[.xContentTypeOptions] = "nosniff"
        if let limit = progress.rateLimit {
            response.headers[HeaderNames.rateLimitPolicy] = limit.policyValue
            response.headers[HeaderNames.rateLimit] = limit.stateValue
        }
        return response
    }

    /// What is known of a request by the time that it succeeds or fails.
    private struct Progress {
        var requestID: String
        var version = APIVersion.newestStable
        var rateLimit: RateLimitState?
    }

    private func handle(_ request: Request, _ progress: inout Progress) async throws -> Response {
        let target = try RequestTarget(request)
        let (route, pathValues) = try find(request.method, target.path)
        let query = try target.query.map { text throws(APIError) in try QueryString(text) } ?? .empty
        progress.version = try APIVersion.requested(
            header: request.headers[HeaderNames.version], parameter: try query.single(APIVersion.parameterName))
        var call = APICall(request: request, requestID: progress.requestID, query: query, pathValues: pathValues)
        if case .policy(let policy) = route.access {
            let grant = try await authenticator.grant(for: request.headers[.authorization])
            progress.rateLimit = try await rateLimits.standing(of: grant.tenant)
            try addressing.check(request, against: grant)
            guard grant.key.policy >= policy else { throw Authenticator.insufficientPolicy(grant.key.policy, needed: policy) }
            progress.rateLimit = try await rateLimits.count(grant.tenant)
            call.grant = grant
        }
        return try await route.handle(call)
    }

    private func find(_ method: HTTPRequest.Method, _ path: Substring) throws(APIError) -> (Route, [String]) {
        switch routes.match(method, path) {
        case .found(let route, let values): return (route, values)
        case .wrongMethod(let allowed):
            let list = allowed.map(\.rawValue).joined(separator: ", ")
            throw APIError(.methodNotAllowed, "This path does not take that method; it takes \(list).", headers: [.allow: list])
        case .unknown:
            throw APIError(.notFound, "There is nothing at this path; \(Paths.description) describes what there is.")
        }
    }
}

/// A request's target, taken apart, once its size and that of the headers have been checked.
struct RequestTarget {
    let path: Substring
    let query: Substring?

    /// - Throws: ``APIError``: 400 for a target that is too long, 431 for too many or too large headers.
    init(_ request: Request) throws(APIError) {
        let target = request.head.path ?? "/"
        guard target.utf8.count <= Limits.requestTarget else {
            throw .invalid("The path and query are too long together; at most \(Limits.requestTarget) bytes are accepted.")
        }
        var size = 0
        for field in request.headers { size += field.name.rawName.utf8.count + field.value.utf8.count }
        guard size <= Limits.headers, request.headers.count <= Limits.headerCount else {
            throw APIError(
                .headersTooLarge,
                "The headers are too large; at most \(Limits.headerCount) of \(Limits.headers) bytes together are accepted.")
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
