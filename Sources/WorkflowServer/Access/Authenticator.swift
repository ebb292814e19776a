import HTTPTypes
import WorkflowAPI
import WorkflowModel

/// The key of an authenticated request.
struct AccessGrant: Hashable, Sendable {
    var key: APIKey
    /// Unique for every token.
    var tokenID: String

    var tenant: Tenant { key.tenant }
}

/// Authenticates a request by its bearer token (RFC 6750).
struct Authenticator: Sendable {
    let tokens: AccessTokens
    let keys: any KeyStore
    let time: any TimeSource
    let uses: KeyUses

    /// - Throws: ``APIError`` (401) with the challenge that RFC 6750, section 3, asks for; `StoreError`.
    func grant(for authorization: String?) async throws -> AccessGrant {
        guard let authorization, let token = Self.bearerToken(in: authorization) else { throw Self.missingCredentials }
        guard token.utf8.count <= Limits.bearerToken else { throw Self.invalidToken("is too long") }
        let now = time.now
        let claims: AccessClaims
        do {
            claims = try await tokens.read(token, at: now)
        } catch {
            switch error {
            case .invalid: throw Self.invalidToken("is not one of this service")
            case .expired: throw Self.invalidToken("has expired")
            case .notYetValid: throw Self.invalidToken("is not valid yet")
            }
        }
        let found = try await keys.key(claims.sub) {
            $0.tenant.name == claims.tenant && $0.accepts(secretNumber: claims.secretNumber, at: now)
        }
        guard let key = found, key.tenant.name == claims.tenant else {
            throw Self.invalidToken("belongs to a key that was dropped")
        }
        guard key.accepts(secretNumber: claims.secretNumber, at: now) else {
            throw Self.invalidToken("was made with a secret that is no longer valid")
        }
        uses.note(key, at: now)
        return AccessGrant(key: key, tokenID: claims.jti)
    }

    /// nil for another scheme, which counts as no credentials.
    private static func bearerToken(in authorization: String) -> String? {
        let scheme = "bearer "
        guard authorization.utf8.count > scheme.utf8.count else { return nil }
        let end = authorization.utf8.index(authorization.startIndex, offsetBy: scheme.utf8.count)
        guard authorization[..<end].lowercased() == scheme else { return nil }
        return String(Substring(authorization[end...].utf8.drop { $0 == UInt8(ascii: " ") }))
    }

    static let missingCredentials = APIError(
        .unauthenticated, "This needs an access token: Authorization: Bearer TOKEN, with a token from \(Paths.token).",
        headers: [.wwwAuthenticate: "Bearer realm=\"weir\""])

    private static func invalidToken(_ reason: String) -> APIError {
        APIError(
            .unauthenticated, "The access token \(reason); get another one from \(Paths.token).",
            headers: [
                .wwwAuthenticate:
                    "Bearer realm=\"weir\", error=\"invalid_token\", error_description=\"The access token \(reason)\""
            ])
    }

    static func insufficientPolicy(_ policy: AccessPolicy, needed: AccessPolicy) -> APIError {
        forbidden("This needs a key with the policy \(needed.acceptedNames). The key has \(policy.rawValue).")
    }

    static func otherTenant(_ tenant: Tenant) -> APIError {
        forbidden("The access token is not for the tenant \(tenant.name).")
    }

    private static func forbidden(_ message: String) -> APIError {
        APIError(.forbidden, message, headers: [.wwwAuthenticate: "Bearer realm=\"weir\", error=\"insufficient_scope\""])
    }
}

extension KeyStore {
    /// The key to check a token or a session against. A remembered key may accept it, but never refuses it: another node may have
    /// changed the key since, and have made the token with its new secret.
    /// - Returns: the remembered key if it accepts, else the stored key; nil when the key was dropped.
    func key(_ id: String, accepting isAccepted: (APIKey) -> Bool) async throws -> APIKey? {
        guard let recent = try await recentKey(id) else { return nil }
        return isAccepted(recent) ? recent : try await key(id)
    }
}
