/// Keeps the secrets of tenants. It sees encrypted values only.
public protocol SecretStore: Sendable {
    /// The secrets of a tenant without their values, by name in the order of bytes.
    func secrets(of tenant: Tenant) async throws -> [TenantSecret]

    /// Secrets of a tenant with their encrypted values, by name in the order of bytes. Names without a secret are left out.
    /// - Parameter names: nil for all of them.
    func sealedSecrets(named names: [String]?, of tenant: Tenant) async throws -> [SealedSecret]

    /// Sets a secret. Its version becomes the one behind the version before, or 1.
    /// - Returns: nil when nothing was set because the tenant has ``SecretRule/most`` others.
    func setSecret(_ secret: SealedSecret, of tenant: Tenant) async throws -> TenantSecret?

    /// - Returns: false when there is no such secret.
    func deleteSecret(named name: String, of tenant: Tenant) async throws -> Bool

    /// Puts new encryptions in place of former ones. A secret that was set or deleted meanwhile keeps its state.
    /// - Returns: how many were replaced.
    func resealSecrets(_ secrets: [ResealedSecret], of tenant: Tenant) async throws -> Int

    /// The ids of the keys that open all secrets, in the order of bytes.
    func secretKeysOfAllTenants() async throws -> [String]
}

/// Decrypts the secrets that an attempt needs.
public protocol SecretSource: Sendable {
    /// The values of secrets by their names. Names without a secret are left out.
    /// - Throws: ``SecretsUnavailable``, ``StoreError``
    func values(ofSecrets names: Set<ExactText>, of tenant: Tenant) async throws -> [ExactText: SecretValue]

    /// Values that attempts got for these names before the secrets were set again or deleted. Work outside may still answer with them.
    func formerValues(ofSecrets names: Set<ExactText>, of tenant: Tenant) -> [SecretValue]
}

extension SecretSource {
    /// For a source whose secrets never change.
    public func formerValues(ofSecrets names: Set<ExactText>, of tenant: Tenant) -> [SecretValue] { [] }
}

/// The node cannot decrypt a secret: it has no key for it, or the stored value is damaged.
public struct SecretsUnavailable: Error, Hashable, Sendable {
    /// A sentence that says what to do, without any value.
    public var message: String

    public init(_ message: String) {
        self.message = message
    }
}
