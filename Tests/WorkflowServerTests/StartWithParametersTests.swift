import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer

@Suite("Runs with parameters")
struct StartWithParametersTests {
    private static let path = Paths.starts(of: "cg-daily")
    private static let parameters = """
        parameters:
          day: {type: date, default: "${run.range_from}"}
          region: {type: string, enum: [eu, us], default: eu}
          rows: {type: integer, minimum: 1}
        """

    private func headers(_ service: ServiceUnderTest, _ parameters: String = parameters) async throws -> HTTPFields {
        let headers = try await service.headers(.admin)
        let text = ServiceUnderTest.configuration() + "\n" + parameters + "\n"
        let saved = try await service.save(text, as: "cg-daily", headers)
        try #require([.created, .ok].contains(saved.status), "\(saved.text)")
        return headers
    }

    @Test("have the given values and defaults in every answer, and are found by them")
    func start() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let body = #"{"parameters":{"rows":"7","region":"us"},"range_from":"2026-11-01"}"#
            let response = try await service.post(Self.path, headers, json: body)
            #expect(response.status == .created, "\(response.text)")
            let shown = #""parameters":{"day":"2026-11-01","region":"us","rows":7}"#
            #expect(response.text.contains(shown), "\(response.text)")
            let details = try WorkflowRunDetails(json: Array(response.body.readableBytesView))
            #expect(details.origin.parameters["rows"] == 7)
            #expect(try await service.get(Paths.run(details.run.id) + "?view=verbose", headers).text.contains(shown))
            #expect(try await service.get(Paths.runs, headers).text.contains(shown))
            #expect(try await service.get(Paths.runs + "?text=2026-11-01", headers).runIDs() == [details.run.id.rawValue])
            #expect(try await service.get(Paths.runs + "?text=2026-11-02", headers).runIDs().isEmpty)
        }
    }

    @Test("the documented start has the defaults, and says which parameters are missing")
    func documented() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let refused = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            #expect(refused.status == .badRequest)
            // The day has no value either, because the run has no range; it is not required.
            #expect(
                refused.text.contains("The parameter `rows` is missing; it must be a whole number of at least 1."),
                "\(refused.text)")
            _ = try await self.headers(service, Self.parameters.replacing("minimum: 1", with: "default: 3"))
            let started = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            #expect(started.status == .created, "\(started.text)")
            #expect(started.text.contains(#""parameters":{"region":"eu","rows":3}"#))
            let other = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily","parameters":{"rows":3}}"#)
            #expect(other.status == .badRequest)
        }
    }

    @Test(
        "invalid parameters are a 400 that names what is accepted, and start nothing",
        arguments: [
            (#"{"parameters":{"rows":0}}"#, "`rows` must be a whole number of at least 1"),
            (#"{"parameters":{"rows":1,"region":"EU"}}"#, "`region` must be `eu` or `us`"),
            (#"{"parameters":{"row":1}}"#, "Did you mean `rows`?"),
            (#"{"parameters":[]}"#, "parameters is not a JSON object"),
            (#"{"parameters":{"1a":1}}"#, "have the name `1a`"),
            (#"{"parameters":{"rows":1,"rows":2}}"#, "appears twice"),
        ])
    func refused(body: String, words: String) async throws {
        try await withService { service in
            let headers = try await headers(service)
            let response = try await service.post(Self.path, headers, json: body)
            #expect(response.status == .badRequest)
            #expect(response.text.contains(words), "\(response.text)")
            #expect(try await service.get(Paths.runs, headers).runIDs().isEmpty)
        }
    }

    @Test("a start has at most 50 parameters of 4096 bytes each")
    func limits() async throws {
        try await withService { service in
            let headers = try await headers(service, "parameters: {p: {type: string}}")
            func send(_ length: Int) async throws -> HTTPResponse.Status {
                let value = String(repeating: "a", count: length)
                return try await service.post(Self.path, headers, json: "{\"parameters\":{\"p\":\"\(value)\"}}").status
            }
            #expect(try await send(ParameterLimits.valueBytes - 2) == .created)
            #expect(try await send(ParameterLimits.valueBytes - 1) == .badRequest)
            let many = (0...ParameterLimits.count).map { "\"p\($0)\":1" }.joined(separator: ",")
            let response = try await service.post(Self.path, headers, json: "{\"parameters\":{\(many)}}")
            #expect(response.text.contains("are 51 parameters. Accepted: 50 at most"), "\(response.text)")
        }
    }
}

@Suite("Parameters of reruns and backfills")
struct KeptParametersTests {
    private func details(_ response: TestResponse) throws -> WorkflowRunDetails {
        try WorkflowRunDetails(json: Array(response.body.readableBytesView))
    }

    private func save(_ service: ServiceUnderTest, _ parameters: String, _ headers: HTTPFields) async throws {
        let text = ServiceUnderTest.configuration() + "\nparameters: \(parameters)\n"
        let saved = try await service.save(text, as: "cg-daily", headers)
        try #require([.created, .ok].contains(saved.status), "\(saved.text)")
    }

    @Test("a rerun keeps them, and is refused where a newer version does not accept them")
    func reruns() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            try await save(service, "{day: {type: date}, rows: {type: integer, default: 1}}", headers)
            let body = #"{"parameters":{"day":"2026-11-01","rows":7}}"#
            let old = try details(try await service.post(Paths.starts(of: "cg-daily"), headers, json: body)).run.id
            _ = try await service.send(.post, Paths.stop(old), headers: headers)
            let again = try await service.post(Paths.rerun(old), headers, json: #"{"from":"start"}"#)
            #expect(again.text.contains(#""parameters":{"day":"2026-11-01","rows":7}"#), "\(again.text)")

            // A parameter that is gone is left out, and a new one has its default.
            try await save(service, "{day: {type: date}, dry: {type: boolean, default: true}}", headers)
            let newer = try await service.post(Paths.rerun(old), headers, json: #"{"from":"start"}"#)
            #expect(newer.text.contains(#""parameters":{"day":"2026-11-01","dry":true}"#), "\(newer.text)")

            try await save(service, "{day: {type: date, minimum: 2026-11-02}}", headers)
            let refused = try await service.post(Paths.rerun(old), headers, json: #"{"from":"start"}"#)
            #expect(refused.status == .conflict)
            #expect(refused.text.contains("does not accept the parameters of the run. The parameter `day` must be a date"))
            let launched = try await service.post(Paths.rerun(old), headers, json: #"{"from":"start","version":"launched"}"#)
            #expect(launched.text.contains(#""parameters":{"day":"2026-11-01","rows":7}"#), "\(launched.text)")
        }
    }
}

@Suite("Parameters on pages")
struct ParameterPageTests {
    private static let parameters = """
        parameters:
          day: {type: date}
          region: {type: string, enum: [eu, us], default: eu}
          more: {type: json, required: false}
        """

    @Test("the form of Run now reads them, shows mistakes, and remembers the values of the last run")
    func form() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let text = ServiceUnderTest.configuration() + "\n" + Self.parameters + "\n"
            try #require(try await service.save(text, as: "cg-daily", headers).status == .created)
            let (worker, _) = try await BrowserSession.signedIn(.operator, on: service)
            let place = "/workflows/cg-daily/run"
            let first = try await worker.get(place).text
            #expect(first.contains(#"<input type="date" name="param.day" value="""#), "\(first)")
            for (fields, words) in [
                ("once=1", "The parameter `day` is missing"), ("once=2&param.day=x", "`day` must be a date"),
                ("once=3&param.day=2026-11-01&param.more=%7B", "The parameter more is not valid JSON"),
                ("once=4&param.day=2026-11-01&param.region=de", "must be `eu` or `us`"),
            ] {
                let refused = try await worker.post(place, fields)
                #expect(refused.status == .badRequest && refused.text.contains(words), "\(refused.text)")
            }
            let more = "%7B%22a%22%3A%5B1%5D%7D"
            let started = try await worker.post(place, "once=5&param.day=2026-11-01&param.region=us&param.more=\(more)")
            let run = try #require(started.headers[.location])
            let shown = try await worker.get(run).text
            #expect(shown.contains("Parameter day") && shown.contains("2026-11-01") && shown.contains("Parameter more"))
            // The same form again starts nothing; with another value it is another request.
            let again = try await worker.post(place, "once=5&param.day=2026-11-01&param.region=us&param.more=\(more)")
            #expect(again.headers[.location] == run)
            let other = try await worker.post(place, "once=5&param.day=2026-11-02")
            #expect(other.headers[.location] != run)
            let next = try await worker.get(place).text
            // Both runs were started at the same time.
            #expect(next.contains(#"name="param.day" value="2026-11-0"#), "\(next)")
        }
    }
}
