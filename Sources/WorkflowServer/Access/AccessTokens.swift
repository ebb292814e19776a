import JWTKit
import Synchronization
import WorkflowAPI
import WorkflowModel

/// Signs access tokens and reads them back: JWTs (RFC 7519) with HS256 and nothing else, whatever a token says about itself (RFC 8725).
struct AccessTokens: Sendable {
    /// The name of the signing key among the service's secrets, and its length in bytes.
    static let secretName = "token-signing"
    static let secretLength = 32

    private static let algorithm = "HS256"
    private static let type = "JWT"
    /// How far the clocks of two nodes may be apart, in seconds, before a new token of one is too new for the other.
    private static let clockSkew = 60

    private let keys: JWTKeyCollection
    private let verified = VerifiedTokens()

    init(secret: [UInt8]) async {
        keys = await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    }

    func sign(for key: APIKey, at now: Timestamp, lifetime: Duration, random: any RandomSource) async throws -> String {
        let seconds = Int(now.milliseconds / 1_000)
        let claims = AccessClaims(
            iss: AccessClaims.issuer, aud: AccessClaims.audience, sub: key.id, tenant: key.tenant.name,
            secretNumber: key.secretNumber, exp: seconds + Int(lifetime.milliseconds / 1_000), nbf: seconds, iat: seconds,
            jti: Base64URL.encode(random.bytes(12)))
        return try await keys.sign(claims)
    }

    enum Refusal: Error, Hashable {
        /// No token of ours.
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
        // The canonical form only: a token whose last character was altered must not pass because the bits were padding.
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
                    // RFC 7515, section 4.1.11: what must be understood and is not makes the token invalid.
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

/// Tokens whose signature has been checked, so that a client's next request need not check it again. Their times are checked always.
private final class VerifiedTokens: Sendable {
    private static let capacity = 1_024
    private let claims = Mutex<[String: AccessClaims]>([:])

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
