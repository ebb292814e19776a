import Synchronization
import WorkflowAPI
public import WorkflowModel

/// One-time sign-in links, such as the one that the demo prints. Only this process knows them, and only as hashes.
public final class SignInLinks: Sendable {
    private struct Link {
        var key: String
        var expiresAt: Timestamp
    }

    private let links = Mutex<[[UInt8]: Link]>([:])

    public init() {}

    /// Creates a link for the key with that id.
    /// - Parameters:
    ///   - lifetime: how long the link is valid.
    ///   - random: a cryptographic source.
    /// - Returns: the path of the link.
    public func make(forKey key: String, lifetime: Duration, at now: Timestamp, random: any RandomSource) -> String {
        let token = NewAPIKey.makeSecret(random: random)
        links.withLock { links in
            links = links.filter { $0.value.expiresAt > now }
            links[SecretHash.of(token)] = Link(key: key, expiresAt: now + lifetime)
        }
        return "/sign-in/\(token)"
    }

    /// The id of the link's key; nil for an unknown, used or expired link.
    func key(of token: String, at now: Timestamp) -> String? {
        links.withLock { links in
            links[SecretHash.of(token)].flatMap { $0.expiresAt > now ? $0.key : nil }
        }
    }

    /// The same, and invalidates the link.
    func use(_ token: String, at now: Timestamp) -> String? {
        links.withLock { links in
            links.removeValue(forKey: SecretHash.of(token)).flatMap { $0.expiresAt > now ? $0.key : nil }
        }
    }
}
