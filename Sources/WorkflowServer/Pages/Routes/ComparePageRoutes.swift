import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowPages

/// Compares a run with the versions of its configuration and with the previous successful run.
struct ComparePageRoutes: Sendable {
    let service: PageService

    var routes: [PageRoute] {
        [PageRoute(.get, PageAddress.history + "/{id}/compare", .policy(.viewer)) { call in try await show(call) }]
    }

    private func show(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let id = try call.runID()
        guard let details = try await service.stores.runs.run(id, of: visitor.tenant) else { throw APICall.noSuchRun }
        let this = try await compared(details)
        let good = try await lastGood(before: details)
        var versions: [ConfigurationVersionID: ConfigurationVersion] = [:]
        for version in Set([details.launchedVersion, details.currentVersion, good?.details.launchedVersion].compactMap(\.self)) {
            versions[version] = try await service.stores.configurations.configurationVersion(version, of: visitor.tenant)
        }
        return .html(service.pages.document(ComparePage(this, against: good, versions: versions), for: visitor))
    }

    private func lastGood(before details: WorkflowRunDetails) async throws -> ComparedRun? {
        let run = details.run
        guard let configuration = details.origin.configuration, let place = RunCursor(of: run, by: .created),
            let good = try await service.stores.runs.lastSuccessfulRun(of: configuration, tenant: run.tenant, after: place),
            let found = try await service.stores.runs.run(good.id, of: run.tenant)
        else { return nil }
        return try await compared(found)
    }

    private func compared(_ details: WorkflowRunDetails) async throws -> ComparedRun {
        let (id, tenant) = (details.run.id, details.run.tenant)
        return ComparedRun(
            details: details, attempts: try await service.stores.tasks.attempts(of: id, tenant: tenant, at: .withoutItems),
            outputs: try await service.stores.tasks.outputs(of: id, tenant: tenant, upTo: OutputDifference.longestCompared))
    }
}
