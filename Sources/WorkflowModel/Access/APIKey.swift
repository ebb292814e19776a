/// An API key: credentials of a program or person, bound to one tenant.
public struct APIKey: Hashable, Sendable {
    /// The client id, and the principal id of its requests.
    public var id: String
    public var tenant: Tenant
    public var name: String
    public var policy: AccessPolicy
    public var createdAt: Timestamp
    /// SHA-256 of the secret; the secret itself is not stored.
    public var secretHash: [UInt8]
    /// Counts the secrets of this key from 1. Tokens carry the number of the secret that they were made with.
    public var secretNumber: Int
    /// When the secret was last rotated; nil when no previous secret is valid.
    public var rotatedAt: Timestamp?
    /// When the key was last used, accurate to a minute; nil before its first use.
    public var lastUsedAt: Timestamp?

    /// The longest time for which tokens made with a previous secret stay valid.
    public static let previousSecretValidity = Duration.seconds(30 * 86_400)

    public init(
        id: String, tenant: Tenant, name: String, policy: AccessPolicy, createdAt: Timestamp, secretHash: [UInt8],
        secretNumber: Int = 1, rotatedAt: Timestamp? = nil, lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.policy = policy
        self.createdAt = createdAt
        self.secretHash = secretHash
        self.secretNumber = secretNumber
        self.rotatedAt = rotatedAt
        self.lastUsedAt = lastUsedAt
    }

    public var principal: Principal {
        Principal(id: id, name: name)
    }

    /// Whether a token made with that secret is valid: the current secret's tokens are, and those of the previous secret for
    /// ``previousSecretValidity`` after the rotation, unless the previous secret was deleted.
    public func accepts(secretNumber number: Int, at now: Timestamp) -> Bool {
        if number == secretNumber { return true }
        guard let rotatedAt, number == secretNumber - 1 else { return false }
        return now < rotatedAt + Self.previousSecretValidity
    }
}
