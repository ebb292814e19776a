import JWTKit
import Synchronization
import WorkflowAPI
import WorkflowModel

/// Signs and verifies access tokens: JWTs (RFC 7519) with HS256 and no other algorithm, whatever a token claims (RFC 8725).
struct AccessTokens: Sendable {
    /// The name of the signing key among the service's secrets, and its length in bytes.
    static let secretName = "token-signing"
    static let secretLength = 32

    private static let algorithm = "HS256"
    private static let type = "JWT"
    /// Seconds that the clocks of two nodes may differ by before one refuses a new token of the other.
    private static let clockSkew = 60

    private let keys: JWTKeyCollection
    private let verified = VerifiedTokens()

    init(secret: [UInt8]) async {
        keys = await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    }

    /// - Parameter end: when the token expires, rounded down to whole seconds.
    func sign(for key: APIKey, at now: Timestamp, until end: Timestamp, random: any RandomSource) async throws -> TokenAnswer {
        let seconds = Int(now.milliseconds / 1_000)
        let expiry = Int(end.milliseconds / 1_000)
        let claims = AccessClaims(
            iss: AccessClaims.issuer, aud: AccessClaims.audience, sub: key.id, tenant: key.tenant.name,
            secretNumber: key.secretNumber, exp: expiry, nbf: seconds, iat: seconds,
            jti: Base64URL.encode(random.bytes(12)))
        return TokenAnswer(
            accessToken: try await keys.sign(claims), expiresIn: expiry - seconds,
            expiresAt: Timestamp(milliseconds: Int64(expiry) * 1_000))
    }

    enum Refusal: Error, Hashable {
        /// Not a token of this service.
        case invalid
        case expired
        case notYetValid
    }

    /// - Throws: ``Refusal``
    func read(_ token: String, at now: Timestamp) async throws(Refusal) -> AccessClaims {
        let claims: AccessClaims
        if let known = verified[token] {
            claims = known
        } else {
            claims = try await verify(token)
            verified[token] = claims
        }
        let seconds = Int(now.milliseconds / 1_000)
        guard seconds < claims.exp else { throw .expired }
        guard seconds >= claims.nbf - Self.clockSkew else { throw .notYetValid }
        return claims
    }

    private func verify(_ token: String) async throws(Refusal) -> AccessClaims {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        // Only the canonical form is accepted: a changed last character must not pass because the changed bits are padding.
        guard parts.count == 3, parts.allSatisfy({ Base64URL.decode(String($0)) != nil }),
            let header = Base64URL.decode(String(parts[0])), Self.isOurs(header)
        else { throw .invalid }
        do {
            return try await keys.verify(token, as: AccessClaims.self)
        } catch {
            throw .invalid
        }
    }

    private static func isOurs(_ header: [UInt8]) -> Bool {
        var algorithm: String?
        var type: String?
        var isPlain = true
        do {
            try JSONReader.read(header) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "alg": algorithm = try reader.string()
                    case "typ": type = try reader.string()
                    // RFC 7515, section 4.1.11: a critical extension that is not understood makes the token invalid.
                    case "crit": isPlain = false
                    default: try reader.skip()
                    }
                    if name == "crit" { try reader.skip() }
                }
            }
        } catch {
            return false
        }
        return isPlain && algorithm == Self.algorithm && type == Self.type
    }
}

/// Tokens with a verified signature, so that the next request of a client does not verify it again. Their times are checked every time.
/// Tokens are compared by bytes, because the signature does not cover another spelling.
private final class VerifiedTokens: Sendable {
    private static let capacity = 1_024
    private let claims = Mutex<[ExactText: AccessClaims]>([:])

    subscript(token: String) -> AccessClaims? {
        get { claims.withLock { $0[token] } }
        set {
            claims.withLock { claims in
                if claims.count >= Self.capacity { claims.removeAll(keepingCapacity: true) }
                claims[token] = newValue
            }
        }
    }
}
