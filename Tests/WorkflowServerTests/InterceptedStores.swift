import WorkflowModel

// Each of these wraps one role of a store, and calls a closure of the test before a method: it can wait there, or fail.

/// Called with the name of a method.
typealias Interception = @Sendable (_ method: String) async throws -> Void

struct InterceptedKeys: KeyStore {
    let keys: any KeyStore
    let before: Interception

    func createKey(_ key: APIKey) async throws {
        try await before("createKey")
        try await keys.createKey(key)
    }

    func key(_ id: String) async throws -> APIKey? {
        try await before("key")
        return try await keys.key(id)
    }

    func recentKey(_ id: String) async throws -> APIKey? {
        try await before("recentKey")
        return try await keys.recentKey(id)
    }

    func keys(of tenant: Tenant?) async throws -> [APIKey] {
        try await before("keys")
        return try await keys.keys(of: tenant)
    }

    func rotateKey(_ id: String, secretHash: [UInt8], at now: Timestamp) async throws -> APIKey? {
        try await before("rotateKey")
        return try await keys.rotateKey(id, secretHash: secretHash, at: now)
    }

    func deleteKey(_ id: String, onlyPreviousSecret: Bool) async throws -> Bool {
        try await before("deleteKey")
        return try await keys.deleteKey(id, onlyPreviousSecret: onlyPreviousSecret)
    }

    func recordKeyUses(_ uses: [String: Timestamp]) async throws {
        try await before("recordKeyUses")
        try await keys.recordKeyUses(uses)
    }
}

struct InterceptedRunLists: RunListStore {
    let lists: any RunListStore
    /// Changes what ``runs(matching:)`` is asked for.
    var query: @Sendable (RunQuery) -> RunQuery = { $0 }
    /// Changes what it answers.
    var page: @Sendable (RunPage) -> RunPage = { $0 }
    /// Called before it.
    let before: @Sendable () async throws -> Void

    func runs(matching query: RunQuery) async throws -> RunPage {
        try await before()
        return page(try await lists.runs(matching: self.query(query)))
    }

    func facets(matching query: FacetQuery) async throws -> RunFacets { try await lists.facets(matching: query) }

    func runCounts(matching query: RunCountQuery) async throws -> RunCounts {
        try await lists.runCounts(matching: query)
    }

    func runs(withIDs ids: [RunID], of tenant: Tenant) async throws -> [WorkflowRun] {
        try await lists.runs(withIDs: ids, of: tenant)
    }

    func latestRuns(ofEach configurations: [String], of tenant: Tenant, limit: Int) async throws -> [String: [RecentRun]] {
        try await lists.latestRuns(ofEach: configurations, of: tenant, limit: limit)
    }

    func runTypes(of tenant: Tenant, limit: Int) async throws -> [String] { try await lists.runTypes(of: tenant, limit: limit) }

    func stops(of runs: [RunID], tenant: Tenant) async throws -> [RunID: RunStop] {
        try await lists.stops(of: runs, tenant: tenant)
    }

    var changeNumber: UInt64? { lists.changeNumber }
}

struct InterceptedConfigurations: ConfigurationStore {
    let configurations: any ConfigurationStore
    /// Called before ``configuration(_:of:)``.
    let before: @Sendable () async throws -> Void

    func configuration(_ id: String, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await before()
        return try await configurations.configuration(id, of: tenant)
    }

    func saveConfiguration(_ draft: ConfigurationDraft, at now: Timestamp) async throws -> SavedConfiguration {
        try await configurations.saveConfiguration(draft, at: now)
    }

    func configurations(of tenant: Tenant) async throws -> [ConfigurationVersion] {
        try await configurations.configurations(of: tenant)
    }

    func configurationVersion(_ id: ConfigurationVersionID, of tenant: Tenant) async throws -> ConfigurationVersion? {
        try await configurations.configurationVersion(id, of: tenant)
    }

    func versions(
        of configuration: String, tenant: Tenant, upTo last: Int?, limit: Int, withTexts: Bool
    ) async throws -> [ConfigurationVersion] {
        try await configurations.versions(of: configuration, tenant: tenant, upTo: last, limit: limit, withTexts: withTexts)
    }

    func deleteConfiguration(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await configurations.deleteConfiguration(id, of: tenant, at: now)
    }
}

struct InterceptedConnection: StoreConnection {
    let connection: any StoreConnection
    /// Called before ``ping()``.
    let before: @Sendable () async throws -> Void

    func ping() async throws {
        try await before()
        try await connection.ping()
    }

    func close() async throws { try await connection.close() }
}
