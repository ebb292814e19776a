import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Subscriptions of receivers to runs")
struct SubscriptionTests {
    /// A run under way, and the receivers ops, chat and off, which is disabled.
    private static func withRun(_ body: @Sendable @escaping (ServiceUnderTest, RunID) async throws -> Void) async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            for name in ["ops", "chat", "off"] {
                let order = #"{"name":"\#(name)","url":"https://hooks.example/\#(name)","on":["slow"]}"#
                try #require(try await service.post(Paths.alertReceivers, headers, json: order).status == .created)
            }
            let disabled = ReceiverUpdate("off", of: ServiceUnderTest.acme, .disabled("Said 410."))
            _ = try await service.store.changeReceiver(disabled, at: service.clock.now)
            try #require(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers).status == .created)
            let started = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            try await body(service, RunID(rawValue: try #require(try started.json()["id"]?.string)))
        }
    }

    private static func alerts(_ service: ServiceUnderTest) async throws -> [String] {
        try await service.store.alerts(matching: AlertQuery(of: ServiceUnderTest.acme, limit: 100)).alerts
            .map { "\($0.event.rawValue) \($0.receiver)" }.sorted()
    }

    @Test("an operator has a receiver told, once, and viewers see who is told")
    func subscribing() async throws {
        try await Self.withRun { service, id in
            let (operating, reading) = (try await service.headers(.operator), try await service.headers(.viewer))
            let path = Paths.subscription(of: "ops", to: id)
            let first = try await service.send(.put, path, headers: operating)
            #expect(first.status == .created && first.headers[.location] == Paths.subscriptions(to: id), "\(first.text)")
            let answer = try SubscriptionAnswer(json: Array(first.body.readableBytesView))
            #expect(answer.subscription.receiver == "ops" && answer.event == nil)
            #expect(answer.subscription.requestedAt == service.clock.now)
            service.clock.advance(by: .seconds(5))
            let second = try await service.send(.put, path, headers: operating)
            #expect(second.status == .ok && second.text == first.text)
            let list = try await service.get(Paths.subscriptions(to: id), reading)
            #expect(list.text == #"{"data":[\#(first.text)]}"#)
            #expect(try await service.send(.put, path, headers: reading).status == .forbidden)
            #expect(try await service.send(.delete, path, headers: reading).status == .forbidden)

            _ = try await service.send(.post, Paths.stop(id), headers: operating)
            #expect(try await Self.alerts(service) == ["stopped ops"])
            let told = try await service.get(Paths.subscriptions(to: id), reading)
            #expect(try RunSubscriptions(json: Array(told.body.readableBytesView)).event == .stopped)
        }
    }

    @Test("the form of Run now has a receiver told, and one that cannot be told is a problem of the form")
    func startForm() async throws {
        try await Self.withRun { service, _ in
            let (browser, _) = try await BrowserSession.signedIn(.operator, on: service)
            let form = try await browser.get("/workflows/cg-daily/run").text
            #expect(form.contains("<option value=\"ops\">ops</option>") && !form.contains("<option value=\"off\">"))
            let place = "/workflows/cg-daily/run"
            for (receiver, status) in [("nobody", 400), ("off", 409)] {
                let answer = try await browser.post(place, "run_mode=full&once=1&notify=\(receiver)")
                #expect(answer.status.code == status && answer.text.contains("role=\"alert\""))
            }
            let started = try #require(try await browser.post(place, "run_mode=full&once=1&notify=ops").headers[.location])
            // Another receiver makes another request of the same form.
            let other = try await browser.post(place, "run_mode=full&once=1&notify=").headers[.location]
            #expect(other != started)
            let id = RunID(rawValue: String(started.dropFirst("/runs/".count)))
            let found = try await service.store.subscriptions(to: id, of: ServiceUnderTest.acme)
            #expect(found?.list.map(\.receiver) == ["ops"] && found?.list.first?.requestedBy.name == "CI")
        }
    }

    @Test("a run that has ended tells a new subscriber at once")
    func late() async throws {
        try await Self.withRun { service, id in
            let headers = try await service.headers(.operator)
            _ = try await service.send(.post, Paths.stop(id), headers: headers)
            #expect(try await Self.alerts(service).isEmpty)
            let answer = try await service.send(.put, Paths.subscription(of: "chat", to: id), headers: headers)
            #expect(answer.status == .created && answer.text.hasSuffix(#","event":"stopped"}"#), "\(answer.text)")
            #expect(try await Self.alerts(service) == ["stopped chat"])
            let removal = try await service.send(.delete, Paths.subscription(of: "chat", to: id), headers: headers)
            #expect(try removal.error(.conflict).contains("has ended"))
        }
    }

    @Test("a removed subscription is gone, and removing it again is a 404")
    func removing() async throws {
        try await Self.withRun { service, id in
            let headers = try await service.headers(.operator)
            let path = Paths.subscription(of: "ops", to: id)
            _ = try await service.send(.put, path, headers: headers)
            #expect(try await service.send(.delete, path, headers: headers).status == .noContent)
            #expect(try await service.send(.delete, path, headers: headers).error(.notFound).contains("no subscription"))
            #expect(try await service.get(Paths.subscriptions(to: id), headers).text == #"{"data":[]}"#)
        }
    }

    @Test("unknown and disabled receivers, unknown runs and another tenant's are refused")
    func refusals() async throws {
        try await Self.withRun { service, id in
            let headers = try await service.headers(.operator)
            func error(_ receiver: String, _ run: RunID, _ code: APIError.Kind) async throws -> String {
                try await service.send(.put, Paths.subscription(of: receiver, to: run), headers: headers).error(code)
            }
            let unknown = try await error("pager", id, .notFound)
            #expect(unknown == "There is no receiver with the name \"pager\". Accepted: chat, ops.")
            #expect(try await error("off", id, .conflict) == "The receiver off is disabled; enable it first.")
            _ = try await error("ops", RunID(rawValue: "wf-none"), .notFound)
            let theirs = try await service.headers(.admin, of: ServiceUnderTest.other)
            for (method, path) in [
                (HTTPRequest.Method.put, Paths.subscription(of: "ops", to: id)), (.delete, Paths.subscription(of: "ops", to: id)),
                (.get, Paths.subscriptions(to: id)),
            ] {
                #expect(try await service.send(method, path, headers: theirs).status == .notFound)
            }
            let old = try service.run("wf-old", created: "2024-01-01", ended: "2024-01-01T00:10")
            try await service.addRuns([old])
            #expect(try await error("ops", old.id, .conflict).contains("imported history"))
        }
    }

    @Test("a start and a rerun name the receivers to tell")
    func starting() async throws {
        try await Self.withRun { service, _ in
            let headers = try await service.headers(.operator)
            func subscribed(_ response: TestResponse) async throws -> (RunID, [String]?) {
                #expect(response.status == .created, "\(response.text)")
                let id = RunID(rawValue: try #require(try response.json()["id"]?.string))
                return (id, try await service.store.subscriptions(to: id, of: ServiceUnderTest.acme)?.list.map(\.receiver))
            }
            let started = try await service.post(Paths.starts(of: "cg-daily"), headers, json: #"{"notify":["ops","chat"]}"#)
            let (id, receivers) = try await subscribed(started)
            #expect(receivers == ["chat", "ops"])
            _ = try await service.send(.post, Paths.stop(id), headers: headers)
            #expect(try await Self.alerts(service) == ["stopped chat", "stopped ops"])
            // A rerun tells none of those, unless it is asked to.
            #expect(try await subscribed(try await service.send(.post, Paths.rerun(id), headers: headers)).1 == [])
            let rerun = try await service.post(Paths.rerun(id), headers, json: #"{"notify":["ops"]}"#)
            #expect(try await subscribed(rerun).1 == ["ops"])
        }
    }

    @Test(
        "invalid receivers of a start are refused, and nothing starts",
        arguments: [
            (#"["pager"]"#, APIError.Kind.invalid, "There is no receiver with the name \"pager\". Accepted: chat, ops."),
            (#"["off"]"#, .conflict, "disabled"), (#"["ops","ops"]"#, .invalid, "has a name twice"),
            (#"["Not a name"]"#, .invalid, "is not the name of a receiver"), (#""ops""#, .invalid, "notify"),
        ])
    func refusedStarts(names: String, kind: APIError.Kind, message: String) async throws {
        try await Self.withRun { service, _ in
            let headers = try await service.headers(.operator)
            let before = try await service.get(Paths.runs, headers).text
            let answer = try await service.post(Paths.starts(of: "cg-daily"), headers, json: #"{"notify":\#(names)}"#)
            #expect(try answer.error(kind).contains(message))
            // The documented start takes no such member.
            let documented = #"{"config_id":"cg-daily","notify":["ops"]}"#
            #expect(try await service.post(Paths.runs, headers, json: documented).status == .badRequest)
            #expect(try await service.get(Paths.runs, headers).text == before)
        }
    }

    @Test("a start tells so many receivers and no more")
    func most() async throws {
        try await Self.withRun { service, _ in
            let names = (0...RunSubscription.most).map { #""r\#($0)""# }
            let headers = try await service.headers(.operator)
            let body = #"{"notify":[\#(names.joined(separator: ","))]}"#
            let error = try await service.post(Paths.starts(of: "cg-daily"), headers, json: body).error(.invalid)
            #expect(error.contains("has 21 names. Accepted: an array of at most 20 names"), "\(error)")
        }
    }

    @Test("the page of a run shows who is told, with a form for operators, which needs no script")
    func page() async throws {
        try await Self.withRun { service, id in
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let path = "/runs/\(id)/subscriptions"
            let form = try await worker.get("/runs/\(id)").text
            #expect(form.contains("action=\"\(path)\"") && form.contains("<option>ops</option>") && !form.contains("<option>off"))
            #expect(try await !viewer.get("/runs/\(id)").text.contains("id=\"subscriptions\""))
            let added = try await worker.post(path, "receiver=ops")
            #expect(added.status == .seeOther && added.headers[.location] == "/runs/\(id)#subscriptions")
            let shown = try await worker.get("/runs/\(id)").text
            #expect(shown.contains("<b>ops</b>") && !shown.contains("<option>ops</option>") && shown.contains("\(path)/ops/remove"))
            let read = try await viewer.get("/runs/\(id)").text
            #expect(read.contains("Receivers told when it ends") && read.contains("<b>ops</b>") && !read.contains("/remove"))
            #expect(try await viewer.post(path, "receiver=chat").status == .forbidden)
            #expect(try await worker.post(path, "receiver=pager").status == .notFound)
            #expect(try await worker.post("\(path)/ops/remove").status == .seeOther)
            #expect(try await worker.post("\(path)/ops/remove").status == .notFound)
            _ = try await worker.post(path, "receiver=chat")
            _ = try await worker.post("/runs/\(id)/stop")
            let ended = try await worker.get("/runs/\(id)").text
            #expect(
                ended.contains("Receivers told of its end") && ended.contains("<b>chat</b>")
                    && !ended.contains("action=\"\(path)\""))
        }
    }
}
