import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@Suite("Pauses over the API")
struct PauseTests {
    private static let path = Paths.configuration("cg-daily")
    private static let text = ServiceUnderTest.configuration() + "\nschedule: {cron: \"0 * * * *\"}\n"

    /// The headers of an operator, beside a stored workflow.
    private func prepare(_ service: ServiceUnderTest) async throws -> HTTPFields {
        let admin = try await service.headers(.admin)
        try #require(try await service.save(Self.text, as: "cg-daily", admin).status == .created)
        return try await service.headers(.operator)
    }

    private func answer(_ response: TestResponse) throws -> ConfigurationAnswer {
        try #require(response.status == .ok, "\(response.text)")
        return try ConfigurationAnswer(json: Array(response.body.readableBytesView))
    }

    @Test("are in the answer and on the configuration until they end or the workflow is resumed")
    func pausing() async throws {
        try await withService { service in
            let headers = try await prepare(service)
            let start = service.clock.now
            let body = #"{"reason":"migration","until":"2024-02-10T19"}"#
            let paused = try answer(try await service.post(Paths.pause(of: "cg-daily"), headers, json: body))
            let pause = try #require(paused.pause)
            #expect(paused.id == "cg-daily" && paused.source?.text == Self.text)
            #expect(pause.reason == "migration" && pause.pausedBy.name == "CI" && pause.since == start)
            #expect(pause.until?.iso8601 == "2024-02-10T19:00:00.000Z")
            let shown = try await service.get(Self.path, headers)
            #expect(try answer(shown).pause == pause)
            let list = try await service.get(Paths.configurations, headers)
            #expect(try ConfigurationAnswer.list(json: Array(list.body.readableBytesView)).map(\.pause) == [pause])

            // Replaces reason and end.
            service.clock.advance(by: .seconds(60))
            let again = try answer(try await service.post(Paths.pause(of: "cg-daily"), headers, json: #"{"reason":"longer"}"#))
            #expect(again.pause?.reason == "longer" && again.pause?.until == nil && again.pause?.since == start)
            #expect(try await service.get(Self.path, headers).headers[.eTag] != shown.headers[.eTag])
            for _ in 0..<2 {
                #expect(try answer(try await service.send(.post, Paths.resume(of: "cg-daily"), headers: headers)).pause == nil)
            }
            #expect(try answer(try await service.get(Self.path, headers)).pause == nil)

            _ = try await service.post(Paths.pause(of: "cg-daily"), headers, json: body)
            service.clock.advance(by: .seconds(7_200))
            // The token of an hour ago has expired.
            let later = try await service.headers(.operator)
            #expect(try answer(try await service.get(Self.path, later)).pause == nil)
        }
    }

    @Test("survive a new version, whose answer has the entity tag that a read has")
    func versions() async throws {
        try await withService { service in
            let headers = try await prepare(service)
            _ = try await service.post(Paths.pause(of: "cg-daily"), headers, json: #"{"reason":"migration"}"#)
            let admin = try await service.headers(.admin)
            let saved = try await service.save(Self.text + "# changed\n", as: "cg-daily", admin)
            #expect(try answer(saved).pause?.reason == "migration" && answer(saved).number == 2)
            #expect(try await service.get(Self.path, headers).headers[.eTag] == saved.headers[.eTag])
            // Deletion ends it.
            #expect(try await service.send(.delete, Self.path, headers: admin).status == .noContent)
            for path in [Paths.pause(of: "cg-daily"), Paths.resume(of: "cg-daily")] {
                let refused = try await service.post(path, headers, json: #"{"reason":"migration"}"#)
                #expect(try refused.error(.notFound) == "There is no configuration with that id.")
            }
            let restored = try await service.save(Self.text, as: "cg-daily", admin)
            #expect(try ConfigurationAnswer(json: Array(restored.body.readableBytesView)).pause == nil)
        }
    }

    @Test("mark the coming ticks before their end, and leave a start by hand possible")
    func preview() async throws {
        try await withService { service in
            let headers = try await prepare(service)
            // The clock is at 17:29.
            _ = try await service.post(
                Paths.pause(of: "cg-daily"), headers, json: #"{"reason":"migration","until":"2024-02-10T19:00"}"#)
            let response = try await service.get(Paths.schedule(of: "cg-daily") + "?next=3", headers)
            let forecast = try #require(try ScheduleForecast.list(json: Array(response.body.readableBytesView)).first)
            #expect(forecast.pause?.reason == "migration" && !forecast.isPaused)
            #expect(forecast.ticks.map(\.isPaused) == [true, false, false])
            #expect(forecast.ticks.map(\.remarks) == ["paused, starts no run", nil, nil])
            let earlier = try await service.get(Paths.schedule(of: "cg-daily") + "?next=1&from=2024-02-09", headers)
            let past = try ScheduleForecast.list(json: Array(earlier.body.readableBytesView)).first
            #expect(past?.ticks.map(\.isPaused) == [false])
            #expect(try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#).status == .created)
        }
    }

    @Test("belong to their tenant, are made by operators and read by viewers")
    func policies() async throws {
        try await withService { service in
            let headers = try await prepare(service)
            let stranger = try await service.headers(.admin, of: ServiceUnderTest.other)
            let viewer = try await service.headers(.viewer)
            let body = #"{"reason":"migration"}"#
            for path in [Paths.pause(of: "cg-daily"), Paths.resume(of: "cg-daily")] {
                #expect(try await service.post(path, stranger, json: body).status == .notFound)
                #expect(try await service.post(path, viewer, json: body).status == .forbidden)
                #expect(try await service.post(path, [HeaderNames.tenant: "acme"], json: body).status == .unauthorized)
            }
            #expect(try answer(try await service.get(Self.path, viewer)).pause == nil)
            _ = try await service.post(Paths.pause(of: "cg-daily"), headers, json: body)
            #expect(try answer(try await service.get(Self.path, viewer)).pause?.reason == "migration")
        }
    }

    @Test(
        "an invalid body is a 400 that says what is accepted, and changes nothing",
        arguments: [
            ("", "it has to be a JSON object with reason"), ("[]", "not a JSON object"),
            ("{}", "reason is missing. Accepted: 1 to 1024 bytes"),
            (#"{"reason":""}"#, "The reason is empty. Accepted: 1 to 1024 bytes"), (#"{"reason":" "}"#, "no visible characters"),
            (#"{"reason":"a\nb"}"#, "the invisible character U+000A"), (#"{"reason":7}"#, "reason is not a string"),
            (#"{"reason":"\#(String(repeating: "r", count: 1_025))"}"#, "The reason has 1025 bytes. Accepted: 1 to 1024 bytes"),
            (#"{"reason":"\#(String(repeating: "r", count: 10_240))"}"#, "The reason has 10240 bytes. Accepted: 1 to 1024 bytes"),
            (#"{"reason":"a","end":"2025"}"#, "end is unknown. Accepted: reason, until"),
            (#"{"reason":"a","until":"soon"}"#, "until"),
            (#"{"reason":"a","until":"2024-02-10T17:29:32.687Z"}"#, "is in the past. Accepted: a later time, or none"),
        ])
    func invalid(body: String, message: String) async throws {
        try await withService { service in
            let headers = try await prepare(service)
            let now = try #require(Timestamp(iso8601: "2024-02-10T17:29:32.687Z"))
            service.clock.jump(by: now - service.clock.now)
            let error = try await service.post(Paths.pause(of: "cg-daily"), headers, json: body).error(.invalid)
            #expect(error.contains(message), "\(error)")
            #expect(try answer(try await service.get(Self.path, headers)).pause == nil)
        }
    }

    @Test("a reason of 1,024 bytes is kept whole")
    func longestReason() async throws {
        try await withService { service in
            let headers = try await prepare(service)
            let reason = String(repeating: "é", count: 512)
            let body = PauseRequest(reason: reason).document
            let paused = try await service.post(Paths.pause(of: "cg-daily"), headers, json: String(buffer: body))
            #expect(try answer(paused).pause?.reason == reason)
        }
    }

    @Test("a browser pauses with the form, sees who paused and why, and resumes after asking")
    func pages() async throws {
        try await withService { service in
            _ = try await prepare(service)
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let (viewer, _) = try await BrowserSession.signedIn(.viewer, on: service)
            let schedule = "/workflows/cg-daily/schedule"
            #expect(try await worker.get(schedule).text.contains("href=\"/workflows/cg-daily/pause\" data-dialog>Pause</a>"))
            #expect(try await worker.get("/workflows/cg-daily/pause").text.contains("<h1>Pause Daily</h1>"))
            for (fields, problem) in [
                ("reason=&until=", "The reason is empty"), ("reason=a&until=2024-02-01T00%3A00", "is in the past"),
                ("reason=%3Cb%3E&until=soon", "Until is not a date"),
            ] {
                let refused = try await worker.post("/workflows/cg-daily/pause", fields)
                #expect(refused.status == .badRequest && refused.text.contains(problem), "\(refused.text)")
                #expect(!refused.text.contains("<b>\""))
            }
            let paused = try await worker.post(
                "/workflows/cg-daily/pause", "reason=%3Cb%3Emigration&until=2024-02-10T19%3A00%3A00Z")
            #expect(paused.status == .seeOther && paused.headers[.location] == "/workflows/cg-daily")
            let shown = try await viewer.get(schedule).text
            #expect(shown.contains("Paused by <b>CI</b> since") && shown.contains("&lt;b&gt;migration"))
            #expect(shown.contains("paused, starts no run"))
            #expect(!shown.contains("/workflows/cg-daily/pause") && !shown.contains("/workflows/cg-daily/resume"))
            #expect(try await viewer.get("/workflows").text.contains("Paused by <b>CI</b> since"))
            #expect(try await worker.get("/workflows/cg-daily/pause").text.contains("value=\"&lt;b&gt;migration\""))
            #expect(try await worker.get(schedule).text.contains("Change pause"))
            #expect(try await worker.get("/workflows/cg-daily/resume").text.contains("Resume Daily?"))
            #expect(try await worker.post("/workflows/cg-daily/resume").headers[.location] == "/workflows/cg-daily")
            #expect(try await !viewer.get(schedule).text.contains("Paused by"))
            for path in ["/workflows/cg-daily/pause", "/workflows/cg-daily/resume"] {
                #expect(try await viewer.get(path).status == .forbidden)
                #expect(try await viewer.post(path, "reason=a").status == .forbidden)
                #expect(try await worker.post(path, "reason=a", token: "forged").status == .forbidden)
                #expect(try await worker.post(path.replacing("daily", with: "none"), "reason=a").status == .notFound)
            }
            #expect(try await service.store.pauses(of: ServiceUnderTest.acme, at: service.clock.now).isEmpty)
        }
    }
}
