import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// A page, or something that a form of one does.
struct PageRoute: Routable {
    var method: HTTPRequest.Method
    var path: String
    var access: Route.Access
    var handle: @Sendable (PageCall) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Route.Access,
        handle: @escaping @Sendable (PageCall) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.handle = handle
    }
}

/// A request for a page on its way, and what has been found out about it.
struct PageCall: Sendable {
    var request: Request
    var requestID: String
    var query: QueryString
    /// What stands for the names in braces in the route's path, unescaped, in their order.
    var pathValues: [String]
    /// The address that it came from.
    var address: String?
    /// The session as the browser sent it.
    var session: String?
    /// Who asks; nil on open routes.
    var visitor: Visitor?
    /// What a form sent, its token checked; empty for a request without a form.
    var form = QueryString.empty

    var headers: HTTPFields { request.headers }

    /// - Throws: ``APIError`` (401) on an open route, where no handler asks for it.
    func known() throws(APIError) -> Visitor {
        guard let visitor else { throw APIError(.unauthenticated, "Sign in first.") }
        return visitor
    }

    var parameters: [(name: String, value: String)] {
        query.pairs.map { (name: $0.name, value: $0.value) }
    }

    /// A parameter of the query; nil when it is missing or empty.
    func parameter(_ name: String) throws(APIError) -> String? {
        try query.single(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A field of the form; empty when it is missing.
    func field(_ name: String) throws(APIError) -> String {
        try form.single(name) ?? ""
    }

    /// - Throws: ``APIError`` (404) for what no run can have for an id.
    func runID() throws(APIError) -> RunID {
        guard let text = pathValues.first, APICall.isPossibleID(text) else { throw APICall.noSuchRun }
        return RunID(rawValue: text)
    }

    /// Whether one answer is wanted in place of a stream.
    var wantsOneAnswer: Bool { query.pairs.contains { $0.name == "once" } }
    /// Where a client that comes back stood.
    var lastEventID: String? { headers[HTTPField.Name.lastEventID] }
}

extension HTTPField.Name {
    static var lastEventID: HTTPField.Name { HTTPField.Name("Last-Event-ID") ?? .ifMatch }
    static var refresh: HTTPField.Name { HTTPField.Name("Refresh") ?? .location }
    static var fetchSite: HTTPField.Name { HTTPField.Name("Sec-Fetch-Site") ?? .origin }
}
