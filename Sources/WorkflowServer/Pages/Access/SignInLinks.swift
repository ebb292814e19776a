import Synchronization
import WorkflowAPI
public import WorkflowModel

/// Links that sign somebody in once, such as the one that the demo prints. They are known to this process alone, and only as hashes.
public final class SignInLinks: Sendable {
    private struct Link {
        var key: String
        var expiresAt: Timestamp
    }

    private let links = Mutex<[[UInt8]: Link]>([:])

    public init() {}

    /// Makes a link for the key with that id.
    /// - Parameters:
    ///   - lifetime: how long it can be used, once.
    ///   - random: has to be good enough for secrets.
    /// - Returns: its path.
    public func make(forKey key: String, lifetime: Duration, at now: Timestamp, random: any RandomSource) -> String {
        let token = NewAPIKey.makeSecret(random: random)
        links.withLock { links in
            links = links.filter { $0.value.expiresAt > now }
            links[SecretHash.of(token)] = Link(key: key, expiresAt: now + lifetime)
        }
        return "/sign-in/\(token)"
    }

    /// The id of the key that it signs in; nil when there is no such link, or not any more.
    func key(of token: String, at now: Timestamp) -> String? {
        links.withLock { links in
            links[SecretHash.of(token)].flatMap { $0.expiresAt > now ? $0.key : nil }
        }
    }

    /// The same, and it cannot be used again.
    func use(_ token: String, at now: Timestamp) -> String? {
        links.withLock { links in
            links.removeValue(forKey: SecretHash.of(token)).flatMap { $0.expiresAt > now ? $0.key : nil }
        }
    }
}
