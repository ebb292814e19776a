import WorkflowModel

extension InterceptedStore {
    func createReceiver(_ receiver: AlertReceiver) async throws {
        try await before("createReceiver")
        try await store.createReceiver(receiver)
    }

    func receivers(of tenant: Tenant) async throws -> [AlertReceiver] {
        try await before("receivers")
        return try await store.receivers(of: tenant)
    }

    func receiversOfAllTenants() async throws -> [AlertReceiver] {
        try await before("receiversOfAllTenants")
        return try await store.receiversOfAllTenants()
    }

    func changeReceiver(
        _ name: String, of tenant: Tenant, _ change: AlertReceiver.Change, at now: Timestamp
    ) async throws -> AlertReceiver? {
        try await before("changeReceiver")
        return try await store.changeReceiver(name, of: tenant, change, at: now)
    }

    func dropReceiver(_ name: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await before("dropReceiver")
        return try await store.dropReceiver(name, of: tenant, at: now)
    }

    func configurationAlerts(of tenant: Tenant) async throws -> [ConfigurationAlerts] {
        try await before("configurationAlerts")
        return try await store.configurationAlerts(of: tenant)
    }

    func alerts(of tenant: Tenant, in state: Alert.State?, from place: Int?, limit: Int) async throws -> AlertPage {
        try await before("alerts")
        return try await store.alerts(of: tenant, in: state, from: place, limit: limit)
    }

    func alert(_ id: String, of tenant: Tenant) async throws -> Alert? {
        try await before("alert")
        return try await store.alert(id, of: tenant)
    }

    func resendAlert(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Alert? {
        try await before("resendAlert")
        return try await store.resendAlert(id, of: tenant, at: now)
    }

    func claimAlertsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws -> [ClaimedAlert] {
        try await before("claimAlertsOfAllTenants")
        return try await store.claimAlertsOfAllTenants(limit: limit, until: expiry, at: now)
    }

    func report(_ outcome: AlertOutcome, of claimed: ClaimedAlert, at now: Timestamp) async throws {
        try await before("report")
        try await store.report(outcome, of: claimed, at: now)
    }
}
