import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Limits and why something waits, over the API")
struct WhyTests {
    private static func configuration(_ more: String = "", uses: String) -> String {
        """
        id: cg-daily
        name: Daily
        type: courier.group/run
        \(more)
        stages:
          - name: Only
            tasks:
              - {id: pull, label: Pull, type: courier.pull, command: ["true"], uses: {\(uses)}}

        """
    }

    @Test("a configuration that uses what the tenant does not have is refused, with what it has")
    func refusal() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let message = try await service.save(Self.configuration(uses: "warehouse: 1"), as: "cg-daily", headers).error(.invalid)
            #expect(message.contains("uses `warehouse`, which is no resource of the tenant acme; it has none yet"))
            try await service.store.saveSettings(
                TenantSettings(tenant: ServiceUnderTest.acme, resources: ["lake": 1, "warehouse": 2]))
            let much = try await service.save(Self.configuration(uses: "warehouse: 3"), as: "cg-daily", headers).error(.invalid)
            #expect(much.contains("uses 3 of `warehouse`, of which the tenant acme has 2"))
            #expect(try await service.save(Self.configuration(uses: "warehouse: 2"), as: "cg-daily", headers).status == .created)
        }
    }

    @Test("a run that waits for another one says so, with what holds its place")
    func waiting() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            try await service.store.saveSettings(
                TenantSettings(tenant: ServiceUnderTest.acme, resources: ["warehouse": 2]))
            let text = Self.configuration("concurrency: 1", uses: "warehouse: 2")
            try #require(try await service.save(text, as: "cg-daily", headers).status == .created)
            var ids: [RunID] = []
            for _ in 0..<2 {
                let response = try await service.post(Paths.runs, headers, json: #"{"config_id":"cg-daily"}"#)
                ids.append(RunID(rawValue: try #require(try response.json()["id"]?.string)))
            }
            let now = service.clock.now
            let claimed = try await service.store.claimTasksOfAllTenants(
                limit: 5, worker: "w", until: now + .seconds(60), at: now)
            #expect(claimed.count == 1)
            let first = try #require(claimed.first).lease.run
            let second = try #require(ids.first { $0 != first })

            let viewer = try await service.headers(.viewer)
            let response = try await service.get(Paths.standing(of: second), viewer)
            let answer = try StandingAnswer(json: Array(response.body.readableBytesView))
            let why = "waits until another run of cg-daily has ended (1 of 1 held by \(first))"
            #expect(answer.message == "Nothing of it runs: Pull \(why).")
            #expect(answer.tasks.map(\.message) == ["Pull \(why)."])
            let task = try response.json()["tasks"]?.first
            #expect(task?["waits_for"]?.string == "limit")
            #expect(task?["limit"]?["name"]?.string == "runs:cg-daily")
            #expect(task?["limit"]?["held_by"]?.first?["workflow_id"]?.string == first.rawValue)

            let running = try await service.get(Paths.standing(of: first), viewer)
            #expect(try StandingAnswer(json: Array(running.body.readableBytesView)).message == "A task of it runs.")
            #expect(try await service.get(Paths.standing(of: first) + "?x=1", viewer).status == .badRequest)
            #expect(try await service.get(Paths.standing(of: RunID(rawValue: "wf-none")), viewer).status == .notFound)
        }
    }
}

extension JSONValue {
    fileprivate var first: JSONValue? {
        guard case .array(let elements) = self else { return nil }
        return elements.first
    }
}
