import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import SQLiteTestKit
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowServer
import WorkflowTestKit

/// The whole service on its own store, with a clock that the test advances.
struct ServiceUnderTest: Sendable {
    static let acme = tenant("acme")
    static let other = tenant("other")

    let client: any TestClientProtocol
    let store: any WorkflowStore
    let clock: TestClock
    let random: SeededRandom
    var links = SignInLinks()

    static func tenant(_ name: String) -> Tenant {
        guard let tenant = Tenant(name) else { preconditionFailure("\(name) is a tenant") }
        return tenant
    }

    // MARK: Access

    func makeKey(_ policy: AccessPolicy, of tenant: Tenant = acme) async throws -> (key: APIKey, clientSecret: String) {
        let (key, secret) = NewAPIKey.make(tenant: tenant, name: "CI", policy: policy, at: clock.now, random: random)
        try await store.createKey(key)
        return (key, secret)
    }

    func token(for credentials: (key: APIKey, clientSecret: String)) async throws -> String {
        let response = try await send(
            .post, Paths.token, headers: [.contentType: "application/x-www-form-urlencoded"],
            body: "grant_type=client_credentials&client_id=\(credentials.key.id)&client_secret=\(credentials.clientSecret)")
        try #require(response.status == .ok)
        return try TokenAnswer(json: Array(response.body.readableBytesView)).accessToken
    }

    /// The headers of a request by a new key.
    func headers(_ policy: AccessPolicy, of tenant: Tenant = acme) async throws -> HTTPFields {
        try await Self.headers(token: token(for: makeKey(policy, of: tenant)), tenant: tenant)
    }

    static func headers(token: String, tenant: Tenant = acme) -> HTTPFields {
        [.authorization: "Bearer \(token)", HeaderNames.historicalTenant: tenant.name]
    }

    // MARK: Requests

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: String? = nil
    ) async throws -> TestResponse {
        try await client.execute(uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    }

    func get(_ path: String, _ headers: HTTPFields) async throws -> TestResponse {
        try await send(.get, path, headers: headers)
    }

    func post(_ path: String, _ headers: HTTPFields, json: String) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await send(.post, path, headers: headers, body: json)
    }

    func save(_ text: String, as id: String, _ headers: HTTPFields) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/yaml"
        return try await send(.put, Paths.configuration(id), headers: headers, body: text)
    }

    /// A configuration with a task in full runs only, and one in all.
    static func configuration(_ id: String = "cg-daily", name: String = "Daily") -> String {
        """
        id: \(id)
        name: \(name)
        type: courier.group/run
        warn_after: 2h
        stages:
          - name: Sources
            run_modes: [source, full]
            tasks:
              - id: pull
                label: Pull
                type: courier.pull
                command: [python3, pull.py]
          - name: Rest
            run_modes: [full]
            tasks:
              - id: send
                label: Send
                type: webhook.send
                command: [python3, send.py]
        """
    }

    /// Imports runs.
    func addRuns(_ runs: [WorkflowRun], to tenant: Tenant = acme) async throws {
        _ = try await store.importRuns(runs.map { ImportedRun(run: $0) }, into: tenant)
    }

    func run(
        _ id: String, created: String, ended: String? = nil, state: RunState? = nil, type: String = "courier.group/run",
        of tenant: Tenant = acme
    ) throws -> WorkflowRun {
        WorkflowRun(
            id: RunID(rawValue: id), tenant: tenant, name: "Daily", type: type,
            state: state ?? (ended == nil ? .started : .succeeded),
            createdAt: try #require(Timestamp(iso8601: created)), endedAt: ended.flatMap { Timestamp(iso8601: $0) },
            principal: Principal(id: "p-1", name: "Operator"))
    }
}

/// Runs a test against a new service, in process by default.
///
/// - Parameter replacing: replaces roles of the store by others that wait, or fail.
func withService(
    _ setup: TestingSetup = .router, settings: ServerSettings = ServerSettings(rateLimit: 0),
    replacing: (inout ServerStores) -> Void = { _ in }, _ test: @Sendable (ServiceUnderTest) async throws -> Void
) async throws {
    try await withEmbeddedStore { store in
        try await withService(on: store, setup, settings: settings, replacing: replacing, test)
    }
}

/// Runs a test against a service on an open store.
func withService(
    on store: any WorkflowStore, _ setup: TestingSetup = .router, settings: ServerSettings = ServerSettings(rateLimit: 0),
    replacing: (inout ServerStores) -> Void = { _ in }, _ test: @Sendable (ServiceUnderTest) async throws -> Void
) async throws {
    let clock = TestClock()
    let random = SeededRandom(seed: 42)
    let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    var dependencies = ServerDependencies(
        store: store, time: clock, random: random, zones: SystemScheduleZones(), settings: settings, logger: silent)
    replacing(&dependencies.stores)
    let keys = FileManager.default.temporaryDirectory.appending(path: "weir-keys-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: keys, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: keys) }
    dependencies.secrets = SecretVault(
        store: store, file: SecretKeyFile(inDataDirectory: keys), time: clock, random: random)
    let links = SignInLinks()
    dependencies.signInLinks = links
    let application = try await buildApplication(
        dependencies, address: ServerAddress(host: "localhost", port: 0))
    try await application.test(setup) { client in
        try await test(ServiceUnderTest(client: client, store: store, clock: clock, random: random, links: links))
    }
}

/// Runs a test against two nodes on one store, with one clock.
func withNodes(
    _ first: any RequestBuckets, _ second: any RequestBuckets, rateLimit: Int,
    _ test: @Sendable (_ first: ServiceUnderTest, _ second: ServiceUnderTest) async throws -> Void
) async throws {
    try await withService { base in
        @Sendable func application(_ buckets: any RequestBuckets) async throws -> some ApplicationProtocol {
            try await buildApplication(
                ServerDependencies(
                    store: base.store, time: base.clock, random: base.random, zones: SystemScheduleZones(),
                    settings: ServerSettings(rateLimit: rateLimit),
                    buckets: buckets, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })),
                address: ServerAddress(host: "localhost", port: 0))
        }
        @Sendable func node(_ client: any TestClientProtocol) -> ServiceUnderTest {
            ServiceUnderTest(client: client, store: base.store, clock: base.clock, random: base.random)
        }
        try await application(first).test(.router) { one in
            let one = node(one)
            try await application(second).test(.router) { try await test(one, node($0)) }
        }
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    func json() throws -> JSONValue {
        try #require(JSONValue(json: body.readableBytesView), "\(text)")
    }

    /// Checks that it is an error of the documented form.
    func error(_ kind: APIError.Kind, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        #expect(status.code == kind.rawValue, "\(text)", sourceLocation: sourceLocation)
        #expect(headers[.contentType] == "application/json", sourceLocation: sourceLocation)
        let body = try json()
        #expect(body["status"] == .integer(Int64(kind.rawValue)), sourceLocation: sourceLocation)
        #expect(body["request_id"]?.string == headers[HeaderNames.requestID], sourceLocation: sourceLocation)
        #expect(headers[HeaderNames.version] == "2024-04-01", sourceLocation: sourceLocation)
        return try #require(body["message"]?.string, sourceLocation: sourceLocation)
    }

    func runIDs() throws -> [String] {
        try RunListAnswer(json: Array(body.readableBytesView)).runs.map(\.id.rawValue)
    }
}
