import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@Suite("Alerts over the API")
struct AlertTests {
    private static let order = #"{"name":"ops","url":"https://hooks.example/T/secret","on":["failed","stopped"]}"#

    private var alerting: String {
        ServiceUnderTest.configuration().replacing("warn_after: 2h", with: "alerts: [{to: ops, on: [stopped]}]")
    }

    @Test("a receiver is created, shown, changed, rotated and dropped; only creation and rotation answer with the secret")
    func receivers() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let made = try await service.post(Paths.alertReceivers, headers, json: Self.order)
            #expect(made.status == .created && made.headers[.location] == Paths.alertReceiver("ops"))
            let secret = try #require(try made.json()["secret"]?.string)
            #expect(secret.hasPrefix("whsec_") && secret.utf8.count == 50)
            let stored = try #require(try await service.store.receivers(of: ServiceUnderTest.acme).first)
            #expect(WebhookSecret.text(stored.secret) == secret && stored.url == "https://hooks.example/T/secret")

            for path in [Paths.alertReceivers, Paths.alertReceiver("ops")] {
                let shown = try await service.get(path, headers).text
                #expect(shown.contains("https://hooks.example/…") && !shown.contains("T/secret") && !shown.contains("whsec_"))
            }
            let again = try await service.post(Paths.alertReceivers, headers, json: Self.order)
            #expect(try again.error(.conflict).contains("ops"))

            var json = headers
            json[.contentType] = "application/json"
            let changed = try await service.send(
                .put, Paths.alertReceiver("ops"), headers: json,
                body: #"{"kind":"slack","url":"https://other.example/","on":["slow"],"attribution":"platform","types":["a.b"]}"#)
            #expect(changed.status == .ok && !changed.text.contains("secret"))
            #expect(try changed.json()["kind"]?.string == "slack" && changed.json()["on"] == .array([.string("slow")]))
            let rotated = try await service.send(.post, Paths.alertReceiver("ops") + "/rotate", headers: headers)
            #expect(
                try rotated.json()["secret"]?.string?.hasPrefix("whsec_") == true && rotated.json()["secret"] != .string(secret))
            #expect(try await service.store.receivers(of: ServiceUnderTest.acme).first?.previousSecret == stored.secret)
            let tested = try await service.send(.post, Paths.alertReceiver("ops") + "/test", headers: headers)
            #expect(
                try tested.json()["delivered"] == .bool(false) && tested.json()["answer"]?.string == "This service sends no alerts."
            )
            #expect(try await service.send(.delete, Paths.alertReceiver("ops"), headers: headers).status == .noContent)
            for (method, path) in [
                (HTTPRequest.Method.get, ""), (.delete, ""), (.post, "/rotate"), (.post, "/enable"), (.post, "/test"),
            ] {
                let gone = try await service.send(method, Paths.alertReceiver("ops") + path, headers: headers)
                #expect(gone.status == .notFound)
            }
        }
    }

    @Test(
        "an invalid receiver is refused with the accepted values",
        arguments: [
            ("", "empty"), ("{}", "name"), (#"{"name":"ops"}"#, "url"),
            (#"{"name":"Ops","url":"https://a.example"}"#, "lower-case"),
            (#"{"name":"ops","url":"https://a.example","on":["failing"]}"#, "succeeded"),
            (#"{"name":"ops","url":"https://a.example","kind":"mail"}"#, "webhook, slack"),
            (#"{"name":"ops","url":"https://a.example","secret":"mine"}"#, "secret is unknown. Accepted: name"),
            (#"{"name":"ops","url":"ftp://a.example"}"#, "https://"), (#"{"name":"ops","url":"https://u@a.example"}"#, "user"),
            (#"{"name":"ops","url":"https://127.0.0.1/"}"#, "--alerts-allow"),
            (#"{"name":"ops","url":"https://[::1]/"}"#, "private"),
            (#"{"name":"ops","url":"https://2130706433/"}"#, "four decimal"),
            (#"{"name":"ops","url":"http://1.1.1.1/"}"#, "https://"),
        ])
    func refusals(body: String, said: String) async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let refused = try await service.post(Paths.alertReceivers, headers, json: body)
            #expect(try refused.error(.invalid).contains(said), "\(refused.text)")
            #expect(try await service.store.receivers(of: ServiceUnderTest.acme).isEmpty)
        }
    }

    @Test("viewers list alerts, operators resend them, and admins manage receivers")
    func policies() async throws {
        try await withService { service in
            let viewer = try await service.headers(.viewer)
            let worker = try await service.headers(.operator)
            #expect(try await service.get(Paths.alerts, viewer).status == .ok)
            #expect(try await service.send(.post, Paths.resend(alert: "x"), headers: viewer).status == .forbidden)
            #expect(try await service.send(.post, Paths.resend(alert: "x"), headers: worker).status == .notFound)
            #expect(try await service.get(Paths.alertReceivers, worker).status == .forbidden)
            #expect(try await service.post(Paths.alertReceivers, worker, json: Self.order).status == .forbidden)
        }
    }

    @Test("a configuration names existing receivers; a receiver that is dropped later makes its rule silent")
    func configurations() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let text = alerting
            let refused = try await service.save(text, as: "cg-daily", headers)
            #expect(try refused.error(.invalid).contains("names the receiver ops, which does not exist; the tenant has none yet"))
            _ = try await service.post(Paths.alertReceivers, headers, json: Self.order.replacing("ops", with: "chat"))
            let other = try await service.save(text, as: "cg-daily", headers)
            #expect(try other.error(.invalid).contains("the tenant has chat"))
            _ = try await service.post(Paths.alertReceivers, headers, json: Self.order)
            #expect(try await service.save(text, as: "cg-daily", headers).status == .created)
            #expect(try await service.get(Paths.alerts, headers).json()["silent_rules"] == nil)
            _ = try await service.send(.delete, Paths.alertReceiver("ops"), headers: headers)
            let answer = try AlertListAnswer(json: Array(try await service.get(Paths.alerts, headers).body.readableBytesView))
            #expect(answer.silent == [SilentRule(configuration: "cg-daily", receiver: "ops")])
        }
    }

    @Test("alerts are listed by state, in pages, and resent")
    func listing() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            _ = try await service.post(Paths.alertReceivers, headers, json: Self.order)
            _ = try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers)
            var ids: [String] = []
            for _ in 0..<3 {
                let run = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#).json()["id"]?.string
                let id = try #require(run)
                _ = try await service.send(.post, Paths.stop(RunID(rawValue: id)), headers: headers)
                ids.insert("\(id)_stopped_ops", at: 0)
            }
            let first = try AlertListAnswer(
                json: Array(try await service.get(Paths.alerts + "?limit=2", headers).body.readableBytesView))
            let token = try #require(first.nextToken)
            let second = try AlertListAnswer(
                json: Array(try await service.get(Paths.alerts + "?limit=2&next_token=\(token)", headers).body.readableBytesView))
            #expect((first.alerts + second.alerts).map(\.id) == ids && second.nextToken == nil)
            #expect(Int(token) == nil, "The place is not sent bare.")
            let others = try await service.headers(.admin, of: ServiceUnderTest.other)
            for (path, headers) in [
                (Paths.alerts + "?next_token=2", headers), (Paths.alerts + "?next_token=\(token)", others),
                (Paths.alerts + "?state=pending&next_token=\(token)", headers), (Paths.alerts + "?next_token=\(token)A", headers),
                (Paths.alerts + "?next_token=null", headers), (Paths.runs + "?next_token=\(token)", headers),
            ] {
                #expect(try await service.get(path, headers).error(.invalid).hasPrefix("next_token "), "\(path)")
            }
            #expect(first.alerts.first == (try await service.store.alert(ids[0], of: ServiceUnderTest.acme)))
            #expect(try await service.get(Paths.alerts + "?state=delivered", headers).json()["data"] == .array([]))
            for bad in ["?state=done", "?limit=0", "?next_token=x", "?next_token=-1", "?other=1"] {
                #expect(try await service.get(Paths.alerts + bad, headers).error(.invalid).isEmpty == false, "\(bad)")
            }
            let sent = try await service.send(.post, Paths.resend(alert: ids[0]), headers: headers)
            #expect(try Alert(json: Array(sent.body.readableBytesView)).state == .pending)
            _ = try await service.store.changeReceiver(
                ReceiverUpdate("ops", of: ServiceUnderTest.acme, .disabled("No.")), at: service.clock.now)
            let disabled = try await service.send(.post, Paths.resend(alert: ids[0]), headers: headers)
            #expect(try disabled.error(.conflict).contains("enable it first"))
            _ = try await service.send(.post, Paths.alertReceiver("ops") + "/enable", headers: headers)
            #expect(try await service.send(.post, Paths.resend(alert: ids[0]), headers: headers).status == .ok)
            _ = try await service.send(.delete, Paths.alertReceiver("ops"), headers: headers)
            #expect(try await service.send(.post, Paths.resend(alert: ids[0]), headers: headers).status == .conflict)
        }
    }

    @Test("the page shows receivers and alerts, and lets operators send again")
    func page() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            _ = try await service.post(Paths.alertReceivers, headers, json: Self.order)
            _ = try await service.save(alerting, as: "cg-daily", headers)
            let id = try #require(
                try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#).json()["id"]?.string)
            _ = try await service.send(.post, Paths.stop(RunID(rawValue: id)), headers: headers)
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let shown = try await viewer.get("/settings/alerts").text
            #expect(shown.contains("https://hooks.example/…") && shown.contains(id) && !shown.contains("Send again"))
            #expect(try await worker.get("/settings/alerts").text.contains("Send again"))
            let resend = "/settings/alerts/\(id)_stopped_ops/resend"
            #expect(try await viewer.post(resend).status == .forbidden)
            #expect(try await worker.post(resend).headers[.location] == "/settings/alerts")
            _ = try await service.store.changeReceiver(
                ReceiverUpdate("ops", of: ServiceUnderTest.acme, .disabled("It said 410.")), at: service.clock.now)
            #expect(try await worker.post("/settings/alerts/receivers/ops/enable").status == .forbidden)
            let (admin, _) = try await BrowserSession.signedIn(.admin, on: service)
            let disabled = try await admin.get("/settings/alerts").text
            #expect(disabled.contains("It said 410.") && disabled.contains("which is disabled or does not exist"))
            #expect(try await admin.post("/settings/alerts/receivers/ops/enable").status == .seeOther)
            #expect(try await service.store.receivers(of: ServiceUnderTest.acme).first?.disabledAt == nil)
        }
    }
}
