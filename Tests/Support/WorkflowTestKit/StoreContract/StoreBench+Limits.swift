import Testing
import WorkflowModel

extension StoreBench {
    static let warehouse = ["warehouse": 1]

    /// Sets the size of a resource.
    func own(_ units: Int?, of resource: String = "warehouse", tasksAtOnce: Int? = nil, tenant: Tenant = acme) async throws {
        let resources = units.map { [resource: $0] } ?? [:]
        try await store.saveSettings(TenantSettings(tenant: tenant, tasksAtOnce: tasksAtOnce, resources: resources))
    }

    /// Claims until several claims in a row are empty: one empty claim is not the end, because it may only have queued tasks.
    func claimAll(_ limit: Int = 10, at now: Timestamp = start) async throws -> [ClaimedTask] {
        var claimed: [ClaimedTask] = []
        var empty = 0
        while empty < 6 {
            let more = try await claim(limit, at: now)
            claimed += more
            empty = more.isEmpty ? empty + 1 : 0
        }
        return claimed
    }

    /// Verifies derived data, and that every waiting task has to wait.
    func expectNothingWrong(at now: Timestamp = start, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(try await store.checkOfAllTenants(repairing: false, at: now) == [], sourceLocation: sourceLocation)
    }
}
