import JWTKit

/// What an access token says.
struct AccessClaims: JWTPayload, Hashable {
    static let issuer = "weir"
    static let audience = "weir-api"

    var iss: String
    var aud: String
    /// The id of the key.
    var sub: String
    var tenant: String
    /// The number of the key's secret that the token was made with.
    var secretNumber: Int
    /// Seconds since 1970 from which on it is not good any more.
    var exp: Int
    /// Seconds since 1970 before which it is not good yet.
    var nbf: Int
    var iat: Int
    /// Different in every token.
    var jti: String

    enum CodingKeys: String, CodingKey {
        case iss, aud, sub, tenant, exp, nbf, iat, jti
        case secretNumber = "secret_number"
    }

    /// What does not depend on the time; the time is ``AccessTokens``' to check, by the service's clock.
    func verify(using algorithm: some JWTAlgorithm) throws {
        guard iss == Self.issuer else {
            throw JWTError.claimVerificationFailure(failedClaim: IssuerClaim(value: iss), reason: "issuer")
        }
        guard aud == Self.audience else {
            throw JWTError.claimVerificationFailure(failedClaim: AudienceClaim(value: aud), reason: "audience")
        }
    }
}
