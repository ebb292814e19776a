package import WorkflowAPI
package import WorkflowModel

/// Plans reruns: of single runs for the server, and of many for bulk operations.
package struct RerunPlanning: Sendable {
    private let store: any ConfigurationStore
    private let configurations: ConfigurationCache
    private let time: any TimeSource
    private let random: any RandomSource

    package init(
        store: any ConfigurationStore, configurations: ConfigurationCache, time: any TimeSource, random: any RandomSource
    ) {
        self.store = store
        self.configurations = configurations
        self.time = time
        self.random = random
    }

    /// - Throws: ``RerunRefusal`` for a run that cannot be rerun.
    package func plan(_ order: RerunRequest, of old: WorkflowRunDetails, by principal: Principal) async throws -> RunPlan {
        try await plan(Rerun(of: old, from: order.start ?? .usual(for: old.run.state), by: principal), with: order.version)
    }

    /// - Throws: ``RerunRefusal`` for a run that cannot be rerun.
    package func plan(_ rerun: Rerun, with version: RerunVersion) async throws -> RunPlan {
        try Rerun.check(rerun.old)
        let version = try await self.version(version, of: rerun.old)
        let configuration: WorkflowConfiguration
        do {
            configuration = try configurations.parsed(version)
        } catch is ConfigurationProblems {
            throw RerunRefusal.hasNoUsableVersion
        }
        return try RunPlan(configuration, version: version, doingOver: rerun, at: time.now, random: random)
    }

    private func version(_ version: RerunVersion, of old: WorkflowRunDetails) async throws -> ConfigurationVersion {
        let tenant = old.run.tenant
        switch version {
        case .current:
            guard let id = old.origin.configuration, let current = try await store.configuration(id, of: tenant) else {
                throw RerunRefusal.hasNoCurrentVersion
            }
            return current
        case .launched:
            guard let id = old.launchedVersion, let launched = try await store.configurationVersion(id, of: tenant) else {
                throw RerunRefusal.hasNoUsableVersion
            }
            return launched
        }
    }
}
