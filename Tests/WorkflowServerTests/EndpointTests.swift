import HTTPTypes
import HummingbirdTesting
import Logging
import Testing
import WorkflowAPI
import WorkflowModel

@testable import WorkflowServer

@Suite("Every endpoint")
struct EndpointTests {
    @Test("has a unique operation id, and a unique method and path")
    func identity() {
        #expect(Endpoint.all.count > 20)
        #expect(Set(Endpoint.all.map(\.id)).count == Endpoint.all.count)
        #expect(Set(Endpoint.all.map { "\($0.method.rawValue) \($0.path.text)" }).count == Endpoint.all.count)
    }

    @Test("declares each name in its path, and no parameter twice")
    func parameters() {
        for endpoint in Endpoint.all {
            let inPath = endpoint.parameters.filter { $0.place == .path }.map(\.name)
            #expect(inPath == endpoint.path.names, "\(endpoint.id)")
            let names = endpoint.parameters.map { "\($0.place.rawValue) \($0.name)" }
            #expect(Set(names).count == names.count, "\(endpoint.id)")
        }
    }

    @Test("is routed, and nothing else is")
    func routed() async throws {
        try await withService { service in
            let dependencies = ServerDependencies(
                store: service.store, time: service.clock, random: service.random, zones: SystemScheduleZones(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            let routes = try await APIService(dependencies).routes
            #expect(routes.map(\.endpoint.id).sorted() == Endpoint.all.map(\.id).sorted())
        }
    }

    @Test("refuses a parameter of the query that is unknown, with the accepted ones")
    func unknownParameters() async throws {
        try await eachEndpoint { endpoint, get in
            guard endpoint.refusesUnknownParameters else { return }
            let message = try await get("?no_such_parameter=1").error(.invalid)
            let accepted = (endpoint.query.map(\.name) + ["api_version"]).joined(separator: ", ")
            #expect(message == "Unknown parameter \"no_such_parameter\". Accepted: \(accepted).", "\(endpoint.id)")
        }
    }

    @Test("refuses an empty, a repeated and an invalid value of a parameter, and names the parameter")
    func invalidParameters() async throws {
        try await eachEndpoint { endpoint, get in
            for parameter in endpoint.query {
                let name = parameter.name
                #expect(try await get("?\(name)=").error(.invalid).contains("The parameter \(name) is empty"))
                let value = try #require(Self.values.first { Self.isAccepted($0, by: parameter) }, "\(endpoint.id) \(name)")
                let repeated = Array(repeating: "\(name)=\(value)", count: parameter.mostValues + 1).joined(separator: "&")
                #expect(try await get("?\(repeated)").error(.invalid).contains("The parameter \(name) appears more than"))
                let invalid = "no~such~value"
                if !Self.isAccepted(invalid, by: parameter) {
                    let message = try await get("?\(name)=\(invalid)").error(.invalid)
                    #expect(message.contains(name) && message.contains("\"\(invalid)\""), "\(endpoint.id): \(message)")
                }
            }
        }
    }

    @Test("suggests the parameter and the value that a misspelt one is close to")
    func suggestions() async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            #expect(
                try await service.get(Paths.runs + "?stat=failed", headers).error(.invalid).hasPrefix(
                    "Unknown parameter \"stat\". Did you mean state? Accepted: created_from,"))
            #expect(
                try await service.get(Paths.run(RunID(rawValue: "a")) + "?view=verbos", headers).error(.invalid)
                    == "Unknown view \"verbos\". Did you mean verbose? Accepted: overview, verbose.")
        }
    }

    /// Values, of which every parameter accepts one.
    private static let values = [
        "1", "true", "2024", "verbose", "failed", "pending", "state", "created", "desc", "text", "done", "stdout",
        String(repeating: "0", count: 40),
    ]

    private static func isAccepted(_ value: String, by parameter: any RequestParameter) -> Bool {
        (try? parameter.check(value)) != nil
    }

    /// Sends requests to each endpoint as an administrator.
    private func eachEndpoint(
        _ test: @Sendable (_ endpoint: Endpoint, _ get: (_ query: String) async throws -> TestResponse) async throws -> Void
    ) async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            for endpoint in Endpoint.all {
                let path = endpoint.path.filled(with: endpoint.path.names.map { _ in "x" })
                try await test(endpoint) { query in
                    try await service.send(endpoint.method, path + query, headers: headers)
                }
            }
        }
    }
}
