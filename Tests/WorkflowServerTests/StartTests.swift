import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("POST /api/workflow/runs")
struct StartTests {
    private func headers(_ service: ServiceUnderTest) async throws -> HTTPFields {
        let headers = try await service.headers(.admin)
        try #require(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers).status == .created)
        return headers
    }

    @Test("answers with the run as it was accepted and its Location")
    func accepted() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let response = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            #expect(response.status == .created)
            let details = try WorkflowRunDetails(json: Array(response.body.readableBytesView))
            #expect(details.run.state == .scheduled && details.tasks.isEmpty)
            #expect(response.text.contains(#""task_instances":[]"#))
            #expect(response.headers[.location] == Paths.run(details.run.id))
            #expect(details.run.id.rawValue.hasPrefix("wf-20240210-"))
            #expect(details.warnAfter == .seconds(7_200))
            #expect(try await service.get(try #require(response.headers[.location]), headers).status == .ok)
            #expect(try await service.post(Paths.runs + "/", headers, json: #"{"config_id":"cg-daily"}"#).status == .created)
        }
    }

    @Test("takes a range and a run mode")
    func options() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let response = try await service.post(
                Paths.runs, headers, json: #"{"config_id":"cg-daily","range_from":"2024-02","run_mode":"source"}"#)
            #expect(response.status == .created)
            let id = RunID(rawValue: try #require(try response.json()["id"]?.string))
            let details = try #require(try await service.store.run(id, of: ServiceUnderTest.acme))
            #expect(details.origin.runMode == .source)
            #expect(
                details.origin.range == TimeWindow(from: Timestamp(iso8601: "2024-02-01"), to: Timestamp(iso8601: "2024-02-02")))
            #expect(details.tasks.map(\.state) == [.scheduled, .skipped])
        }
    }

    @Test(
        "an invalid body is a 400 with the reason, and starts nothing",
        arguments: [
            ("", "is empty"), ("{}", "config_id"), ("[]", "not a JSON object"), ("\"cg-daily\"", "not a JSON object"),
            ("nope", "not valid"),
            (#"{"config_id":12}"#, "config_id is not a string"), (#"{"config_id":"cg-nope"}"#, "\"cg-nope\""),
            (#"{"config_id":"../cg-daily"}"#, "There is no configuration"),
            (#"{"config_id":"x' OR '1'='1"}"#, "There is no configuration"),
            (#"{"config_id":"cg-daily","force":true}"#, "force is unknown"),
            (#"{"config_id":"cg-daily","run_mode":"all"}"#, "source, refresh, full"),
            (#"{"config_id":"cg-daily","run_mode":"refresh"}"#, "It has tasks in source, full"),
            (#"{"config_id":"cg-daily","range_to":"2024"}"#, "range_from"),
            (#"{"config_id":"cg-daily","range_from":"2024-03","range_to":"2024-02"}"#, "before"),
            (#"{"config_id":"cg-daily","range_from":"2024-02-30"}"#, "not a date-time"), (#"{"config_id":"\u0000"}"#, "<U+0000>"),
            (String(repeating: "[", count: 100), "levels deep"), (String(repeating: #"{"a":"#, count: 100), "a is unknown"),
        ])
    func refused(body: String, message: String) async throws {
        try await withService { service in
            let headers = try await headers(service)
            let error = try await service.post(Paths.runs, headers, json: body).error(.invalid)
            #expect(error.contains(message), "\(error)")
            #expect(try await service.get(Paths.runs, headers).runIDs().isEmpty)
        }
    }

    @Test("a body that is not UTF-8 is refused")
    func notUTF8() async throws {
        try await withService { service in
            var headers = try await headers(service)
            headers[.contentType] = "application/json"
            let body = ByteBuffer(bytes: Array(#"{"config_id":""#.utf8) + [0xFF] + Array("\"}".utf8))
            let response = try await service.client.executeRequest(uri: Paths.runs, method: .post, headers: headers, body: body)
            #expect(try response.error(.invalid).contains("UTF-8"))
        }
    }

    @Test("accepts JSON with the default media types of clients, and refuses other media types")
    func mediaTypes() async throws {
        try await withService { service in
            var headers = try await headers(service)
            let body = #"{"config_id":"cg-daily"}"#
            for type in [
                nil, "", "application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json", "text/plain",
                "text/plain;charset=UTF-8", "application/x-www-form-urlencoded",
            ] as [String?] {
                headers[.contentType] = type
                let response = try await service.send(.post, Paths.runs, headers: headers, body: body)
                #expect(response.status == .created, "\(type ?? "none")")
            }
            for type in ["application/yaml", "application/xml", "multipart/form-data; boundary=x", "json", "text/html"] {
                headers[.contentType] = type
                let response = try await service.send(.post, Paths.runs, headers: headers, body: body)
                #expect(try response.error(.unsupportedMediaType).contains("application/json"), "\(type)")
            }
            // A real form is not JSON.
            headers[.contentType] = "application/x-www-form-urlencoded"
            let form = try await service.send(.post, Paths.runs, headers: headers, body: "config_id=cg-daily")
            #expect(try form.error(.invalid).contains("not valid"))
        }
    }

    @Test("a session of the pages starts nothing through the API, with any media type")
    func noSession() async throws {
        try await withService { service in
            _ = try await headers(service)
            let (browser, _) = try await BrowserSession.signedIn(.admin, on: service)
            let forged: HTTPFields = [
                .cookie: browser.cookie, HeaderNames.historicalTenant: "acme",
                .contentType: "application/x-www-form-urlencoded",
            ]
            let response = try await service.send(.post, Paths.runs, headers: forged, body: #"{"config_id":"cg-daily"}"#)
            #expect(response.status == .unauthorized)
        }
    }

    @Test("a version in the body is checked like one in the header or the query")
    func versions() async throws {
        try await withService { service in
            var headers = try await headers(service)
            func start(_ version: String, query: String = "") async throws -> TestResponse {
                let body = #"{"config_id":"cg-daily","api_version":"\#(version)"}"#
                return try await service.post(Paths.runs + query, headers, json: body)
            }
            for version in ["2024-04-01", "unstable"] {
                let response = try await start(version)
                #expect(response.status == .created && response.headers[HeaderNames.version] == "2024-04-01")
            }
            #expect(try await start("2023-01-01").error(.invalid).contains("not supported"))
            #expect(try await start("unstable", query: "?api_version=2024-04-01").error(.invalid).contains("two API versions"))
            headers[HeaderNames.version] = "2024-04-01"
            #expect(try await start("2024-04-01", query: "?api_version=2024-04-01").status == .created)
            #expect(try await start("unstable").error(.invalid).contains("the body's api_version"))
        }
    }

    @Test(
        "a body that is too large is refused, in process and over a socket, and ends the connection",
        arguments: [Limits.startBody + 1, 10_000_000])
    func tooLarge(size: Int) async throws {
        for setup in [TestingSetup.router, .live] {
            try await withService(setup) { service in
                let headers = try await headers(service)
                let response = try await service.post(Paths.runs, headers, json: String(repeating: " ", count: size))
                #expect(try response.error(.tooLarge).contains("1048576"))
            }
        }
    }

    @Test("a body of the greatest size is taken, in process and over a socket")
    func largest() async throws {
        for setup in [TestingSetup.router, .live] {
            try await withService(setup) { service in
                let padded = #"{"config_id":"cg-daily"}"# + String(repeating: " ", count: Limits.startBody - 24)
                let headers = try await headers(service)
                #expect(try await service.post(Paths.runs, headers, json: padded).status == .created)
            }
        }
    }

    @Test("the same key with the same body starts one run, with another body it is refused")
    func idempotency() async throws {
        try await withService { service in
            var headers = try await headers(service)
            headers[HeaderNames.idempotencyKey] = "\"8e03978e-40d5\""
            let body = #"{"config_id":"cg-daily"}"#
            let first = try await service.post(Paths.runs, headers, json: body)
            #expect(first.status == .created)
            service.clock.advance(by: .seconds(86_399))
            headers[.authorization] = try await service.headers(.admin)[.authorization]
            // Another API key of the tenant may use the same text.
            let others = try await service.post(Paths.runs, headers, json: body)
            #expect(others.status == .created && others.text != first.text)
            #expect(try await service.get(Paths.runs, headers).runIDs().count == 2)
        }
    }

    @Test("a repetition gets the same bytes, with a bare or quoted key, even after the run and its configuration changed")
    func replay() async throws {
        try await withService(settings: ServerSettings(rateLimit: 0, tokenLifetime: .seconds(7 * 86_400))) { service in
            var headers = try await headers(service)
            headers[HeaderNames.idempotencyKey] = "\"8e03978e-40d5\""
            let body = #"{"config_id":"cg-daily"}"#
            let first = try await service.post(Paths.runs, headers, json: body)
            let location = try #require(first.headers[.location])
            #expect(try await service.send(.post, location + "/stop", headers: headers).status == .ok)
            #expect(try await service.save(ServiceUnderTest.configuration(name: "Other"), as: "cg-daily", headers).status == .ok)
            service.clock.advance(by: .seconds(86_399))
            headers[HeaderNames.idempotencyKey] = "8e03978e-40d5"
            let second = try await service.post(Paths.runs, headers, json: body)
            #expect(second.status == .created && second.text == first.text && second.headers[.location] == location)
            #expect(try await service.send(.delete, Paths.configuration("cg-daily"), headers: headers).status == .noContent)
            #expect(try await service.post(Paths.runs, headers, json: body).text == first.text)
            #expect(try await service.get(Paths.runs, headers).runIDs().count == 1)

            let mismatch = try await service.post(Paths.runs, headers, json: body + " ")
            #expect(try mismatch.error(.keyMismatch).contains("another request"))
            #expect(try await service.save(ServiceUnderTest.configuration(), as: "cg-daily", headers).status == .created)
            service.clock.advance(by: .seconds(2))
            let later = try await service.post(Paths.runs, headers, json: body)
            #expect(later.status == .created && later.text != first.text)
        }
    }

    @Test("invalid keys are refused", arguments: ["\"\"", "\"a", String(repeating: "k", count: 256)])
    func wrongKeys(key: String) async throws {
        try await withService { service in
            var headers = try await headers(service)
            headers[HeaderNames.idempotencyKey] = key
            let response = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            #expect(try response.error(.invalid).contains("Idempotency-Key"))
        }
    }

    @Test("a second request with the key of one under way is told to try again")
    func inFlight() async throws {
        enum Gate { case open, closed, passed }
        let gate = Watched(Gate.open)
        let arrivals = Watched(0)
        let replacing = { (stores: inout ServerStores) in
            stores.configurations = InterceptedConfigurations(configurations: stores.configurations) {
                guard gate.value == .closed else { return }
                arrivals.change { $0 += 1 }
                await gate.until { $0 == .passed }
            }
        }
        try await withService(replacing: replacing) { service in
            var fields = try await headers(service)
            fields[HeaderNames.idempotencyKey] = "k"
            let headers = fields
            let body = #"{"config_id":"cg-daily"}"#
            gate.change { $0 = .closed }
            async let first = service.post(Paths.runs, headers, json: body)
            await arrivals.until { $0 == 1 }
            let second = try await service.post(Paths.runs, headers, json: body)
            #expect(try second.error(.conflict).contains("still being handled"))
            #expect(second.headers[.retryAfter] == "1")
            gate.change { $0 = .passed }
            let answer = try await first
            #expect(answer.status == .created)
            #expect(try await service.post(Paths.runs, headers, json: body).text == answer.text)
        }
    }
}
