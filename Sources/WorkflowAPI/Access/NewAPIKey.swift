import Crypto
public import WorkflowModel

/// Creates API keys: a client id that may be shown, and a secret of 256 random bits that is shown once and never stored.
public enum NewAPIKey {
    public static let idPrefix = "wk_"

    /// The rule for names of keys.
    public static let nameRule = NameRule.words

    public static func isName(_ text: String) -> Bool {
        NameRule.problem(with: text) == nil
    }

    /// - Parameter random: has to be good enough for secrets.
    /// - Returns: the key to be stored, and the secret to be shown.
    public static func make(
        tenant: Tenant, name: String, policy: AccessPolicy, at now: Timestamp, random: any RandomSource
    ) -> (key: APIKey, clientSecret: String) {
        let secret = makeSecret(random: random)
        let key = APIKey(
            id: idPrefix + Base64URL.encode(random.bytes(12)), tenant: tenant, name: name, policy: policy, createdAt: now,
            secretHash: SecretHash.of(secret))
        return (key, secret)
    }

    /// A secret alone, for the rotation of a key.
    public static func makeSecret(random: any RandomSource) -> String {
        Base64URL.encode(random.bytes(32))
    }
}

/// The hash of a client secret. A plain SHA-256 is enough, because a secret of 256 random bits cannot be guessed.
public enum SecretHash {
    /// SHA-256 of the secret's UTF-8.
    public static func of(_ secret: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(secret.utf8)))
    }

    /// Compares in constant time.
    public static func matches(_ secret: String, _ hash: [UInt8]) -> Bool {
        constantTimeEqual(of(secret), hash)
    }

    /// Whether two byte strings are equal, in a time that depends only on their lengths.
    public static func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) { difference |= one ^ other }
        return difference == 0
    }
}
