import Crypto
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Webhooks")
struct WebhookTests {
    static let key = Array("0123456789abcdef0123456789abcdef".utf8)
    static let secret = "whsec_" + Data(key).base64EncodedString()
    static let path = Paths.hook("orders", of: "cg-orders", tenant: ServiceUnderTest.acme)
    static let text =
        ServiceUnderTest.configuration("cg-orders") + """

            parameters:
              day: {type: date}
              count: {type: integer, default: 1}
              items: {type: json, required: false}
            triggers:
              - {webhook: orders, parameters: {day: "${trigger.body.day}"}}
              - {webhook: basket, secret: orders, parameters: {day: "${trigger.body.day}", items: "${trigger.body.items}"}}
              - {webhook: shop, secret: orders, parameters: {day: "${trigger.body.day}", count: "${trigger.body.count}"}}
            """

    private func prepare(_ service: ServiceUnderTest, secret: String? = secret) async throws -> HTTPFields {
        let headers = try await service.headers(.admin)
        try #require(try await service.save(Self.text, as: "cg-orders", headers).status == .created)
        if let secret {
            let body = JSONValue.object(["value": .string(secret)]).text
            try #require(try await service.send(.put, Paths.secret("orders"), headers: headers, body: body).status == .created)
        }
        return headers
    }

    /// The headers of Standard Webhooks.
    static func signed(_ body: String, id: String = "msg_1", at now: Timestamp, key: [UInt8] = key) -> HTTPFields {
        let seconds = now.milliseconds / 1_000
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(id).\(seconds).\(body)".utf8), using: SymmetricKey(data: key))
        return [
            WebhookTests.name("webhook-id"): id, WebhookTests.name("webhook-timestamp"): "\(seconds)",
            WebhookTests.name("webhook-signature"): "v1,\(Data(code).base64EncodedString())", .contentType: "application/json",
        ]
    }

    /// The header of GitHub.
    static func hub(_ body: String, secret: String = secret) -> HTTPFields {
        let code = HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: SymmetricKey(data: Array(secret.utf8)))
        let digits = code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return [name("X-Hub-Signature-256"): "sha256=\(digits)", .contentType: "application/json"]
    }

    static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .accept }

    private func call(
        _ service: ServiceUnderTest, _ body: String, _ headers: HTTPFields? = nil, to path: String = path
    ) async throws -> TestResponse {
        try await service.send(.post, path, headers: headers ?? Self.signed(body, at: service.clock.now), body: body)
    }

    private func firings(_ service: ServiceUnderTest) async throws -> [TriggerFiring] {
        try await service.store.firings(matching: FiringQuery(tenant: ServiceUnderTest.acme, configuration: "cg-orders")).firings
    }

    @Test("A signed call starts a run with the values of its body, whatever their types")
    func start() async throws {
        try await withService { service in
            let headers = try await prepare(service)
            service.clock.advance(by: .seconds(1))
            let body = #"{"day": "2024-02-03", "items": [{"id": 7}], "password": "hunter22"}"#
            let basket = Paths.hook("basket", of: "cg-orders", tenant: ServiceUnderTest.acme)
            let response = try await call(service, body, to: basket)
            #expect(response.status == .accepted)
            let answer = try response.json()
            #expect(answer["outcome"] == .string("started") && answer["is_repeated"] == .bool(false))
            let run = RunID(rawValue: try #require(answer["workflow_id"]?.string))
            let details = try #require(try await service.store.run(run, of: ServiceUnderTest.acme))
            #expect(details.origin.parameters.json.text == #"{"count":1,"day":"2024-02-03","items":[{"id":7}]}"#)
            #expect(details.run.principal == .trigger)
            let verbose = try await service.get(Paths.run(run) + "?view=verbose", headers).json()
            #expect(verbose["triggered_by"]?["webhook"] == .string("basket"))
            #expect(verbose["triggered_by"]?["firing_id"] == answer["firing_id"])
            // Nothing else of the body is kept.
            let listed = try await service.get(Paths.firings(of: "cg-orders"), headers)
            #expect(!listed.text.contains("hunter22") && listed.text.contains("2024-02-03"))
            let kept = try await firings(service)
            #expect(try FiringListAnswer(json: Array(listed.body.readableBytesView)).firings == kept)
            // The start has an event, with the address that the call came from.
            let events = try await service.store.auditEvents(matching: AuditQuery(of: ServiceUnderTest.acme)).events
            #expect(events.first?.type == AuditEventType.runStarted.rawValue && events.first?.principal == .trigger)
        }
    }

    @Test("A call that comes again gets the first answer, and starts nothing")
    func repetition() async throws {
        try await withService { service in
            _ = try await prepare(service)
            let body = #"{"day": "2024-02-03"}"#
            let first = try await call(service, body).json()
            service.clock.advance(by: .seconds(120))
            // A sender signs each attempt anew, and may send another body under the same id.
            for body in [body, #"{"day": "2024-02-04"}"#] {
                let again = try await call(service, body)
                #expect(again.status == .accepted)
                #expect(try again.json()["workflow_id"] == first["workflow_id"])
                #expect(try again.json()["is_repeated"] == .bool(true))
            }
            let other = try await call(service, body, Self.signed(body, id: "msg_2", at: service.clock.now)).json()
            #expect(other["workflow_id"] != first["workflow_id"])
            #expect(try await firings(service).count == 2)
        }
    }

    @Test("GitHub's signature is taken, and its calls are told apart by their bodies")
    func hub() async throws {
        try await withService { service in
            _ = try await prepare(service)
            let body = #"{"day": "2024-02-03"}"#
            var headers = Self.hub(body)
            headers[Self.name("X-GitHub-Delivery")] = "a"
            let first = try await call(service, body, headers)
            #expect(first.status == .accepted)
            // The signature does not cover the id, which a replay could change.
            headers[Self.name("X-GitHub-Delivery")] = "b"
            #expect(try await call(service, body, headers).json()["is_repeated"] == .bool(true))
            let other = #"{"day": "2024-02-04"}"#
            #expect(try await call(service, other, Self.hub(other)).json()["is_repeated"] == .bool(false))
            #expect(try await firings(service).count == 2)
            #expect(try await call(service, other, headers).error(.unauthenticated).contains("X-Hub-Signature-256 does not match"))
        }
    }

    @Test("GitHub's ping is verified and starts nothing, also where values are needed")
    func ping() async throws {
        try await withService { service in
            _ = try await prepare(service)
            let body = #"{"zen": "Design for failure.", "hook_id": 7}"#
            var headers = Self.hub(body)
            headers[Self.name("X-GitHub-Event")] = "ping"
            let response = try await call(service, body, headers)
            #expect(response.status == .ok)
            #expect(try response.json()["outcome"] == .string("ping"))
            #expect(try await firings(service).isEmpty)
            headers[Self.name("X-GitHub-Event")] = "push"
            #expect(try await call(service, body, headers).status == .unprocessableContent)
            // Only with a signature.
            headers = Self.hub(body, secret: "another secret of 32 bytes or so")
            headers[Self.name("X-GitHub-Event")] = "ping"
            #expect(try await call(service, body, headers).status == .unauthorized)
            // Standard Webhooks have no such event.
            headers = Self.signed(body, at: service.clock.now)
            headers[Self.name("X-GitHub-Event")] = "ping"
            #expect(try await call(service, body, headers).status == .unprocessableContent)
        }
    }

    @Test("A call with a wrong, old or missing signature is refused with a sentence, and leaves no row")
    func signatures() async throws {
        try await withService { service in
            _ = try await prepare(service)
            let body = #"{"day": "2024-02-03"}"#
            let now = service.clock.now
            func refusal(_ headers: HTTPFields, _ kind: APIError.Kind = .unauthenticated) async throws -> String {
                let response = try await call(service, body, headers)
                #expect((response.headers[.wwwAuthenticate] != nil) == (kind == .unauthenticated))
                return try response.error(kind)
            }
            #expect(try await refusal([.contentType: "application/json"]).contains("has no signature"))
            #expect(
                try await refusal(Self.signed(body, at: now, key: [1, 2, 3])).contains("No signature in webhook-signature matches"))
            #expect(try await refusal(Self.signed(body + " ", at: now)).contains("No signature in webhook-signature matches"))
            #expect(try await refusal(Self.hub(body, secret: "other")).contains("X-Hub-Signature-256 does not match"))
            for seconds in [-301, 301] {
                let message = try await refusal(Self.signed(body, at: now + .seconds(seconds)))
                #expect(message.contains("301 seconds \(seconds < 0 ? "behind" : "ahead of") the clock"), "\(message)")
            }
            for (header, value, text) in [
                ("webhook-timestamp", "yesterday", "whole seconds"), ("webhook-timestamp", "-5", "whole seconds"),
                ("webhook-id", String(repeating: "x", count: TriggerLimits.deliveryBytes + 1), "129 bytes"),
                ("webhook-id", "", "0 bytes"),
            ] {
                var headers = Self.signed(body, at: now)
                headers[Self.name(header)] = value
                #expect(try await refusal(headers, .invalid).contains(text))
            }
            for header in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
                var headers = Self.signed(body, at: now)
                headers[Self.name(header)] = nil
                #expect(try await refusal(headers).contains("not complete"))
            }
            #expect(try await firings(service).isEmpty)
            #expect(try await service.store.runs(matching: RunQuery(tenant: ServiceUnderTest.acme)).runs.isEmpty)
        }
    }

    @Test("The edges of tolerance, of the id and of several signatures are accepted")
    func edges() async throws {
        try await withService { service in
            _ = try await prepare(service)
            let body = #"{"day": "2024-02-03"}"#
            let now = service.clock.now
            let longest = String(repeating: "x", count: TriggerLimits.deliveryBytes)
            for (id, seconds) in [("early", -300), ("late", 300), (longest, 0)] {
                let response = try await call(service, body, Self.signed(body, id: id, at: now + .seconds(seconds)))
                #expect(response.status == .accepted, "\(response.text)")
            }
            // A sender that rotates its secret signs with both.
            var headers = Self.signed(body, id: "rotated", at: now)
            let own = try #require(headers[Self.name("webhook-signature")])
            let other = try #require(Self.signed(body, id: "rotated", at: now, key: [1])[Self.name("webhook-signature")])
            headers[Self.name("webhook-signature")] = "v1a,abc \(other) \(own)"
            #expect(try await call(service, body, headers).status == .accepted)
            #expect(try await firings(service).count == 4)
        }
    }

    @Test("A body that is too large, or no JSON, is refused; a value that is missing or not accepted is recorded")
    func bodies() async throws {
        try await withService { service in
            _ = try await prepare(service)
            let filler = String(repeating: "x", count: TriggerLimits.bodyBytes - #"{"day":"2024-02-03","x":""}"#.utf8.count)
            let largest = #"{"day":"2024-02-03","x":"\#(filler)"}"#
            #expect(largest.utf8.count == TriggerLimits.bodyBytes)
            #expect(try await call(service, largest).status == .accepted)
            #expect(try await call(service, largest + " ").error(.tooLarge).contains("\(TriggerLimits.bodyBytes) bytes"))
            #expect(try await call(service, "day=2024-02-03").error(.invalid).contains("is not valid JSON: line 1, column 1"))
            #expect(try await firings(service).count == 1)
            service.clock.advance(by: .seconds(1))
            for (id, body, text) in [
                ("missing", "{}", "`${trigger.body.day}` is not there: `trigger.body` has no `day`."),
                ("wrong", #"{"day": "Friday"}"#, "`day` must be a date"),
                ("list", "[1]", "is a list, not a JSON object"),
                ("large", #"{"day": "\#(filler.dropLast(100))"}"#, "bytes"),
            ] {
                for _ in 0..<2 {
                    let response = try await call(service, body, Self.signed(body, id: id, at: service.clock.now))
                    let message = try response.error(.keyMismatch)
                    #expect(message.contains(text) && message.contains("No run was started"), "\(message)")
                    service.clock.advance(by: .seconds(1))
                }
                let firing = try #require(try await firings(service).first)
                #expect(firing.outcome == .refused && firing.note?.contains(text) == true && firing.run == nil)
            }
            #expect(try await firings(service).count == 5)
            // A whole value that is null is left out, and a number stays one.
            let other = Paths.hook("shop", of: "cg-orders", tenant: ServiceUnderTest.acme)
            for (id, count, expected) in [("null", "null", 1), ("number", "5", 5)] as [(String, String, Int64)] {
                let body = #"{"day": "2024-02-03", "count": \#(count)}"#
                let answer = try await call(service, body, Self.signed(body, id: id, at: service.clock.now), to: other).json()
                let run = RunID(rawValue: try #require(answer["workflow_id"]?.string))
                #expect(
                    try await service.store.run(run, of: ServiceUnderTest.acme)?.origin.parameters["count"] == .integer(expected))
            }
        }
    }

    @Test("Without a usable secret, nothing starts")
    func secrets() async throws {
        try await withService { service in
            let headers = try await prepare(service, secret: nil)
            let body = #"{"day": "2024-02-03"}"#
            #expect(try await call(service, body).error(.unavailable).contains("is not set"))
            func set(_ secret: String) async throws {
                let value = JSONValue.object(["value": .string(secret)]).text
                _ = try await service.send(.put, Paths.secret("orders"), headers: headers, body: value)
            }
            for short in [String(repeating: "k", count: TriggerLimits.shortestKey - 1), "whsec_not base64!", "whsec_c2hvcnQ="] {
                try await set(short)
                #expect(try await call(service, body).error(.unavailable).contains("cannot sign calls"))
            }
            let text = String(repeating: "k", count: TriggerLimits.shortestKey)
            try await set(text)
            let response = try await call(service, body, Self.signed(body, at: service.clock.now, key: Array(text.utf8)))
            #expect(response.status == .accepted)
            // The secret before counts no longer.
            try await set(Self.secret)
            let old = Self.signed(body, id: "msg_2", at: service.clock.now, key: Array(text.utf8))
            #expect(try await call(service, body, old).status == .unauthorized)
        }
    }

    @Test("Addresses that name nothing get one answer")
    func unknown() async throws {
        try await withService { service in
            _ = try await prepare(service)
            let body = #"{"day": "2024-02-03"}"#
            for path in [
                "/hooks/acme/cg-orders/other", "/hooks/acme/cg-other/orders", "/hooks/other/cg-orders/orders", "/hooks/A/b/c",
            ] {
                #expect(try await call(service, body, to: path).error(.notFound) == "There is no webhook at this address.")
            }
            #expect(try await service.get(Self.path, [:]).status == .methodNotAllowed)
        }
    }

    @Test("A paused workflow records calls and starts nothing, and one that cannot run says so")
    func held() async throws {
        try await withService { service in
            let headers = try await prepare(service)
            _ = try await service.post(Paths.pause(of: "cg-orders"), headers, json: #"{"reason": "migration"}"#)
            let body = #"{"day": "2024-02-03"}"#
            let paused = try await call(service, body)
            #expect(paused.status == .accepted)
            let answer = try paused.json()
            #expect(answer["outcome"] == .string("paused") && answer["workflow_id"] == nil)
            #expect(answer["message"] == .string("The workflow was paused by CI: migration"))
            _ = try await service.send(.post, Paths.resume(of: "cg-orders"), headers: headers)
            #expect(try await call(service, body).json()["outcome"] == .string("paused"))
            #expect(try await firings(service).map(\.outcome) == [.paused])
        }
    }

    @Test("The rate limit of the tenant counts calls with a valid signature, and no others")
    func rateLimit() async throws {
        try await withService(settings: ServerSettings(rateLimit: 2)) { service in
            // The requests that prepare the service count, too.
            _ = try await prepare(service)
            service.clock.advance(by: .seconds(5))
            let body = #"{"day": "2024-02-03"}"#
            for _ in 0..<5 {
                #expect(try await call(service, body, Self.hub(body, secret: "wrong")).status == .unauthorized)
            }
            var statuses: [Int] = []
            for id in 0..<4 {
                statuses.append(try await call(service, body, Self.signed(body, id: "\(id)", at: service.clock.now)).status.code)
            }
            #expect(statuses.filter { $0 == 202 }.count == 2 && statuses.filter { $0 == 429 }.count == 2)
            #expect(try await firings(service).count == 2)
        }
    }
}

@Suite("Firings over the API")
struct FiringRouteTests {
    @Test("are listed newest first and in pages, outlive their configuration, and are not found for an unknown one")
    func listing() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            for second in 0..<5 {
                let now = service.clock.now + .seconds(second)
                let firing = StoreBench.call("msg_\(second)", of: "cg-daily", tenant: ServiceUnderTest.acme, at: now)
                _ = try await service.store.record(firing.ended(.refused, "No day.", at: now), at: now)
            }
            let path = Paths.firings(of: "cg-daily")
            func page(_ query: String) async throws -> FiringListAnswer {
                try FiringListAnswer(json: Array(try await service.get(path + query, headers).body.readableBytesView))
            }
            let all = try await page("")
            #expect(all.firings.map(\.firedAt) == (0..<5).reversed().map { service.clock.now + .seconds($0) })
            let first = try await page("?limit=3")
            let token = try #require(first.nextToken)
            let second = try await page("?limit=3&next_token=\(token)")
            #expect(first.firings + second.firings == all.firings && second.nextToken == nil)
            #expect(try await service.get("\(Paths.ticks(of: "cg-daily"))?next_token=\(token)", headers).status == .badRequest)
            let from = (service.clock.now + .seconds(3)).iso8601
            #expect(try await page("?from=\(from)").firings.count == 2)
            let viewer = try await service.headers(.viewer, of: ServiceUnderTest.other)
            #expect(try await service.get(path, viewer).status == .notFound)
            _ = try await service.send(.delete, Paths.configuration("cg-daily"), headers: headers)
            #expect(try await service.get(path, headers).status == .ok)
            #expect(try await service.get(Paths.firings(of: "cg-nowhere"), headers).status == .notFound)
        }
    }

    private func warnings(_ response: TestResponse) throws -> [String] {
        guard case .array(let items)? = try response.json()["warnings"] else { return [] }
        return items.compactMap(\.string)
    }

    @Test("A configuration with triggers shows them, and warns of workflows that do not exist")
    func definition() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let text =
                ServiceUnderTest.configuration("cg-report")
                + "\ntriggers:\n  - {after: cg-sources, on: [failed], range: trigger}\n  - {webhook: orders, run_mode: source}\n"
            let saved = try await service.save(text, as: "cg-report", headers)
            #expect(saved.status == .created)
            let warnings = try self.warnings(saved)
            #expect(warnings.count == 2, "\(warnings)")
            #expect(warnings[0].contains("cg-report:21") && warnings[0].contains("\"cg-sources\""))
            #expect(warnings[1].contains("The secret \"orders\" is not set"))
            let triggers = try await service.get(Paths.configuration("cg-report"), headers).json()["triggers"]
            #expect(
                triggers?.text == #"[{"after":"cg-sources","on":["failed"],"range":"trigger"},"#
                    + #"{"webhook":"orders","path":"/hooks/acme/cg-report/orders","secret":"orders","run_mode":"source"}]"#)
            _ = try await service.save(ServiceUnderTest.configuration("cg-sources"), as: "cg-sources", headers)
            let again = try await service.save(text + "# again\n", as: "cg-report", headers)
            #expect(try self.warnings(again).count == 1)
        }
    }
}
