import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// Access tokens: exchanged for client credentials (RFC 6749, sections 4.4 and 5), or issued of a key by an administrator.
struct TokenRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [
            Route(AccessEndpoints.exchange) { call in try await exchange(call) },
            Route(AccessEndpoints.issue) { call in try await issue(call) },
        ]
    }

    /// Issues a token of any key of the tenant. It carries the number of the key's current secret, so that a rotation shortens its life
    /// like that of any other token.
    private func issue(_ call: APICall) async throws -> Response {
        let tenant = try call.granted().tenant
        let now = service.time.now
        let request = try IssueRequest(body: try await call.jsonBody(of: AccessEndpoints.issue), at: now)
        guard let id = call.pathValues.first, APICall.isPossibleID(id), let key = try await service.stores.keys.key(id),
            key.tenant == tenant
        else { throw Self.noSuchKey }
        let answer = try await service.tokens.sign(for: key, at: now, until: request.expiresAt, random: service.random)
        let grant = try call.granted()
        try await service.record(.tokenIssued, about: key, by: grant.key.principal, from: call.origin(session: grant.tokenID))
        return Response(status: .ok, headers: Self.headers, body: ResponseBody(byteBuffer: answer.document))
    }

    /// The same answer for a key that does not exist and for another tenant's.
    private static let noSuchKey = APIError(.notFound, "There is no API key with that id.")

    private func exchange(_ call: APICall) async throws -> Response {
        do {
            guard call.mediaType == "application/x-www-form-urlencoded" else {
                throw TokenRefusal(.invalidRequest, "The body has to be application/x-www-form-urlencoded.")
            }
            let body = try await call.body(of: AccessEndpoints.exchange)
            let credentials = try ClientCredentials(form: String(buffer: body), authorization: call.headers[.authorization])
            let refusal = TokenRefusal(.invalidClient, "The client id is unknown, or the secret is not its own.")
            guard let key = try await service.stores.keys.key(credentials.id) else { throw refusal }
            guard SecretHash.matches(credentials.secret, key.secretHash) else {
                try await service.recordRefusal(.tokenRefused, of: key, from: call.origin())
                throw refusal
            }
            let now = service.time.now
            service.keyUses.note(key, at: now)
            var answer = try await service.tokens.sign(
                for: key, at: now, until: now + service.settings.tokenLifetime, random: service.random)
            answer.expiresAt = nil
            try await service.record(.tokenExchanged, about: key, by: key.principal, from: call.origin())
            return Response(status: .ok, headers: Self.headers, body: ResponseBody(byteBuffer: answer.document))
        } catch let refusal as TokenRefusal {
            return Self.response(refusal, usedBasic: call.headers[.authorization] != nil)
        }
    }

    /// RFC 6749, section 5.1: caches must not keep an answer with a token.
    private static let headers: HTTPFields = [
        .contentType: "application/json", .cacheControl: "no-store", .pragma: "no-cache",
    ]

    private static func response(_ refusal: TokenRefusal, usedBasic: Bool) -> Response {
        var headers = headers
        if refusal.code == .invalidClient {
            headers[.wwwAuthenticate] = usedBasic ? "Basic realm=\"weir\"" : "Bearer realm=\"weir\""
        }
        return Response(
            status: .init(code: refusal.code.status), headers: headers, body: ResponseBody(byteBuffer: refusal.document))
    }
}

extension HTTPField.Name {
    /// For caches older than `Cache-Control`; RFC 6749, section 5.1, requires it.
    fileprivate static let pragma = known("Pragma")
}

/// A client's id and secret, from the form or from HTTP Basic.
struct ClientCredentials: Hashable {
    var id: String
    var secret: String

    /// - Throws: ``TokenRefusal``
    init(form text: String, authorization: String?) throws(TokenRefusal) {
        let form = try Self.form(text)
        if let type = form["grant_type"], type != "client_credentials" {
            throw TokenRefusal(.unsupportedGrantType, "The grant_type has to be client_credentials.")
        }
        if let authorization {
            guard form["client_secret"] == nil else {
                throw TokenRefusal(.invalidRequest, "There are credentials in the header and in the form; send them once.")
            }
            self = try Self.basic(authorization)
            if let other = form["client_id"], other != id {
                throw TokenRefusal(.invalidRequest, "The client_id in the form is not the one in the header.")
            }
            return
        }
        guard let id = form["client_id"], let secret = form["client_secret"], !id.isEmpty, !secret.isEmpty else {
            throw TokenRefusal(.invalidClient, "There are no credentials; send client_id and client_secret, or HTTP Basic.")
        }
        self.init(id: id, secret: secret)
    }

    private init(id: String, secret: String) {
        self.id = id
        self.secret = secret
    }

    /// Unknown fields are ignored, repeated ones refused (RFC 6749, section 3.2).
    private static func form(_ text: String) throws(TokenRefusal) -> [String: String] {
        let query: QueryString
        do {
            query = try QueryString(text)
        } catch {
            throw TokenRefusal(.invalidRequest, "The form is invalid. \(error.message)")
        }
        var fields: [String: String] = [:]
        for pair in query.pairs where !pair.value.isEmpty {
            guard fields.updateValue(pair.value, forKey: pair.name) == nil else {
                throw TokenRefusal(.invalidRequest, "A field appears more than once. Send it once.")
            }
        }
        return fields
    }

    /// RFC 6749, section 2.3.1: id and secret are form-encoded before they are joined by a colon.
    private static func basic(_ authorization: String) throws(TokenRefusal) -> ClientCredentials {
        let refusal = TokenRefusal(.invalidClient, "The Authorization header is not HTTP Basic with a client id and its secret.")
        let parts = authorization.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "basic" else { throw refusal }
        let encoded = parts[1].map { character -> Character in character == "+" ? "-" : character == "/" ? "_" : character }
        guard let bytes = Base64URL.decode(String(encoded.filter { $0 != "=" })),
            let text = String(validating: bytes, as: UTF8.self),
            let colon = text.firstIndex(of: ":"),
            let id = PathEscapes.unescaped(text[..<colon].utf8),
            let secret = PathEscapes.unescaped(text[colon...].dropFirst().utf8),
            !id.isEmpty, !secret.isEmpty
        else { throw refusal }
        return ClientCredentials(id: id, secret: secret)
    }
}
