import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer

@Suite("GET /api/workflow/runs/facets")
struct FacetTests {
    private func facets(_ service: ServiceUnderTest, _ query: String, _ headers: HTTPFields) async throws -> RunFacets {
        let response = try await service.get(Paths.facets + query, headers)
        try #require(response.status == .ok, "\(response.text)")
        return try RunFacets(json: Array(response.body.readableBytesView))
    }

    @Test("counts by everything, of one tenant's runs")
    func everything() async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            let all = try await facets(service, "", headers)
            #expect(all.total == .exactly(6))
            #expect(
                all.values == [
                    .state: [
                        .init(text: "failed", runs: 2), .init(text: "succeeded", runs: 2), .init(text: "canceled", runs: 1),
                        .init(text: "started", runs: 1),
                    ],
                    .type: [
                        .init(text: "courier.group/run", runs: 3), .init(text: "bridge.sync", runs: 2),
                        .init(text: "campaign.send", runs: 1),
                    ],
                    .configuration: [
                        .init(text: "cg-daily", runs: 2), .init(text: "cg-other", runs: 1), .init(text: "cg-weekly", runs: 1),
                    ],
                    .attribution: [.init(text: "customer", runs: 1), .init(text: "platform", runs: 1)],
                    .errorType: [.init(text: "weir.task.command/exit", runs: 1), .init(text: "weir.worker/lost", runs: 1)],
                    .principal: [.init(text: "p-1", runs: 5), .init(text: "p-2", runs: 1)],
                ])
            let theirs = try await facets(service, "", try await service.headers(.viewer, of: ServiceUnderTest.other))
            #expect(theirs.total == .exactly(1) && theirs.values[.configuration] == [.init(text: "cg-daily", runs: 1)])
        }
    }

    @Test("counts by what is asked for, with a limit of values, of the runs that a filter selects")
    func some() async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            let response = try await service.get(Paths.facets + "?by=attribution,config_id&state=failed", headers)
            #expect(
                response.text
                    == #"{"total":2,"counted":2,"complete":true,"facets":{"config_id":[{"value":"cg-daily","runs":1},"#
                    + #"{"value":"cg-weekly","runs":1}],"attribution":[{"value":"customer","runs":1},{"value":"platform","runs":1}]}}"#
            )
            let limited = try await facets(service, "?by=type&limit=1", headers)
            #expect(limited.values == [.type: [.init(text: "courier.group/run", runs: 3)]] && limited.total == .exactly(6))
            let none = try await facets(service, "?by=state&text=no%20such%20text", headers)
            #expect(none == RunFacets(total: .exactly(0), values: [.state: []]))
            // A dimension may be named twice.
            #expect(try await facets(service, "?by=type,type&limit=1", headers) == limited)
        }
    }

    @Test(
        "counts what the list finds",
        arguments: QuestionedRuns.filters.filter { !$0.query.contains("sort") && !$0.query.contains("order") })
    func filters(query: String, expected: String) async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            let found = try await facets(service, "?by=state,principal_id&\(query)", headers)
            #expect(found.total == .exactly(expected.count))
            #expect(found.values[.state]?.reduce(0) { $0 + $1.runs } == expected.count)
        }
    }

    @Test(
        "an invalid parameter is a 400 with what is accepted",
        arguments: [
            ("by=", "by is empty"),
            ("by=states", "\"states\" is unknown. Did you mean state? Accepted: state, type, config_id, attribution"),
            ("by=state,", "in which \"\" is unknown"), ("by=state;type", "Accepted: state"),
            ("by=state&by=type", "by appears more than once"),
            ("limit=0", "an integer from 1 to 100"), ("limit=101", "an integer from 1 to 100"),
            ("sort=created", "Unknown parameter"),
            ("next_token=a", "Unknown parameter"), ("with_total=true", "Unknown parameter"),
        ])
    func invalid(query: String, message: String) async throws {
        try await withService { service in
            let error = try await service.get("\(Paths.facets)?\(query)", try await service.headers(.viewer)).error(.invalid)
            #expect(error.contains(message), "\(error)")
        }
    }
}
