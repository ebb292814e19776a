/// Keeps API keys.
///
/// Key ids are unique across tenants, so these methods take no tenant. A caller that acts for one tenant compares `APIKey.tenant`.
public protocol KeyStore: Sendable {
    func createKey(_ key: APIKey) async throws

    /// The key with that client id, whatever its tenant; nil when it does not exist or was deleted.
    func key(_ id: String) async throws -> APIKey?

    /// The key as it was at most half a second ago, for the check that every request makes. Changes by other nodes in that time
    /// may be missing; changes by this node never are.
    func recentKey(_ id: String) async throws -> APIKey?

    /// The keys of a tenant, nil for all tenants, in the order of their creation.
    func keys(of tenant: Tenant?) async throws -> [APIKey]

    /// Gives a key a new secret. The current secret becomes its previous secret, and all older ones become invalid.
    /// - Returns: nil when there is no such key.
    func rotateKey(_ id: String, secretHash: [UInt8], at now: Timestamp) async throws -> APIKey?

    /// Deletes a key, or only its previous secret.
    /// - Returns: whether it existed.
    func deleteKey(_ id: String, onlyPreviousSecret: Bool) async throws -> Bool

    /// Records when keys were last used. An earlier time than the recorded one, and an unknown key, change nothing.
    func recordKeyUses(_ uses: [String: Timestamp]) async throws
}
