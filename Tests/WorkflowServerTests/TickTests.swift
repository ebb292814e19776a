import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowServer
import WorkflowTestKit

@Suite("Ticks over the API")
struct TickTests {
    private static let scheduled = ServiceUnderTest.configuration() + "\nschedule: {cron: \"* * * * *\", timezone: UTC}\n"

    /// Saves a configuration with a schedule, and decides six ticks, of which the first started a run.
    private func prepare(_ service: ServiceUnderTest) async throws -> RunID {
        _ = try await service.save(Self.scheduled, as: "cg-daily", try await service.headers(.admin))
        let now = service.clock.now
        let due = try await service.store.dueSchedulesOfAllTenants(at: now, limit: 1)
        let scheduleProgress = try #require(due.first)
        let version = try #require(try await service.store.configuration("cg-daily", of: scheduleProgress.tenant))
        let configuration = try ConfigurationReader().read(version.source, file: "daily")
        let request = RunRequest(principal: .schedule, scheduledFor: now + .seconds(60), schedule: "default")
        let plan = try RunPlan(configuration, version: version, for: request, at: now, random: SeededRandom(seed: 1))
        let ticks = (1...6).map { minute in
            ScheduleTick(
                tenant: scheduleProgress.tenant, configuration: "cg-daily", schedule: minute == 6 ? "other" : "default",
                instant: now + .seconds(60 * minute), outcome: minute == 1 ? .started : .skipped,
                reason: minute == 1 ? nil : .overlap, run: plan.id, decidedAt: now)
        }
        let decision = ScheduleDecision(
            tenant: scheduleProgress.tenant, configuration: "cg-daily", revision: scheduleProgress.revision, decidedUntil: now,
            wakeAt: nil,
            ticks: ticks, starts: [plan])
        #expect(try await service.store.record(decision, at: now))
        return plan.id
    }

    @Test("are listed newest first and in pages, for keys that may read")
    func listing() async throws {
        try await withService { service in
            let run = try await prepare(service)
            let headers = try await service.headers(.viewer)
            let path = Paths.ticks(of: "cg-daily")
            let all = try TickListAnswer(json: Array(try await service.get(path, headers).body.readableBytesView))
            let now = service.clock.now
            #expect(all.ticks.map(\.instant) == (1...6).reversed().map { now + .seconds(60 * $0) })
            #expect(all.ticks.last?.outcome == .started && all.ticks.last?.run == run && all.nextToken == nil)

            let first = try TickListAnswer(
                json: Array(try await service.get("\(path)?schedule=default&limit=3", headers).body.readableBytesView))
            let token = try #require(first.nextToken)
            let second = try TickListAnswer(
                json: Array(
                    try await service.get("\(path)?schedule=default&limit=3&next_token=\(token)", headers).body.readableBytesView))
            #expect((first.ticks + second.ticks).map(\.instant) == (1...5).reversed().map { now + .seconds(60 * $0) })
            #expect(second.nextToken == nil)
            // A token opens only the list that it was made for, and no list of runs.
            #expect(try await service.get("\(path)?limit=3&next_token=\(token)", headers).status == .badRequest)
            #expect(try await service.get("\(Paths.runs)?next_token=\(token)", headers).status == .badRequest)
            let from = (now + .seconds(300)).iso8601
            let late = try TickListAnswer(
                json: Array(try await service.get("\(path)?from=\(from)", headers).body.readableBytesView))
            #expect(late.ticks.count == 2)
            #expect(try await service.get("\(path)?outcome=missed", headers).error(.invalid).contains("next_token"))
        }
    }

    @Test("outlive their configuration, and are not found for an unknown one")
    func unknown() async throws {
        try await withService { service in
            _ = try await prepare(service)
            let headers = try await service.headers(.admin)
            _ = try await service.send(.delete, Paths.configuration("cg-daily"), headers: headers)
            #expect(try await service.get(Paths.ticks(of: "cg-daily"), headers).status == .ok)
            #expect(try await service.get(Paths.ticks(of: "cg-nowhere"), headers).status == .notFound)
        }
    }

    @Test("have their scheduled time in the verbose form of the run")
    func nominalTime() async throws {
        try await withService { service in
            let run = try await prepare(service)
            let headers = try await service.headers(.viewer)
            let verbose = try await service.get(Paths.run(run) + "?view=verbose", headers).json()
            #expect(verbose["scheduled_for"] == .string((service.clock.now + .seconds(60)).iso8601))
            #expect(verbose["principal_name"] == .string("Automated workflow"))
            #expect(try await service.get(Paths.run(run), headers).json()["scheduled_for"] == nil)
        }
    }
}
