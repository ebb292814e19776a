import AsyncHTTPClient
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOHTTP1
import PostgresStore
import PostgresTestKit
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

/// The contract as a test: every request line, header set and body that it describes, over a socket, on both stores.
@Suite("The contract")
struct ContractTests {
    enum Store: String, CaseIterable, Sendable {
        case sqlite, postgres
    }

    @Test("every documented call is answered as documented", arguments: ContractPart.allCases, Store.allCases)
    func replay(part: ContractPart, store: Store) async throws {
        let settings = ServerSettings(domain: "runs.example", rateLimit: 0)
        switch store {
        case .sqlite: try await withService(.ahc(), settings: settings) { try await Self.replay(part, on: $0) }
        case .postgres:
            try await TestDatabase.withStore { store in
                try await withService(on: store, .ahc(), settings: settings) { try await Self.replay(part, on: $0) }
            }
        }
    }

    private static func replay(_ part: ContractPart, on service: ServiceUnderTest) async throws {
        var session = try await ContractSession(service)
        for call in part.calls { try await session.replay(call) }
    }
}

/// A service with the history that the calls of the contract need, and the values that calls remember.
private struct ContractSession {
    private let port: Int
    private var remembered: [String: String] = [:]

    init(_ service: ServiceUnderTest) async throws {
        port = try #require(service.client.port)
        for policy in AccessPolicy.allCases {
            let made = try await service.makeKey(policy)
            remembered[policy.rawValue] = try await service.token(for: made)
            remembered["\(policy.rawValue)-id"] = made.key.id
            remembered["\(policy.rawValue)-secret"] = made.clientSecret
        }
        remembered["basic"] = Data("\(known("viewer-id")):\(known("viewer-secret"))".utf8).base64EncodedString()
        let other = try await service.makeKey(.admin, of: ServiceUnderTest.other)
        remembered["other"] = try await service.token(for: other)
        remembered["other-id"] = other.key.id
        try await service.addRuns(ContractHistory.runs(service))
        let theirs = try service.run("wf-theirs", created: "2024-02-01", of: ServiceUnderTest.other)
        try await service.addRuns([theirs], to: ServiceUnderTest.other)
        let admin = ServiceUnderTest.headers(token: known("admin"))
        let text = ServiceUnderTest.configuration("cg-123ABc4DE")
        try #require(try await service.save(text, as: "cg-123ABc4DE", admin).status == .created)
        remembered["working"] = try await ContractHistory.workingRun(service, admin)
    }

    private func known(_ name: String) -> String { remembered[name] ?? "" }

    mutating func replay(_ call: ContractCall) async throws {
        let parts = filled(call.request).split(separator: " ", maxSplits: 1).map(String.init)
        var request = HTTPClientRequest(url: "http://localhost:\(port)\(parts[1])")
        request.method = HTTPMethod(rawValue: parts[0])
        for (name, value) in call.headers { request.headers.add(name: name, value: filled(value)) }
        if let key = call.key, !request.headers.contains(name: "Authorization") {
            request.headers.add(name: "Authorization", value: "Bearer \(known(key))")
        }
        if let body = call.body { request.body = .bytes(ByteBuffer(string: filled(body))) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        let place = "\(call.rule): \(call.request) → \(response.status.code) \(String(buffer: bytes).prefix(400))"
        #expect(response.status.code == UInt(call.status), "\(place)")
        #expect(response.headers[HeaderNames.version.rawName] == ["2024-04-01"], "\(place)")
        #expect(response.headers["Request-Id"].count == 1, "\(place)")
        for check in call.checks { try self.check(check, bytes, response.headers, place) }
    }

    private mutating func check(
        _ check: ContractCall.Check, _ body: ByteBuffer, _ headers: HTTPHeaders, _ place: String
    ) throws {
        let text = String(buffer: body)
        switch check {
        case .has(let piece): #expect(text.contains(filled(piece)), "\(piece) is missing in \(place)")
        case .lacks(let piece): #expect(!text.contains(filled(piece)), "\(piece) is in \(place)")
        case .header(let name, let value): #expect(headers[name] == [filled(value)], "\(name) in \(place)")
        case .runs(let ids):
            let found = try RunListAnswer(json: Array(body.readableBytesView)).runs.map { $0.id.rawValue.dropFirst(3) }
            #expect(found.joined(separator: " ") == ids, "\(place)")
        case .members(let names):
            var found: [String] = []
            try JSONReader.read(Array(body.readableBytesView)) { reader in
                try reader.object { reader, name in
                    found.append(name)
                    try reader.skip()
                }
            }
            #expect(found.joined(separator: " ") == names, "\(place)")
        case .remember(let member, let name):
            remembered[name] = try #require(JSONValue(json: body.readableBytesView)?[member]?.string, "\(place)")
        }
    }

    private func filled(_ text: String) -> String {
        var text = text
        for (name, value) in remembered { text = text.replacing("{\(name)}", with: value) }
        return text
    }
}

/// Runs of every state, by the name of their state, created on the first days of February 2024.
private enum ContractHistory {
    static func runs(_ service: ServiceUnderTest) throws -> [WorkflowRun] {
        try RunState.allCases.enumerated().map { index, state in
            let day = "2024-02-0\(index + 1)"
            var run = try service.run(
                "wf-\(state.rawValue)", created: day, ended: state.hasEnded ? "\(day)T0\(9 - index):30:15.250Z" : nil, state: state,
                type: index.isMultiple(of: 2) ? "courier.group/run" : "campaign.send")
            if state == .failed {
                run.error = RunError(attribution: nil, type: "amperity.courier/failed", message: "No such table")
                run.principal.email = "operator@shop.example"
            }
            return run
        }
    }

    /// A run with an executing task.
    static func workingRun(_ service: ServiceUnderTest, _ admin: HTTPFields) async throws -> String {
        let started = try await service.post(Paths.runs, admin, json: #"{"config_id":"cg-123ABc4DE","run_mode":"source"}"#)
        let id = try #require(try started.json()["id"]?.string)
        let now = service.clock.now
        let claimed = try await service.store.claimTasksOfAllTenants(
            TaskClaim(limit: 1, worker: "w", until: now + .seconds(60)), at: now)
        let lease = try #require(claimed.first).lease
        _ = try await service.store.commit(.began, under: lease, at: now)
        return id
    }
}
