import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowServer

@Suite("The audit log over the API")
struct AuditTests {
    private func events(_ service: ServiceUnderTest, of tenant: Tenant = ServiceUnderTest.acme) async throws -> [AuditEvent] {
        try await service.store.auditEvents(matching: AuditQuery(of: tenant)).events
    }

    @Test("is read as it was written, in pages")
    func pages() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            for name in ["a", "b", "c"] {
                service.clock.advance(by: .seconds(1))
                _ = try await service.send(.put, Paths.view(name), headers: headers, body: #"{"search":""}"#)
            }
            let first = try AuditListAnswer(
                json: Array(
                    try await service.get(Paths.auditEvents + "?limit=2&with_total=true", headers).body.readableBytesView))
            #expect(first.events.map(\.object.id) == ["c", "b"] && first.total == 4)
            let token = try #require(first.nextToken)
            let second = try AuditListAnswer(
                json: Array(try await service.get(Paths.auditEvents + "?next_token=\(token)", headers).body.readableBytesView))
            #expect(second.events.map(\.type) == ["weir.view/saved", "weir.token/exchanged"] && second.nextToken == nil)
            #expect(try await events(service) == first.events + second.events)
        }
    }

    @Test("belongs to its tenant, and a token opens no other tenant's log")
    func tenants() async throws {
        try await withService { service in
            let (ours, theirs) = (
                try await service.headers(.admin), try await service.headers(.admin, of: ServiceUnderTest.other)
            )
            _ = try await service.send(.put, Paths.view("ours"), headers: ours, body: #"{"search":""}"#)
            #expect(try await !service.get(Paths.auditEvents, theirs).text.contains("ours"))
            let page = try await service.get(Paths.auditEvents + "?limit=1", ours)
            let token = try #require(try page.json()["next_token"]?.string)
            #expect(try await service.get(Paths.auditEvents + "?next_token=\(token)", theirs).status == .badRequest)
            var crossed = theirs
            crossed[HeaderNames.historicalTenant] = "acme"
            #expect(try await service.get(Paths.auditEvents, crossed).status == .forbidden)
        }
    }

    @Test("says who did it, with which token and which client")
    func origin() async throws {
        try await withService { service in
            let credentials = try await service.makeKey(.admin)
            var headers = ServiceUnderTest.headers(token: try await service.token(for: credentials))
            headers[.userAgent] = "curl/8.5 \u{1B}[31m" + String(repeating: "x", count: 300)
            for name in ["a", "b"] {
                _ = try await service.send(.put, Paths.view(name), headers: headers, body: #"{"search":""}"#)
            }
            let found = try await events(service).filter { $0.type == "weir.view/saved" }
            #expect(found.count == 2 && Set(found.map(\.origin.session)).count == 1)
            let event = try #require(found.first)
            #expect(event.principal == credentials.key.principal)
            #expect(event.origin.session.utf8.count == 16 && event.origin.userAgent.unicodeScalars.count == 257)
            #expect(event.origin.userAgent.hasPrefix("curl/8.5 ") && !event.origin.userAgent.contains("\u{1B}"))
        }
    }

    @Test("has refused secrets of a key, but not without a limit, and none of unknown keys")
    func refusals() async throws {
        try await withService { service in
            let (key, _) = try await service.makeKey(.viewer)
            func attempt(_ id: String) async throws {
                let response = try await service.send(
                    .post, Paths.token, headers: [.contentType: "application/x-www-form-urlencoded"],
                    body: "client_id=\(id)&client_secret=wrong")
                #expect(response.status == .unauthorized)
            }
            for _ in 0..<15 { try await attempt(key.id) }
            try await attempt("wk_unknown")
            let found = try await events(service)
            #expect(found.count == AuditedRefusals.most)
            #expect(found.allSatisfy { $0.type == "weir.token/refused" && $0.object.id == key.id })
            service.clock.advance(by: AuditedRefusals.window)
            try await attempt(key.id)
            #expect(try await events(service).count == AuditedRefusals.most + 1)
        }
    }

    @Test("has no event of a request that is refused, or that changes nothing")
    func nothing() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let viewer = try await service.headers(.viewer)
            let text = ServiceUnderTest.configuration()
            #expect(try await service.save(text, as: "cg-daily", headers).status == .created)
            let before = try await events(service).count
            #expect(try await service.save(text, as: "cg-daily", headers).status == .ok)
            #expect(
                try await service.send(
                    .put, Paths.configuration("cg-daily") + "?dry_run=true",
                    headers: headers.with(.contentType, "application/yaml"), body: text
                ).status == .ok)
            #expect(try await service.send(.delete, Paths.view("none"), headers: headers).status == .notFound)
            #expect(try await service.post(Paths.runs, headers, json: #"{"config_id":"none"}"#).status == .badRequest)
            #expect(try await service.post(Paths.runs, viewer, json: #"{"config_id":"cg-daily"}"#).status == .forbidden)
            #expect(try await service.get(Paths.runs, headers).status == .ok)
            #expect(try await events(service).count == before)
        }
    }
}

extension HTTPFields {
    fileprivate func with(_ name: HTTPField.Name, _ value: String) -> HTTPFields {
        var fields = self
        fields[name] = value
        return fields
    }
}
