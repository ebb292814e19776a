import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel

/// The token endpoint: client credentials for an access token (RFC 6749, sections 4.4 and 5).
struct TokenRoutes: Sendable {
    let service: APIService

    var routes: [Route] {
        [Route(.post, Paths.token, .open) { call in try await issue(call) }]
    }

    private func issue(_ call: APICall) async throws -> Response {
        guard call.mediaType == "application/x-www-form-urlencoded" else {
            throw APIError(.unsupportedMediaType, "The body has to be application/x-www-form-urlencoded.")
        }
        let body = try await call.body(upTo: Limits.tokenBody)
        do {
            let credentials = try ClientCredentials(form: String(buffer: body), authorization: call.headers[.authorization])
            guard let key = try await service.store.keyOfAnyTenant(credentials.id),
                SecretHash.matches(credentials.secret, key.secretHash)
            else { throw TokenRefusal(.invalidClient, "The client id is unknown, or the secret is not its own.") }
            let now = service.time.now
            service.keyUses.note(key, at: now)
            let token = try await service.tokens.sign(
                for: key, at: now, lifetime: service.settings.tokenLifetime, random: service.random)
            let answer = TokenAnswer(accessToken: token, expiresIn: Int(service.settings.tokenLifetime.milliseconds / 1_000))
            return Response(status: .ok, headers: Self.headers, body: ResponseBody(byteBuffer: answer.document))
        } catch let refusal as TokenRefusal {
            return Self.response(refusal, usedBasic: call.headers[.authorization] != nil)
        }
    }

    /// RFC 6749, section 5.1: what holds a token must not be kept by caches.
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
    /// For caches that are older than `Cache-Control`; RFC 6749, section 5.1, asks for it.
    fileprivate static var pragma: HTTPField.Name { HTTPField.Name("Pragma") ?? .cacheControl }
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

    /// Fields that are not known are passed over (RFC 6749, section 3.2); one that is there twice is not.
    private static func form(_ text: String) throws(TokenRefusal) -> [String: String] {
        let query: QueryString
        do {
            query = try QueryString(text)
        } catch {
            throw TokenRefusal(.invalidRequest, "The form cannot be read. \(error.message)")
        }
        var fields: [String: String] = [:]
        for pair in query.pairs where !pair.value.isEmpty {
            guard fields.updateValue(pair.value, forKey: pair.name) == nil else {
                throw TokenRefusal(.invalidRequest, "A field is there more than once; send it once.")
            }
        }
        return fields
    }

    /// RFC 6749, section 2.3.1: id and secret are form-encoded before they are put together.
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
