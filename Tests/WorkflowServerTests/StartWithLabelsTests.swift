import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer

@Suite("POST /api/workflow/configs/{id}/runs")
struct StartWithLabelsTests {
    private static let path = Paths.starts(of: "cg-daily")

    private func headers(_ service: ServiceUnderTest, labels: String = "{team: crm, tier: gold}") async throws -> HTTPFields {
        let headers = try await service.headers(.admin)
        let text = ServiceUnderTest.configuration() + "\nlabels: \(labels)\n"
        try #require(try await service.save(text, as: "cg-daily", headers).status == .created)
        return headers
    }

    /// A body with that many labels.
    private static func body(labels count: Int) -> String {
        let members = (1...count).map { "\"k\($0)\":\"\"" }
        return "{\"labels\":{\(members.joined(separator: ","))}}"
    }

    @Test("starts a run with the labels of the workflow and of the request")
    func labels() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let body = #"{"labels":{"tier":"silver","ticket":"T-1"},"run_mode":"source","range_from":"2024-02"}"#
            let response = try await service.post(Self.path, headers, json: body)
            #expect(response.status == .created, "\(response.text)")
            let details = try WorkflowRunDetails(json: Array(response.body.readableBytesView))
            #expect(details.run.state == .scheduled && details.tasks.isEmpty)
            #expect(response.headers[.location] == Paths.run(details.run.id))
            #expect(response.text.contains(#""labels":{"team":"crm","ticket":"T-1","tier":"silver"}"#))
            let range = TimeWindow(from: Timestamp(iso8601: "2024-02-01"), to: Timestamp(iso8601: "2024-02-02"))
            #expect(details.origin.runMode == .source && details.origin.range == range)
            #expect(try await service.get(Paths.runs + "?label=ticket:T-1", headers).runIDs() == [details.run.id.rawValue])
            #expect(try await service.get(Paths.runs + "?label=tier:gold", headers).runIDs().isEmpty)
        }
    }

    @Test("needs no body, and no content type")
    func noBody() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let response = try await service.send(.post, Self.path, headers: headers)
            #expect(response.status == .created)
            #expect(response.text.contains(#""labels":{"team":"crm","tier":"gold"}"#))
            // As a start of the documented API does.
            let documented = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
            #expect(documented.text.contains(#""labels":{"team":"crm","tier":"gold"}"#))
        }
    }

    @Test(
        "an invalid body is a 400 that names what is accepted, and starts nothing",
        arguments: [
            ("[]", "not a JSON object"),
            (#"{"config_id":"cg-daily"}"#, "Accepted: parameters, labels, notify, range_from, range_to, run_mode"),
            (#"{"labels":{"a b":"c"}}"#, "is not the key of a label. Accepted: 1 to 63 letters"),
            (#"{"labels":{"a":"b c"}}"#, "which is not the value of a label. Accepted: at most 63 letters"),
            (#"{"labels":{"a":1}}"#, "labels.a is not a string"), (#"{"run_mode":"refresh"}"#, "It has tasks in source, full"),
            (#"{"range_to":"2024"}"#, "range_from"),
            (body(labels: 19), "would have 21 labels"), (body(labels: 21), "at most 20"),
        ])
    func refused(body: String, message: String) async throws {
        try await withService { service in
            let headers = try await headers(service)
            let error = try await service.post(Self.path, headers, json: body).error(.invalid)
            #expect(error.contains(message), "\(error)")
            #expect(try await service.get(Paths.runs, headers).runIDs().isEmpty)
        }
    }

    @Test("has twenty labels at most, those of the workflow included")
    func most() async throws {
        try await withService { service in
            let headers = try await headers(service)
            // Two of the workflow.
            #expect(try await service.post(Self.path, headers, json: Self.body(labels: 18)).status == .created)
        }
    }

    @Test("an unknown configuration and another tenant's are not found; a viewer may not start")
    func notFound() async throws {
        try await withService { service in
            let headers = try await headers(service)
            let others = try await service.headers(.admin, of: ServiceUnderTest.other)
            for (path, fields) in [
                (Paths.starts(of: "cg-nope"), headers), (Self.path, others), (Paths.starts(of: "a\u{1}"), headers),
            ] {
                let error = try await service.post(path, fields, json: "{}").error(.notFound)
                #expect(error == "There is no configuration with that id.")
            }
            #expect(try await service.post(Self.path, try await service.headers(.viewer), json: "{}").status == .forbidden)
            #expect(try await service.get(Self.path, headers).status == .methodNotAllowed)
        }
    }

    @Test("the same key with the same body starts one run; another body, configuration or endpoint needs another key")
    func idempotency() async throws {
        try await withService { service in
            var headers = try await headers(service)
            #expect(try await service.save(ServiceUnderTest.configuration("cg-2"), as: "cg-2", headers).status == .created)
            headers[HeaderNames.idempotencyKey] = "\"8e03978e-40d5\""
            let body = #"{"labels":{"ticket":"T-1"}}"#
            let first = try await service.post(Self.path, headers, json: body)
            #expect(first.status == .created)
            #expect(try await service.post(Self.path, headers, json: body).text == first.text)
            #expect(try await service.get(Paths.runs, headers).runIDs().count == 1)
            #expect(try await service.post(Self.path, headers, json: body + " ").status.code == 422)
            #expect(try await service.post(Paths.starts(of: "cg-2"), headers, json: body).status.code == 422)
            #expect(try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#).status.code == 422)
        }
    }
}
