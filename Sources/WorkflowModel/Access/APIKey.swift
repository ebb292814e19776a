/// A synthetic identity bound to one tenant.
public struct APIKey: Hashable, Sendable {
    /// The client id, and the principal id of what it does.
    public var id: String
    public var tenant: Tenant
    public var name: String
    public var policy: AccessPolicy
    public var createdAt: Timestamp
    /// SHA-256 of the secret; the secret itself is kept nowhere.
    public var secretHash: [UInt8]
    /// Counts the secrets of this key from 1. Tokens carry the number of the secret that they were made with.
    public var secretNumber: Int
    /// When the secret before this one was deposed; nil when there was none, or it was dropped.
    public var deposedAt: Timestamp?
    /// When somebody last came with it, give or take a minute; nil when nobody has.
    public var lastUsedAt: Timestamp?

    /// How long tokens of a deposed secret stay valid at most.
    public static let deposedValidity = Duration.seconds(30 * 86_400)

    public init(
        id: String, tenant: Tenant, name: String, policy: AccessPolicy, createdAt: Timestamp, secretHash: [UInt8],
        secretNumber: Int = 1, deposedAt: Timestamp? = nil, lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.policy = policy
        self.createdAt = createdAt
        self.secretHash = secretHash
        self.secretNumber = secretNumber
        self.deposedAt = deposedAt
        self.lastUsedAt = lastUsedAt
    }

    public var principal: Principal {
        Principal(id: id, name: name)
    }

    /// Whether a token made with that secret still counts: the current one does, and the one before it for
    /// ``deposedValidity`` after its rotation, unless it was dropped.
    public func accepts(secretNumber number: Int, at now: Timestamp) -> Bool {
        if number == secretNumber { return true }
        guard let deposedAt, number == secretNumber - 1 else { return false }
        return now < deposedAt + Self.deposedValidity
    }
}
