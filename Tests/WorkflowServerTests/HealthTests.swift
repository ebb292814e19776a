import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowServer

@Suite("Health, failures, and the description of the API")
struct HealthTests {
    @Test("health is about the process, readiness about the store")
    func health() async throws {
        let failure = Watched<StoreError?>(nil)
        let replacing = { (stores: inout ServerStores) in
            stores.connection = InterceptedConnection(connection: stores.connection) {
                if let error = failure.value { throw error }
            }
        }
        try await withService(replacing: replacing) { service in
            #expect(try await service.get(Paths.health, [:]).text == #"{"status":"ok"}"#)
            #expect(try await service.get(Paths.readiness, [:]).text == #"{"status":"ok"}"#)
            failure.change { $0 = StoreError(.unavailable, "/srv/weir.db: SELECT failed", cause: nil) }
            #expect(try await service.get(Paths.health, [:]).status == .ok)
            let response = try await service.get(Paths.readiness, [:])
            #expect(try response.error(.unavailable) == "The store is unavailable. Try again shortly.")
            #expect(response.headers[.retryAfter] == "1")
        }
    }

    @Test("what is not ready yet is a 503 that says so, with Retry-After")
    func notReady() async throws {
        let message = "Runs are being sorted by runtime. Try again in a moment."
        let replacing = { (stores: inout ServerStores) in
            stores.lists = InterceptedRunLists(lists: stores.lists) { throw StoreError(.notReady, message) }
        }
        try await withService(replacing: replacing) { service in
            let response = try await service.get(Paths.runs + "?sort=runtime", service.headers(.viewer))
            #expect(try response.error(.unavailable) == message)
            #expect(response.headers[.retryAfter] == "1")
        }
    }

    private struct Surprise: Error {}

    @Test("a store error is a 503 with Retry-After, any other error a 500, and nothing internal is shown")
    func failures() async throws {
        let failure = Watched<(any Error)?>(nil)
        // Every endpoint reads a key first.
        let replacing = { (stores: inout ServerStores) in
            stores.keys = InterceptedKeys(keys: stores.keys) { _ in if let error = failure.value { throw error } }
        }
        try await withService(replacing: replacing) { service in
            let headers = try await service.headers(.admin)
            #expect(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers).status == .created)
            func answers() async throws -> [TestResponse] {
                [
                    try await service.get(Paths.runs, headers), try await service.get(Paths.runs + "/a", headers),
                    try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#),
                    try await service.post(Paths.runs + "/a/stop", headers, json: ""),
                    try await service.get(Paths.configurations, headers),
                    try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers),
                    try await service.send(
                        .post, Paths.token, headers: [.contentType: "application/x-www-form-urlencoded"],
                        body: "client_id=a&client_secret=b"),
                ]
            }
            for code in [StoreError.Code.unavailable, .damaged, .newerThanProgram, .ownedElsewhere] {
                failure.change { $0 = StoreError(code, "SELECT * FROM runs at /srv/weir.db", cause: Surprise()) }
                for response in try await answers() {
                    #expect(try response.error(.unavailable) == "The store is unavailable. Try again shortly.")
                    #expect(response.headers[.retryAfter] == "1")
                }
            }
            failure.change { $0 = Surprise() }
            for response in try await answers() {
                #expect(try !response.error(.failed).contains("Surprise"))
            }
        }
    }

    @Test("the description and the routes have the same operations")
    func description() async throws {
        try await withService { service in
            let response = try await service.get(Paths.description, [:])
            #expect(response.status == .ok && response.headers[.contentType] == "application/json")
            #expect(try await service.get(Paths.description, [.ifNoneMatch: response.headers[.eTag] ?? ""]).status == .notModified)
            guard case .object(let paths)? = try response.json()["paths"] else {
                Issue.record("The description has no paths.")
                return
            }
            var described: Set<String> = []
            for (path, item) in paths {
                guard case .object(let operations) = item else { continue }
                for method in operations.keys { described.insert("\(method.uppercased()) \(path)") }
            }
            let dependencies = ServerDependencies(
                store: service.store, time: service.clock, random: service.random, zones: SystemScheduleZones(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            let routes = try await APIService(dependencies).routes
            #expect(Set(routes.map { "\($0.method.rawValue) \($0.path)" }) == described)
            #expect(routes.count == described.count)
        }
    }

    @Test("exactly the operations without security in the description are open")
    func security() async throws {
        try await withService { service in
            let document = try await service.get(Paths.description, [:]).json()
            let dependencies = ServerDependencies(
                store: service.store, time: service.clock, random: service.random, zones: SystemScheduleZones(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            for route in try await APIService(dependencies).routes {
                let operation = document["paths"]?[route.path]?[route.method.rawValue.lowercased()]
                let isOpen = if case .policy = route.access { false } else { true }
                #expect((operation?["security"] != nil) == isOpen, "\(route.path)")
            }
        }
    }
}
