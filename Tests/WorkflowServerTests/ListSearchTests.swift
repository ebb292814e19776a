import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("A search over the API")
struct ListSearchTests {
    private static func path(_ base: String, _ parameters: [(String, String)]) -> String {
        base + "?" + parameters.map { "\($0)=\(PathSegment.percentEncoded($1))" }.joined(separator: "&")
    }

    private static func save(_ search: String, as name: String, on service: ServiceUnderTest, _ headers: HTTPFields) async throws {
        let body = String(buffer: ViewRequest(search: search).document)
        #expect(try await service.send(.put, Paths.view(name), headers: headers, body: body).status == .created)
    }

    @Test(
        "finds the runs that the parameters find, alone and together with them",
        arguments: [
            ([("q", "state:failed")], "ba"), ([("q", "attribution:customer")], "a"), ([("q", "-type:bridge.sync took:<15m")], "ca"),
            ([("q", "state:failed"), ("type", "bridge.sync")], "b"),
            ([("q", "workflow:cg-daily"), ("not_type", "campaign.send")], "a"),
            ([("q", "sort:created order:asc state:failed")], "ab"), ([("q", "order:asc"), ("ended_from", "2024-01-02")], "bcef"),
            ([("q", "state:failed"), ("order", "asc")], "ab"), ([("q", "since:2024-01-02"), ("created_to", "2024-01-04")], "cb"),
            ([("q", "\"connection reset\"")], "a"), ([("q", "since:5w")], ""), ([("q", "on:\"jan 2024\" state:failed")], "ba"),
        ])
    func searches(parameters: [(String, String)], expected: String) async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            let found = try await service.get(Self.path(Paths.runs, parameters + [("with_total", "true")]), headers)
            #expect(try found.runIDs() == expected.map { "wf-\($0)" }, "\(found.text)")
            #expect(try found.json()["total"] == .integer(Int64(expected.count)))
            let exported = try await service.get(Self.path(Paths.export, parameters), headers).text
            #expect(exported.split(separator: "\n").count == expected.count)
            guard !parameters.contains(where: { $0.0 == "order" }) else { return }
            let counts = try await service.get(Self.path(Paths.facets, parameters), headers).json()
            #expect(counts["total"] == .integer(Int64(expected.count)))
        }
    }

    @Test(
        "refuses a field, or an order, that is given twice, and a search that cannot be read",
        arguments: [
            (
                [("q", "state:failed"), ("state", "canceled")],
                "state and the search both have a condition of state. Give it in one of them."
            ),
            (
                [("q", "since:7d"), ("created_from", "2024")],
                "created_from and the search both have a condition of since. Give it in one of them."
            ),
            ([("q", "sort:ended"), ("order", "asc")], "order and the search both have an order. Give it in one of them."),
            (
                [("q", "until:2024-01-01"), ("created_from", "2024-02-01")],
                "created_to (2024-01-01T00:00:00.000Z) is before created_from (2024-02-01T00:00:00.000Z); a window ends after it starts."
            ),
            (
                [("q", "fault:custommer")],
                "The search's term `fault:custommer` at character 1 has the value `custommer`; did you mean `customer`? Accepted are "
                    + "customer, platform."
            ),
            ([("view", "none")], "There is no saved view \"none\". /api/workflow/views lists the views."),
        ])
    func refused(parameters: [(String, String)], message: String) async throws {
        try await withService { service in
            let headers = try await QuestionedRuns.seed(service)
            for base in [Paths.runs, Paths.export] {
                #expect(try await service.get(Self.path(base, parameters), headers).error(.invalid) == message)
            }
        }
    }

    @Test("may begin with a saved view of the tenant, and of no other")
    func views() async throws {
        try await withService { service in
            _ = try await QuestionedRuns.seed(service)
            let headers = try await service.headers(.operator)
            try await Self.save("state:failed", as: "Night / failed", on: service, headers)
            func runs(_ parameters: [(String, String)]) async throws -> [String] {
                try await service.get(Self.path(Paths.runs, parameters), headers).runIDs()
            }
            let view = ("view", "Night / failed")
            #expect(try await runs([view]) == ["wf-b", "wf-a"])
            #expect(try await runs([view, ("q", "workflow:cg-daily")]) == ["wf-a"])
            #expect(try await runs([view, ("type", "bridge.sync")]) == ["wf-b"])
            let twice = try await service.get(Self.path(Paths.runs, [view, ("state", "canceled")]), headers)
            #expect(try twice.error(.invalid).hasPrefix("state and the search both have a condition of state."))
            let theirs = try await service.headers(.viewer, of: ServiceUnderTest.other)
            for base in [Paths.runs, Paths.facets, Paths.export] {
                let answer = try await service.get(Self.path(base, [view]), theirs)
                #expect(try answer.error(.invalid).hasPrefix("There is no saved view \"Night / failed\"."))
            }
        }
    }

    @Test("with a relative time keeps it on all pages of a list, and is asked anew on the first one")
    func relativeTimes() async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            let now = service.clock.now
            let runs = try (1...5).map { try service.run("wf-\($0)", created: (now + .seconds(-600 * $0)).iso8601) }
            try await service.addRuns(runs)
            let parameters = [("q", "since:1h"), ("limit", "2")]
            let first = try await service.get(Self.path(Paths.runs, parameters), headers)
            #expect(try first.runIDs() == ["wf-1", "wf-2"])
            let token = try #require(try first.json()["next_token"]?.string)
            // Half an hour later, a first page has other runs; the next one of this list has not.
            service.clock.advance(by: .seconds(1_800))
            let anew = try await service.get(Self.path(Paths.runs, parameters), headers)
            #expect(try anew.runIDs() == ["wf-1", "wf-2"] && anew.json()["next_token"]?.string != token)
            let next = try await service.get(Self.path(Paths.runs, parameters + [("next_token", token)]), headers)
            #expect(try next.runIDs() == ["wf-3", "wf-4"])
            let last = try #require(try next.json()["next_token"]?.string)
            #expect(try await service.get(Self.path(Paths.runs, parameters + [("next_token", last)]), headers).runIDs() == ["wf-5"])
            let all = try await service.get(Self.path(Paths.runs, [("q", "since:1h")]), headers)
            #expect(try all.runIDs() == ["wf-1", "wf-2", "wf-3"])
            // The token belongs to its search, its instant and its tenant.
            let theirs = try await service.headers(.viewer, of: ServiceUnderTest.other)
            let moved = token.prefix { $0 != "." } + ".\(now.milliseconds + 1)"
            for (search, token, headers) in [
                ("since:2h", token, headers), ("since:1h", String(moved), headers), ("since:1h", "a.99999999999999999999", headers),
                ("since:1h", "\(token.prefix { $0 != "." }).\(Int64.max)", headers), ("since:1h", token, theirs),
            ] {
                let query = [("q", search), ("limit", "2"), ("next_token", token)]
                #expect(
                    try await service.get(Self.path(Paths.runs, query), headers).error(.invalid).hasPrefix("next_token was not"))
            }
        }
    }

    @Test("a value that is close to a known one is refused with it, also in a parameter")
    func suggestions() async throws {
        try await withService { service in
            let headers = try await service.headers(.viewer)
            #expect(try await service.get(Paths.runs + "?state=faild", headers).error(.invalid).hasSuffix(" Did you mean failed?"))
            #expect(try await service.get(Paths.runs + "?run_mode=ful", headers).error(.invalid).hasSuffix(" Did you mean full?"))
        }
    }
}
