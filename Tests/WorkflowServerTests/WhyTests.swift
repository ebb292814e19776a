import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Concurrency limits and wait reasons over the API")
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

    @Test("a configuration that uses an unknown resource is refused with the known ones")
    func refusal() async throws {
        try await withService { service in
            let headers = try await service.headers(.admin)
            let message = try await service.save(Self.configuration(uses: "warehouse: 1"), as: "cg-daily", headers).error(.invalid)
            #expect(message.contains("uses `warehouse`, which is not a resource of the tenant acme; it has no resources yet"))
            // Everything that only the service can check is reported at once, with its lines.
            let text = Self.configuration(uses: "warehouse: 1").replacing(
                "stages:",
                with: "alerts: [{to: ops}, {to: chat}]\nschedule: {cron: \"0 2 * * *\", timezone: Europe/Nowhere}\nstages:")
            let problems = try await service.save(text, as: "cg-daily", headers).error(.invalid).split(separator: "\n")
            #expect(problems.count == 4, "\(problems)")
            for (mark, words) in [
                ("alerts:", "receiver ops"), ("alerts:", "receiver chat"), ("schedule:", "Europe/Nowhere"),
                ("uses:", "`warehouse`"),
            ] {
                let line = try #require(
                    text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains(mark) })
                #expect(problems.contains { $0.hasPrefix("cg-daily:\(line + 1): ") && $0.contains(words) }, "\(words): \(problems)")
            }
            try await service.store.saveSettings(
                TenantSettings(tenant: ServiceUnderTest.acme, resources: ["lake": 1, "warehouse": 2]))
            let much = try await service.save(Self.configuration(uses: "warehouse: 3"), as: "cg-daily", headers).error(.invalid)
            #expect(much.contains("uses 3 of `warehouse`, of which the tenant acme has 2"))
            #expect(try await service.save(Self.configuration(uses: "warehouse: 2"), as: "cg-daily", headers).status == .created)
        }
    }

    @Test("a run that waits for another one names it as the holder of the slot")
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
                TaskClaim(limit: 5, worker: "w", until: now + .seconds(60)), at: now)
            #expect(claimed.count == 1)
            let first = try #require(claimed.first).lease.run
            let second = try #require(ids.first { $0 != first })

            let viewer = try await service.headers(.viewer)
            let response = try await service.get(Paths.waitReasons(of: second), viewer)
            let answer = try WaitReasonsAnswer(json: Array(response.body.readableBytesView))
            let why = "waits for another run of cg-daily to end (1 of 1 held by \(first))"
            #expect(answer.message == "No task is running: Pull \(why).")
            #expect(answer.tasks.map(\.message) == ["Pull \(why)."])
            let task = try response.json()["tasks"]?.first
            #expect(task?["waits_for"]?.string == "limit")
            #expect(task?["limit"]?["name"]?.string == "runs:cg-daily")
            #expect(task?["limit"]?["held_by"]?.first?["workflow_id"]?.string == first.rawValue)

            let running = try await service.get(Paths.waitReasons(of: first), viewer)
            #expect(try WaitReasonsAnswer(json: Array(running.body.readableBytesView)).message == "1 task is running.")
            #expect(try await service.get(Paths.waitReasons(of: first) + "?x=1", viewer).status == .badRequest)
            #expect(try await service.get(Paths.waitReasons(of: RunID(rawValue: "wf-none")), viewer).status == .notFound)
        }
    }
}

extension JSONValue {
    fileprivate var first: JSONValue? {
        guard case .array(let elements) = self else { return nil }
        return elements.first
    }
}
