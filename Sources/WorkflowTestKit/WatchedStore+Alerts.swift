public import WorkflowModel

/// Alerts only pass through.
extension WatchedStore {
    public func createReceiver(_ receiver: AlertReceiver) async throws {
        try await changing { try await store.createReceiver(receiver) }
    }

    public func receivers(of tenant: Tenant) async throws -> [AlertReceiver] {
        try await store.receivers(of: tenant)
    }

    public func receiversOfAllTenants() async throws -> [AlertReceiver] {
        try await store.receiversOfAllTenants()
    }

    public func changeReceiver(
        _ name: String, of tenant: Tenant, _ change: AlertReceiver.Change, at now: Timestamp
    ) async throws -> AlertReceiver? {
        try await changing { try await store.changeReceiver(name, of: tenant, change, at: now) }
    }

    public func dropReceiver(_ name: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await changing { try await store.dropReceiver(name, of: tenant, at: now) }
    }

    public func configurationAlerts(of tenant: Tenant) async throws -> [ConfigurationAlerts] {
        try await store.configurationAlerts(of: tenant)
    }

    public func alerts(of tenant: Tenant, in state: Alert.State?, from place: Int?, limit: Int) async throws -> AlertPage {
        try await store.alerts(of: tenant, in: state, from: place, limit: limit)
    }

    public func alert(_ id: String, of tenant: Tenant) async throws -> Alert? {
        try await store.alert(id, of: tenant)
    }

    public func resendAlert(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Alert? {
        try await changing { try await store.resendAlert(id, of: tenant, at: now) }
    }

    public func claimAlertsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws -> [ClaimedAlert] {
        try await changing { try await store.claimAlertsOfAllTenants(limit: limit, until: expiry, at: now) }
    }

    public func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert, at now: Timestamp) async throws {
        try await changing { try await store.report(outcome, of: claimed, at: now) }
    }
}
