import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowServer

/// Every endpoint and every form that changes something has an event of its change. A new route has to be added here.
@Suite("Every change is in the audit log")
struct AuditedChangesTests {
    /// A request that changes something, and the type of its event.
    struct Change: Sendable, CustomTestStringConvertible {
        /// The id of an endpoint, or the path of a form.
        var route: String
        var type: AuditEventType
        var make: @Sendable (PreparedService) async throws -> TestResponse

        init(_ route: String, _ type: AuditEventType, _ make: @escaping @Sendable (PreparedService) async throws -> TestResponse) {
            self.route = route
            self.type = type
            self.make = make
        }

        var testDescription: String { route }
    }

    static let calls: [Change] = [
        Change("startRun", .runStarted) { try await $0.post(Paths.runs, #"{"config_id":"cg-daily"}"#) },
        Change("startConfiguration", .runStarted) { try await $0.post(Paths.starts(of: "cg-daily")) },
        Change("stopRun", .runStopped) { try await $0.post(Paths.stop($0.run)) },
        Change("addNote", .runNoted) { try await $0.post(Paths.notes($0.run), #"{"text":"x"}"#) },
        Change("resolveTask", .runResolved) {
            try await $0.post(Paths.resolve($0.stoppedTask, of: $0.stopped), #"{"resolution":"retry"}"#)
        },
        Change("subscribe", .runSubscribed) { try await $0.send(.put, Paths.subscription(of: "chat", to: $0.run)) },
        Change("unsubscribe", .runUnsubscribed) { try await $0.send(.delete, Paths.subscription(of: "ops", to: $0.run)) },
        Change("createBulkOperation", .bulkRequested) {
            try await $0.post(Paths.bulk, #"{"action":"stop","ids":["\#($0.run)"]}"#)
        },
        Change("abortBulkOperation", .bulkAborted) { try await $0.post(Paths.abort($0.bulk)) },
        Change("deleteRun", .runDeleted) { try await $0.send(.delete, Paths.run($0.stopped)) },
        Change("labelRun", .runLabeled) { try await $0.send(.patch, Paths.labels(of: $0.run), #"{"team":"crm"}"#) },
        Change("rerun", .runRerun) { try await $0.post(Paths.rerun($0.stopped)) },
        Change("backfillTick", .runBackfilled) {
            try await $0.post(Paths.backfill(of: "cg-daily"), #"{"scheduled_for":"2024-02-05T11:30"}"#)
        },
        Change("saveView", .viewSaved) { try await $0.send(.put, Paths.view("new"), #"{"search":""}"#) },
        Change("deleteView", .viewDeleted) { try await $0.send(.delete, Paths.view("old")) },
        Change("setSecret", .secretSet) { try await $0.send(.put, Paths.secret("new"), #"{"value":"correct horse"}"#) },
        Change("deleteSecret", .secretDeleted) { try await $0.send(.delete, Paths.secret("old")) },
        Change("saveConfiguration", .configurationUpdated) {
            try await $0.service.save(PreparedService.text + "# changed\n", as: "cg-daily", $0.headers)
        },
        Change("deleteConfiguration", .configurationDeleted) { try await $0.send(.delete, Paths.configuration("cg-daily")) },
        Change("pauseConfiguration", .workflowPaused) {
            try await $0.post(Paths.pause(of: "cg-daily"), #"{"reason":"migration"}"#)
        },
        Change("resumeConfiguration", .workflowResumed) { try await $0.post(Paths.resume(of: "cg-paused")) },
        Change("resendAlert", .alertResent) { try await $0.post(Paths.resend(alert: "\($0.stopped)_stopped_ops")) },
        Change("createAlertReceiver", .receiverCreated) {
            try await $0.post(Paths.alertReceivers, #"{"name":"new","url":"https://hooks.example/new"}"#)
        },
        Change("changeAlertReceiver", .receiverChanged) {
            try await $0.send(.put, Paths.alertReceiver("ops"), #"{"url":"https://hooks.example/other"}"#)
        },
        Change("dropAlertReceiver", .receiverDropped) { try await $0.send(.delete, Paths.alertReceiver("ops")) },
        Change("rotateAlertReceiver", .receiverRotated) { try await $0.post(Paths.alertReceiver("ops") + "/rotate") },
        Change("enableAlertReceiver", .receiverEnabled) { try await $0.post(Paths.alertReceiver("off") + "/enable") },
        Change("testAlertReceiver", .receiverTested) { try await $0.post(Paths.alertReceiver("ops") + "/test") },
        Change("exchangeToken", .tokenExchanged) {
            try await $0.service.send(
                .post, Paths.token, headers: [.contentType: "application/x-www-form-urlencoded"],
                body: "client_id=\($0.key.id)&client_secret=\($0.secret)")
        },
        Change("issueToken", .tokenIssued) {
            try await $0.post(Paths.tokens(of: $0.key.id), #"{"expires-at":"2024-03-01T00:00:00Z"}"#)
        },
    ]

    static let forms: [Change] = [
        Change("/sign-in", .signedIn) { try await $0.signIn(secret: $0.secret) },
        Change("/sign-in", .signInFailed) { try await $0.signIn(secret: "wrong") },
        Change("/sign-in/{link}", .signedIn) { prepared in
            let service = prepared.service
            let path = service.links.make(
                forKey: prepared.key.id, lifetime: .seconds(60), at: service.clock.now, random: service.random)
            return try await prepared.submit(path, "", from: path)
        },
        Change("/sign-out", .signedOut) { try await $0.browser.post("/sign-out") },
        Change("/runs/{id}/stop", .runStopped) { try await $0.browser.post("/runs/\($0.run)/stop") },
        Change("/runs/{id}/notes", .runNoted) { try await $0.browser.post("/runs/\($0.run)/notes", "text=x") },
        Change("/runs/{id}/tasks/{task}/resolve", .runResolved) {
            try await $0.browser.post("/runs/\($0.stopped)/tasks/\($0.stoppedTask)/resolve", "resolution=retry")
        },
        Change("/bulk", .bulkRequested) { try await $0.browser.post("/bulk", "action=stop&run=\($0.run)&expect=1") },
        Change("/bulk/{id}/abort", .bulkAborted) {
            try await $0.browser.post("/bulk/\($0.bulk)/abort")
        },
        Change("/runs/{id}/subscriptions", .runSubscribed) {
            try await $0.browser.post("/runs/\($0.run)/subscriptions", "receiver=chat")
        },
        Change("/runs/{id}/subscriptions/{receiver}/remove", .runUnsubscribed) {
            try await $0.browser.post("/runs/\($0.run)/subscriptions/ops/remove")
        },
        Change("/runs/{id}/rerun", .runRerun) { try await $0.browser.post("/runs/\($0.stopped)/rerun", "once=1") },
        Change("/workflows/{id}/run", .runStarted) { try await $0.browser.post("/workflows/cg-daily/run", "once=1") },
        Change("/workflows/{id}/pause", .workflowPaused) {
            try await $0.browser.post("/workflows/cg-daily/pause", "reason=migration&until=")
        },
        Change("/workflows/{id}/resume", .workflowResumed) { try await $0.browser.post("/workflows/cg-paused/resume") },
        Change("/workflows/{id}/edit", .configurationUpdated) {
            let version = try #require(try await $0.service.store.configuration("cg-daily", of: ServiceUnderTest.acme))
            let text = Paths.escaped(version.source.text + "# edited\n")
            return try await $0.browser.post("/workflows/cg-daily/edit", "do=apply&base=\(version.id)&text=\(text)")
        },
        Change("/new-workflow", .configurationCreated) {
            let text = Paths.escaped(ServiceUnderTest.configuration("cg-new"))
            return try await $0.browser.post("/new-workflow", "do=apply&text=\(text)")
        },
        Change("/views", .viewSaved) { try await $0.browser.post("/views", "name=new&search=") },
        Change("/views/{name}/delete", .viewDeleted) { try await $0.browser.post("/views/old/delete") },
        Change("/settings/alerts/{id}/resend", .alertResent) {
            try await $0.browser.post("/settings/alerts/\($0.stopped)_stopped_ops/resend")
        },
        Change("/settings/alerts/receivers/{name}/enable", .receiverEnabled) {
            try await $0.browser.post("/settings/alerts/receivers/off/enable")
        },
        Change("/settings/alerts/receivers", .receiverCreated) {
            try await $0.browser.post("/settings/alerts/receivers", "name=new&kind=slack&url=https://hooks.example/new&on=failed")
        },
        Change("/settings/alerts/receivers/{name}/edit", .receiverChanged) {
            try await $0.browser.post("/settings/alerts/receivers/ops/edit", "kind=webhook&url=&on=slow")
        },
        Change("/settings/alerts/receivers/{name}/test", .receiverTested) {
            try await $0.browser.post("/settings/alerts/receivers/ops/test")
        },
        Change("/settings/alerts/receivers/{name}/rotate", .receiverRotated) {
            try await $0.browser.post("/settings/alerts/receivers/ops/rotate")
        },
        Change("/settings/alerts/receivers/{name}/delete", .receiverDropped) {
            try await $0.browser.post("/settings/alerts/receivers/ops/delete")
        },
        Change("/settings/secrets", .secretSet) {
            try await $0.browser.post("/settings/secrets", "name=new&value=correct+horse")
        },
        Change("/settings/secrets/{name}/delete", .secretDeleted) { try await $0.browser.post("/settings/secrets/old/delete") },
        Change("/settings/keys", .keyCreated) { try await $0.browser.post("/settings/keys", "name=new&policy=viewer") },
        Change("/settings/keys/{id}/token", .tokenIssued) {
            try await $0.browser.post("/settings/keys/\($0.key.id)/token", "days=9")
        },
        Change("/settings/keys/{id}/rotate", .keyRotated) { try await $0.browser.post("/settings/keys/\($0.key.id)/rotate") },
        Change("/settings/keys/{id}/drop", .keyDropped) { try await $0.browser.post("/settings/keys/\($0.key.id)/drop") },
    ]

    @Test("of every endpoint and every form with a changing method, one is tested")
    func complete() async throws {
        try await withService { service in
            let dependencies = ServerDependencies(
                store: service.store, time: service.clock, random: service.random, zones: SystemScheduleZones(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            let api = try await APIService(dependencies)
            let endpoints = api.routes.filter { $0.method != .get }.map(\.endpoint.id)
            // No person calls a webhook: WebhookTests verify its event.
            #expect(Set(endpoints) == Set(Self.calls.map(\.route) + ["callWebhook"]))
            let pages = try await PageService(api, links: SignInLinks()).routes.filter { $0.method != .get }
            #expect(Set(pages.map(\.path)) == Set(Self.forms.map(\.route)))
        }
    }

    @Test("a change over the API is one event", arguments: calls)
    func overTheAPI(change: Change) async throws {
        try await check(change)
    }

    @Test("a form of the pages is one event", arguments: forms)
    func onThePages(change: Change) async throws {
        try await check(change)
    }

    private func check(_ change: Change) async throws {
        try await withService { service in
            let prepared = try await PreparedService(service)
            func events() async throws -> [AuditEvent] {
                try await service.store.auditEvents(matching: AuditQuery(of: ServiceUnderTest.acme)).events
            }
            service.clock.advance(by: .seconds(1))
            let before = try await events()
            let response = try await change.make(prepared)
            let isRefusal = change.type == .signInFailed
            #expect(response.status.code < 400 || isRefusal, "\(response.status) \(response.text)")
            let new = try await events().dropLast(before.count)
            #expect(new.map(\.type) == [change.type.rawValue])
            #expect(new.first?.principal.name == "CI" && new.first?.object.id.isEmpty == false)
            #expect(try await service.store.checkAuditOfAllTenants().isEmpty)
        }
    }

    @Test("a token with a rotation is two events")
    func rotation() async throws {
        try await withService { service in
            let prepared = try await PreparedService(service)
            service.clock.advance(by: .seconds(1))
            let from = service.clock.now
            _ = try await prepared.browser.post("/settings/keys/\(prepared.key.id)/token", "days=9&rotate=true")
            let query = AuditQuery(of: ServiceUnderTest.acme, window: TimeWindow(from: from))
            let types = try await service.store.auditEvents(matching: query).events.map(\.type)
            #expect(Set(types) == ["weir.key/rotated", "weir.token/issued"] && types.count == 2)
        }
    }
}

/// A service with something to change of every kind.
struct PreparedService: Sendable {
    static let text =
        ServiceUnderTest.configuration() + "\nschedule: {cron: \"30 6 * * *\", timezone: America/New_York}\n"

    let service: ServiceUnderTest
    var headers: HTTPFields
    var browser: BrowserSession
    /// A viewer's key.
    let key: APIKey
    let secret: String
    /// A run that waits for a worker.
    let run: RunID
    /// A run that was stopped, with an alert about it.
    let stopped: RunID
    /// A task of it.
    let stoppedTask: TaskID
    /// A bulk operation that is running.
    let bulk: BulkID

    init(_ service: ServiceUnderTest) async throws {
        self.service = service
        let headers = try await service.headers(.admin)
        self.headers = headers
        browser = try await BrowserSession.signedIn(.admin, on: service).browser
        (key, secret) = try await service.makeKey(.viewer)
        for name in ["ops", "off"] {
            let order = #"{"name":"\#(name)","url":"https://hooks.example/\#(name)","on":["stopped"]}"#
            try #require(try await service.post(Paths.alertReceivers, headers, json: order).status == .created)
        }
        let chat = #"{"name":"chat","url":"https://hooks.example/chat","on":["failed"]}"#
        try #require(try await service.post(Paths.alertReceivers, headers, json: chat).status == .created)
        let disabled = ReceiverUpdate("off", of: ServiceUnderTest.acme, .disabled("Said 410."))
        _ = try await service.store.changeReceiver(disabled, at: service.clock.now)
        try #require(try await service.save(Self.text, as: "cg-daily", headers).status == .created)
        try #require(
            try await service.save(ServiceUnderTest.configuration("cg-paused"), as: "cg-paused", headers).status == .created)
        _ = try await service.post(Paths.pause(of: "cg-paused"), headers, json: #"{"reason":"migration"}"#)
        _ = try await service.send(.put, Paths.view("old"), headers: headers, body: #"{"search":""}"#)
        _ = try await service.send(.put, Paths.secret("old"), headers: headers, body: #"{"value":"correct horse"}"#)
        func start() async throws -> RunID {
            let started = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            return RunID(rawValue: try #require(try started.json()["id"]?.string))
        }
        run = try await start()
        stopped = try await start()
        _ = try await service.send(.post, Paths.stop(stopped), headers: headers)
        stoppedTask = try #require(try await service.store.run(stopped, of: ServiceUnderTest.acme)?.tasks.first?.id)
        _ = try await service.send(.put, Paths.subscription(of: "ops", to: run), headers: headers)
        let requested = try await service.post(Paths.bulk, headers, json: #"{"action":"stop","ids":["\#(run)"]}"#)
        bulk = BulkID(rawValue: try #require(try requested.json()["id"]?.string))
    }

    func post(_ path: String, _ body: String? = nil) async throws -> TestResponse {
        try await send(.post, path, body)
    }

    func send(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil) async throws -> TestResponse {
        var headers = headers
        if body != nil { headers[.contentType] = "application/json" }
        return try await service.send(method, path, headers: headers, body: body)
    }

    func signIn(secret: String) async throws -> TestResponse {
        try await submit("/sign-in", "client_id=\(key.id)&client_secret=\(secret)&next=%2Fruns", from: "/sign-in")
    }

    /// Submits a form of a browser without a session.
    func submit(_ path: String, _ fields: String, from page: String) async throws -> TestResponse {
        let form = try await service.get(page, [:])
        let visit = try #require(form.headers[.setCookie]?.prefix { $0 != ";" }.description)
        let token = try #require(BrowserSession.formToken(in: form.text))
        return try await service.send(
            .post, path, headers: [.contentType: "application/x-www-form-urlencoded", .cookie: visit],
            body: "form_token=\(token)&\(fields)")
    }
}
