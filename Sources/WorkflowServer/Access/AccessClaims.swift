import JWTKit

/// The claims of an access token.
struct AccessClaims: JWTPayload, Hashable {
    static let issuer = "weir"
    static let audience = "weir-api"

    var iss: String
    var aud: String
    /// The id of the key.
    var sub: String
    var tenant: String
    /// The number of the key's secret when the token was made.
    var secretNumber: Int
    /// When the token expires, in seconds since 1970.
    var exp: Int
    /// When the token becomes valid, in seconds since 1970.
    var nbf: Int
    var iat: Int
    /// Unique for every token.
    var jti: String

    enum CodingKeys: String, CodingKey {
        case iss, aud, sub, tenant, exp, nbf, iat, jti
        case secretNumber = "secret_number"
    }

    /// Verifies what does not depend on the time. ``AccessTokens`` checks the time by the service's clock.
    func verify(using algorithm: some JWTAlgorithm) throws {
        guard iss == Self.issuer else {
            throw JWTError.claimVerificationFailure(failedClaim: IssuerClaim(value: iss), reason: "issuer")
        }
        guard aud == Self.audience else {
            throw JWTError.claimVerificationFailure(failedClaim: AudienceClaim(value: aud), reason: "audience")
        }
    }
}
