import Logging
import SQLiteTestKit
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

@Suite("Triggers after other workflows", .timeLimit(.minutes(10)))
struct TriggerWorkTests {
    /// A store with workflows whose texts are real.
    private struct Bench {
        let bench: StoreBench
        let clock = TestClock()
        var store: any WorkflowStore { bench.store }

        func save(_ id: String, _ triggers: String = "", parameters: String = "") async throws {
            let text = """
                id: \(id)
                name: \(id)
                type: test/run
                \(parameters)
                \(triggers.isEmpty ? "" : "triggers: \(triggers)")
                stages: [{name: All, run_modes: [refresh, full], tasks: [{id: only, type: test.task, command: ["true"]}]}]
                """
            let source = ConfigurationSource(text: text, format: .yaml)
            let configuration = try ConfigurationReader().read(source, file: id)
            var draft = bench.draft(id, text: text, at: clock.now)
            draft.source = source
            draft.triggers = configuration.afterTriggers
            _ = try await store.saveConfiguration(draft, at: clock.now)
        }

        /// Starts a run of a saved workflow, and ends it.
        func run(
            _ id: String, in state: RunState = .succeeded, range: TimeWindow? = nil, parameters: RunParameters = RunParameters()
        ) async throws -> RunID {
            let version = try #require(try await store.configuration(id, of: StoreBench.acme))
            let configuration = try ConfigurationReader().read(version.source, file: id)
            let request = RunRequest(principal: StoreBench.someone, range: range, parameters: parameters)
            let plan = try RunPlan(configuration, version: version, for: request, at: clock.now, random: bench.random)
            _ = try await store.createRun(plan, once: nil)
            try await bench.end(plan.id, in: state, at: clock.now)
            return plan.id
        }

        var work: TriggerWork {
            TriggerWork(
                store: store, time: clock, random: bench.random,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        }

        func firing(_ id: String) async throws -> TriggerFiring { try #require(try await bench.firings(of: id).first) }

        func firings(_ id: String, with run: RunID) async throws -> [TriggerFiring] {
            try await bench.firings(of: id).filter { firing in
                if case .run(run, _, _) = firing.cause { true } else { false }
            }
        }

        func started(_ id: String) async throws -> WorkflowRun {
            let fired = try await firing(id)
            let run = try #require(fired.run, "\(fired)")
            return try await bench.details(run).run
        }
    }

    private func withBench(_ test: (Bench) async throws -> Void) async throws {
        try await withEmbeddedStore { store in try await test(Bench(bench: StoreBench(store))) }
    }

    @Test func theRunGetsValuesOfTheOneThatEnded() async throws {
        try await withBench { bench in
            try await bench.save(
                "cg-sources", parameters: "parameters: {region: {type: string}, limit: {type: integer, default: 7}}")
            try await bench.save(
                "cg-report",
                """
                [{after: cg-sources, run_mode: refresh, range: trigger, parameters: {
                  region: "${trigger.parameters.region}", limit: "${trigger.parameters.limit}", cause: "${trigger.config_id}/${trigger.state}",
                  from: "${trigger.range_from}", scheduled: "${trigger.scheduled_for}"}}]
                """,
                parameters: """
                    parameters:
                      region: {type: string}
                      limit: {type: integer}
                      cause: {type: string}
                      from: {type: datetime}
                      scheduled: {type: string, default: none}
                    """)
            let range = TimeWindow(from: StoreBench.start, to: StoreBench.after(60))
            let cause = try await bench.run("cg-sources", range: range, parameters: RunParameters([("region", .string("eu"))]))
            await bench.work.decideWhatWaits()
            let run = try await bench.started("cg-report")
            #expect(run.origin.parameters["region"] == .string("eu") && run.origin.parameters["limit"] == .integer(7))
            #expect(run.origin.parameters["cause"] == .string("cg-sources/succeeded"))
            #expect(run.origin.parameters["scheduled"] == .string("none"))
            #expect(run.origin.range == range && run.origin.runMode == .refresh)
            #expect(run.principal == .trigger)
            #expect(run.origin.trigger?.cause == .run(cause, of: "cg-sources") && run.origin.trigger?.depth == 1)
        }
    }

    @Test(arguments: [
        ("region: \"${trigger.parameters.none}\"", FiringOutcome.refused, "`${trigger.parameters.none}` is not there"),
        ("region: \"${trigger.state}\"", .refused, "`region` must be `eu` or `us`"),
    ])
    func valuesThatAreMissingOrNotAcceptedAreSaid(parameters: String, outcome: FiringOutcome, note: String) async throws {
        try await withBench { bench in
            try await bench.save("cg-sources")
            try await bench.save(
                "cg-report", "[{after: cg-sources, parameters: {\(parameters)}}]",
                parameters: "parameters: {region: {type: string, enum: [eu, us]}}")
            _ = try await bench.run("cg-sources")
            await bench.work.decideWhatWaits()
            let firing = try await bench.firing("cg-report")
            #expect(firing.outcome == outcome && firing.run == nil)
            #expect(firing.note?.contains(note) == true, "\(firing.note ?? "")")
        }
    }

    @Test func anEventWhoseTriggerOrRunIsGoneStartsNothing() async throws {
        try await withBench { bench in
            try await bench.save("cg-sources")
            for id in ["cg-a", "cg-b", "cg-c"] { try await bench.save(id, "[{after: cg-sources, on: [any]}]") }
            let run = try await bench.run("cg-sources", in: .failed)
            try await bench.save("cg-a", "[{after: cg-sources, on: [succeeded]}]")
            _ = try await bench.store.deleteConfiguration("cg-b", of: StoreBench.acme, at: bench.clock.now)
            await bench.work.decideWhatWaits()
            #expect(try await bench.firing("cg-a").outcome == .failed)
            #expect(try await bench.firing("cg-b").outcome == .failed)
            #expect(try await bench.firing("cg-a").note?.contains("has no trigger for this event") == true)
            #expect(try await bench.firing("cg-b").note?.contains("was deleted") == true)
            #expect(try await bench.firing("cg-c").outcome == .started)
            let again = try await bench.run("cg-sources")
            _ = try await bench.store.deleteRun(again, of: StoreBench.acme)
            await bench.work.decideWhatWaits()
            #expect(try await bench.firing("cg-c").note?.contains("The run \(again) was deleted") == true)
            #expect(try await bench.firings("cg-c", with: run).map(\.outcome) == [.started])
        }
    }

    @Test func aLoopIsCutAndSaysSo() async throws {
        try await withBench { bench in
            try await bench.save("cg-a", "[{after: cg-b, on: [any]}]")
            try await bench.save("cg-b", "[{after: cg-a, on: [any]}]")
            _ = try await bench.run("cg-a")
            for _ in 0..<TriggerLimits.chain * 2 {
                await bench.work.decideWhatWaits()
                let claimed = try await bench.bench.claim(at: bench.clock.now)
                for task in claimed {
                    _ = try await bench.store.commit(.began, under: task.lease, at: bench.clock.now)
                    _ = try await bench.store.commit(.succeeded(TaskOutput()), under: task.lease, at: bench.clock.now)
                }
            }
            let firings = try await bench.bench.firings(of: "cg-a") + bench.bench.firings(of: "cg-b")
            var started: [TriggerFiring] = []
            var others: [TriggerFiring] = []
            for firing in firings {
                if firing.outcome == .started { started.append(firing) } else { others.append(firing) }
            }
            #expect(started.count == TriggerLimits.chain)
            #expect(others.map(\.outcome) == [.cut] && others.map(\.depth) == [TriggerLimits.chain + 1])
            #expect(others.first?.note?.contains("20 triggers") == true)
            #expect(try await bench.bench.total() == TriggerLimits.chain + 1)
        }
    }

    @Test func aConfigurationThatCannotBeReadIsTriedAgain() async throws {
        try await withBench { bench in
            try await bench.save("cg-sources")
            try await bench.bench.saveTriggers(after: [AfterTrigger(after: "cg-sources", on: [.any])], text: "not a configuration")
            _ = try await bench.run("cg-sources")
            await bench.work.decideWhatWaits()
            #expect(try await bench.firing("cg-report").outcome == .waiting)
            #expect(try await bench.firing("cg-report").dueAt == bench.clock.now + TriggerLimits.retryInterval)
            try await bench.save("cg-report", "[{after: cg-sources}]")
            bench.clock.advance(by: TriggerLimits.retryInterval)
            await bench.work.decideWhatWaits()
            #expect(try await bench.firing("cg-report").outcome == .started)
        }
    }

    @Test func theEndOfARunWakesTheWork() async throws {
        try await withBench { bench in
            try await bench.save("cg-sources")
            try await bench.save("cg-report", "[{after: cg-sources}]")
            let (work, clock) = (bench.work, bench.clock)
            let running = Task { await work.run() }
            // It sleeps until the next poll, and the clock stands still.
            await clock.untilSleeping(1)
            let signals = bench.store.signals()
            _ = try await bench.run("cg-sources")
            // The start of the next run is announced as work.
            for await signal in signals where signal == .work {
                if try await bench.bench.firings(of: "cg-report").first?.outcome == .started { break }
            }
            running.cancel()
            await running.value
        }
    }
}
