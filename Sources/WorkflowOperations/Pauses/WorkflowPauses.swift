package import WorkflowAPI
package import WorkflowModel

/// Pauses and resumes workflows, for the API and the pages.
package struct WorkflowPauses: Sendable {
    private let store: any PauseStore
    private let time: any TimeSource

    package init(store: any PauseStore, time: any TimeSource) {
        self.store = store
        self.time = time
    }

    /// - Returns: the pause that is in force now; nil when the tenant has no such configuration.
    /// - Throws: ``APIError`` (400), `StoreError`.
    package func pause(
        _ configuration: String, of tenant: Tenant, for request: PauseRequest, by principal: Principal
    ) async throws -> WorkflowPause? {
        let now = time.now
        try request.check(at: now)
        return try await store.pause(
            configuration, of: tenant,
            with: WorkflowPause(reason: request.reason, pausedBy: principal, since: now, until: request.until))
    }

    /// - Returns: false when the tenant has no such configuration.
    /// - Throws: `StoreError`.
    package func resume(_ configuration: String, of tenant: Tenant) async throws -> Bool {
        try await store.resume(configuration, of: tenant, at: time.now)
    }
}
