/// Saved views of a tenant's runs.
public protocol ViewStore: Sendable {
    /// All views of the tenant, by name in the order of bytes.
    func views(of tenant: Tenant) async throws -> [SavedView]

    func view(named name: String, of tenant: Tenant) async throws -> SavedView?

    /// Saves a view, in place of one with the same name.
    /// - Returns: false when nothing was saved because the tenant has ``SavedView/most`` others.
    func save(_ view: SavedView, of tenant: Tenant) async throws -> Bool

    /// - Returns: false when there is no such view.
    func deleteView(named name: String, of tenant: Tenant) async throws -> Bool
}
