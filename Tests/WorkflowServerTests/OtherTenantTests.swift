import HTTPTypes
import HummingbirdTesting
import Testing
import WorkflowAPI
import WorkflowModel

/// Requests of another tenant's administrator about the objects of this tenant, for every route.
@Suite("An administrator of another tenant")
struct OtherTenantTests {
    /// Routes that succeed: they make an object of the same name in the other tenant, or delete one that it does not have.
    private static let making: Set<String> = [
        "saveView", "saveConfiguration", "createAlertReceiver", "setSecret", "/views", "/views/{name}/delete", "/settings/keys",
        "/settings/alerts/receivers",
        "/settings/secrets", "/settings/secrets/{name}/delete",
        "/new-workflow",
    ]

    @Test("changes nothing over the API", arguments: AuditedChangesTests.calls.filter { $0.route != "exchangeToken" })
    func calls(change: AuditedChangesTests.Change) async throws {
        try await check(change)
    }

    @Test("changes nothing with a form", arguments: AuditedChangesTests.forms.filter { !$0.route.hasPrefix("/sign-") })
    func forms(change: AuditedChangesTests.Change) async throws {
        try await check(change)
    }

    private func check(_ change: AuditedChangesTests.Change) async throws {
        try await withService { service in
            var prepared = try await PreparedService(service)
            let audited = try await events(of: service)
            prepared.headers = try await service.headers(.admin, of: ServiceUnderTest.other)
            prepared.browser = try await BrowserSession.signedIn(.admin, of: ServiceUnderTest.other, on: service).browser
            let response = try await change.make(prepared)
            let hasMade = response.status.code < 400
            #expect(hasMade == Self.making.contains(change.route), "\(response.status) \(response.text)")
            // Every change of this tenant would have an event.
            #expect(try await events(of: service) == audited)
        }
    }

    private func events(of service: ServiceUnderTest) async throws -> [AuditEvent] {
        try await service.store.auditEvents(matching: AuditQuery(of: ServiceUnderTest.acme)).events
    }

    @Test("reads nothing")
    func reads() async throws {
        try await withService { service in
            let prepared = try await PreparedService(service)
            let headers = try await service.headers(.admin, of: ServiceUnderTest.other)
            let task = try #require(try await service.store.run(prepared.stopped, of: ServiceUnderTest.acme)?.tasks.first?.id)
            var read = 0
            for endpoint in Endpoint.all where endpoint.method == .get && !endpoint.path.names.isEmpty {
                let object =
                    switch endpoint.path.text {
                    case let path where path.hasPrefix("/api/workflow/runs/"): prepared.stopped.rawValue
                    case let path where path.hasPrefix("/api/workflow/bulk/"): prepared.bulk.rawValue
                    case let path where path.hasPrefix("/api/workflow/configs/"): "cg-daily"
                    case let path where path.hasPrefix("/api/workflow/views/"): "old"
                    default: "ops"
                    }
                let path = endpoint.path.filled(with: [object, task.rawValue].prefix(endpoint.path.names.count).map(\.self))
                // The task has no output; RunOutputTests ask for one.
                if endpoint.id != "readOutput" {
                    #expect(try await service.get(path, prepared.headers).status == .ok, "\(endpoint.id)")
                }
                #expect(try await service.get(path, headers).status == .notFound, "\(endpoint.id)")
                read += 1
            }
            #expect(read > 7)
        }
    }
}
