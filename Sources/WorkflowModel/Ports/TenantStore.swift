/// Keeps the settings of tenants and the secrets of the service itself.
public protocol TenantStore: Sendable {
    func settings(of tenant: Tenant) async throws -> TenantSettings

    func saveSettings(_ settings: TenantSettings) async throws

    /// Every tenant that has a key, a run, a configuration, a secret or settings, by name.
    func allTenants() async throws -> [TenantSettings]

    /// A secret of the service itself, such as the key that signs tokens. `candidate` becomes the secret when there is none yet.
    func serviceSecret(_ name: String, orElse candidate: [UInt8]) async throws -> [UInt8]
}
