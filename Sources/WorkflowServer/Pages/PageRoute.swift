import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// The route of a page or of a form's action.
struct PageRoute: Routable {
    var method: HTTPRequest.Method
    var path: String
    var access: Route.Access
    /// Bytes of a field of its form.
    var fieldBytes = Limits.parameterValue
    var handle: @Sendable (PageCall) async throws -> Response

    /// Bytes of its form: in a long field, each may take three.
    var formBytes: Int { Limits.formBody + (fieldBytes > Limits.parameterValue ? 3 * fieldBytes : 0) }

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Route.Access, fieldBytes: Int = Limits.parameterValue,
        handle: @escaping @Sendable (PageCall) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.fieldBytes = fieldBytes
        self.handle = handle
    }
}

/// A request for a page and the results of its checks.
struct PageCall: Sendable {
    var request: Request
    var requestID: String
    var query: QueryString
    /// The values of the path's placeholders, unescaped, in order.
    var pathValues: [String]
    /// The remote address.
    var address: String?
    /// The session cookie, unchecked.
    var session: String?
    /// nil on open routes.
    var visitor: Visitor?
    /// The fields of the form, after the check of its token; empty without a form.
    var form = QueryString.empty

    var headers: HTTPFields { request.headers }

    /// Where the request came from, for the audit log.
    /// - Parameter session: names the session; nil without one.
    func origin(session: String?) -> AuditOrigin {
        AuditOrigin(client: headers[.userAgent], at: address, session: session)
    }

    /// - Throws: ``APIError`` (401) on an open route; handlers of open routes do not call it.
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

    /// - Throws: ``APIError`` (404) for a text that cannot be the id of a run.
    func runID() throws(APIError) -> RunID {
        guard let text = pathValues.first, APICall.isPossibleID(text) else { throw APICall.noSuchRun }
        return RunID(rawValue: text)
    }

    /// Whether a single answer is requested instead of a stream.
    var wantsOneAnswer: Bool { query.pairs.contains { $0.name == "once" } }
    /// The position of a client that reconnects.
    var lastEventID: String? { headers[HTTPField.Name.lastEventID] }
    /// The tag of the version that a client shows: of the last event, or else of the page itself.
    var seenTag: String? { lastEventID ?? query.pairs.first { $0.name == "seen" }?.value }
}

extension HTTPField.Name {
    static let lastEventID = known("Last-Event-ID")
    static let refresh = known("Refresh")
    static let fetchSite = known("Sec-Fetch-Site")
}
