import HTTPTypes
import Hummingbird
import Logging
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// Applies the same checks to every request for a page, in one order: size and form, session, policy, form token. Errors are
/// answered with a page.
struct PageResponder: Sendable {
    let service: PageService
    let routes: RouteTable<PageRoute>
    let requestIDs: RequestIDs
    let logger: Logger

    init(_ service: PageService, logger: Logger) {
        self.service = service
        self.logger = logger
        routes = RouteTable(service.routes)
        requestIDs = RequestIDs(random: service.api.random)
    }

    /// Whether a request is for a page: its path has a page, or a browser asks for an unknown path.
    func isResponsible(for request: Request, besides api: RouteTable<Route>) -> Bool {
        let target = request.head.path ?? "/"
        // A quick exit: most requests are for the API, which has no pages.
        if target.utf8.starts(with: "/api/".utf8) { return false }
        let path = target[..<(target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex)]
        guard case .unknown = routes.match(request.method, path) else { return true }
        guard case .unknown = api.match(request.method, path) else { return false }
        return request.method == .get && request.headers[.accept]?.contains("text/html") == true
    }

    func respond(to request: Request, from address: String?) async throws -> Response {
        let requestID = requestIDs.id(for: request)
        var visitor: Visitor?
        var response: Response
        do {
            response = try await handle(request, requestID: requestID, from: address, &visitor)
        } catch  where error is CancellationError {
            throw error
        } catch {
            let answer = try ErrorAnswers.answer(for: error, logger: logger, requestID: requestID)
            let page = FaultPage(
                status: answer.kind.rawValue, title: answer.kind.title, message: answer.message, requestID: requestID,
                path: String((request.head.path ?? "/").prefix { $0 != "?" }))
            response = .html(
                service.pages.document(page, for: visitor), status: answer.status, headers: answer.headers)
        }
        if request.method == .head { response = response.createHeadResponse() }
        PageHeaders.add(to: &response, requestID: requestID)
        return response
    }

    private func handle(
        _ request: Request, requestID: String, from address: String?, _ visitor: inout Visitor?
    ) async throws -> Response {
        let target = try RequestTarget(request)
        let route: PageRoute
        let values: [String]
        switch routes.match(request.method, target.path) {
        case .found(let found, let pathValues): (route, values) = (found, pathValues)
        case .wrongMethod(let allowed):
            let list = allowed.map(\.rawValue).joined(separator: ", ")
            throw APIError(.methodNotAllowed, "This address accepts \(list) only.", headers: [.allow: list])
        case .unknown: throw APIError(.notFound, "There is no page at this address.")
        }
        let query = try target.query.map { text throws(APIError) in try QueryString(text) } ?? .empty
        var call = PageCall(request: request, requestID: requestID, query: query, pathValues: values, address: address)
        call.session = Cookies.value(of: Cookies.session, in: request.headers)
        if case .policy(let policy) = route.access {
            visitor = try await service.visitor(of: call.session)
            visitor?.display = DisplayChoice(text: Cookies.value(of: Cookies.display, in: call.headers) ?? "")
            guard let visitor else { return try signIn(call, target) }
            call.visitor = visitor
            guard visitor.policy.includes(policy) else {
                throw APIError(
                    .forbidden,
                    "This page needs a key with the policy \(policy.acceptedNames); your key has \(visitor.policy.rawValue).")
            }
        }
        guard route.method == .post else { return try await route.handle(call) }
        call.form = try await form(of: call, on: route)
        guard let visitor else { return try await route.handle(call) }
        let actor = service.actor(
            Principal(id: visitor.key, name: visitor.name), from: call.origin(session: Sessions.auditName(of: call.session)))
        return try await actor.act { [call] in try await route.handle(call) }
    }

    /// Redirects a visitor without a session to the sign-in page, which returns to the requested page.
    private func signIn(_ call: PageCall, _ target: RequestTarget) throws -> Response {
        let isLive = target.path.hasSuffix("/live")
        guard !isLive, call.request.method == .get || call.request.method == .head else {
            throw APIError(.unauthenticated, "You are not signed in; sign in again.")
        }
        let wanted = String(target.path) + (target.query.map { "?\($0)" } ?? "")
        let place = "\(PageAddress.signIn)?next=\(Paths.escaped(wanted))"
        // A link on another site arrives without the cookie (SameSite=Strict). A second request from this page carries it.
        guard call.headers[.fetchSite] == "cross-site" else { return .seeOther(place) }
        let page = FaultPage(
            status: 200, title: "One moment", message: "This page opens in a moment.", requestID: call.requestID)
        return .html(service.pages.document(page, for: nil), headers: [.refresh: "0"])
    }

    /// Reads a form and checks its token, which only a page of the same session or visit contains.
    private func form(of call: PageCall, on route: PageRoute) async throws -> QueryString {
        let inner = APICall(request: call.request, requestID: call.requestID, query: call.query, pathValues: call.pathValues)
        guard inner.mediaType == "application/x-www-form-urlencoded" else {
            throw APIError(.unsupportedMediaType, "Send the form as application/x-www-form-urlencoded.")
        }
        let form = try QueryString(String(buffer: try await inner.body(upTo: route.formBytes)), valuesUpTo: route.fieldBytes)
        let expected =
            call.visitor?.formToken
            ?? Cookies.value(of: Cookies.visit, in: call.headers).map(service.sessions.formToken(forVisit:))
        guard let expected, let sent = try form.single("form_token"), Sessions.areEqual(sent, expected) else {
            throw APIError(
                .forbidden, "This form does not belong to your session, or has expired; go back, reload the page and try again.")
        }
        return form
    }
}

extension APIError.Kind {
    fileprivate var title: String {
        switch self {
        case .invalid: "Invalid address or form"
        case .unauthenticated: "Not signed in"
        case .forbidden: "Not allowed"
        case .notFound: "Page not found"
        case .methodNotAllowed: "Method not allowed"
        case .conflict, .keyMismatch: "Not possible now"
        case .tooLarge, .headersTooLarge, .notAcceptable, .unsupportedMediaType: "Request not accepted"
        case .rateLimited: "Too many requests"
        case .failed: "Something went wrong"
        case .unavailable: "Unavailable"
        }
    }
}
