import WorkflowAPI
package import WorkflowModel

/// Saves views, for the API and the pages.
package struct SavedViews: Sendable {
    private let store: any ViewStore
    private let time: any TimeSource

    package init(store: any ViewStore, time: any TimeSource) {
        self.store = store
        self.time = time
    }

    /// Saves a search under a name, in place of one with the same name.
    /// - Returns: the view, and whether there was none with that name.
    /// - Throws: ``APIError`` (400, 409), `StoreError`.
    package func save(
        _ search: String, as name: String, by principal: Principal, of tenant: Tenant
    ) async throws -> (view: SavedView, isNew: Bool) {
        let now = time.now
        try ViewRequest.check(name: name)
        try ViewRequest.check(search: search, at: now)
        let isNew = try await store.view(named: name, of: tenant) == nil
        let view = SavedView(name: name, search: search, savedBy: principal, savedAt: now)
        guard try await store.save(view, of: tenant) else {
            throw APIError(
                .conflict, "The tenant has \(SavedView.most) saved views, the most it may have. Delete one first.")
        }
        return (view, isNew)
    }
}
