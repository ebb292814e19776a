/// A search that is kept under a name, for everyone in its tenant.
public struct SavedView: Hashable, Sendable {
    /// Views of a tenant.
    public static let most = 200

    /// Unique in its tenant; see ``NameRule``.
    @Exact public var name: String
    /// The search as it is typed; see ``RunSearch``. Relative times stay relative.
    @Exact public var search: String
    public var savedBy: Principal
    public var savedAt: Timestamp

    public init(name: String, search: String, savedBy: Principal, savedAt: Timestamp) {
        self.name = name
        self.search = search
        self.savedBy = savedBy
        self.savedAt = savedAt
    }
}
