import Testing
import WorkflowModel

extension StoreContract {
    static let creating: [Rule] = [
        Rule("A created run is returned as accepted and can be read immediately") { bench in
            let range = TimeWindow(from: StoreBench.after(-3_600), to: StoreBench.start)
            let plan = try await bench.plan(
                [StoreBench.task("pull", timeout: .seconds(30)), StoreBench.task("unify", needs: ["pull"])],
                warnAfter: .seconds(90), range: range)
            let created = try await bench.store.createRun(plan, once: nil)

            #expect(!created.isReplay)
            #expect(created.details.tasks.isEmpty)
            #expect(created.details.run.state == .scheduled)
            #expect(created.details.run.principal == StoreBench.someone)
            #expect(created.details.launchedVersion == plan.version)
            #expect(created.details.currentVersion == plan.version)
            #expect(created.details.warnAfter == .seconds(90))
            #expect(created.details.origin.runMode == .full)
            #expect(created.details.origin.range == range)

            var read = try await bench.details(plan.id)
            #expect(read.tasks.map(\.id) == plan.tasks.map(\.id))
            #expect(read.tasks.map(\.state) == [.scheduled, .scheduled])
            #expect(read.tasks.map(\.timeout) == [.seconds(30), nil])
            #expect(read.tasks.map(\.stage) == ["Everything", "Everything"])
            #expect(read.tasks.allSatisfy { $0.createdAt == plan.createdAt && $0.endedAt == nil && $0.attempts == 0 })
            read.tasks = []
            #expect(read == created.details)
        },
        Rule("Tasks omitted by the run mode are skipped from the start") { bench in
            let configuration = WorkflowConfiguration(
                id: "cg-modes", name: "Modes", type: "test.modes",
                stages: [
                    Stage(name: "Sources", tasks: [StoreBench.task("pull")]),
                    Stage(name: "Rest", runModes: [.full], tasks: [StoreBench.task("send", needs: ["pull"])]),
                ])
            let saved = try await bench.store.saveConfiguration(bench.draft("cg-modes", text: "modes"), at: StoreBench.start)
            let plan = try RunPlan(
                configuration, version: saved.version, for: RunRequest(principal: StoreBench.someone, runMode: .source),
                at: StoreBench.start, random: bench.random)
            _ = try await bench.store.createRun(plan, once: nil)
            let details = try await bench.details(plan.id)
            #expect(details.tasks.map(\.state) == [.scheduled, .skipped])
            #expect(details.tasks.map(\.endedAt) == [nil, StoreBench.start])
            #expect(details.origin.runMode == .source)
            try await bench.succeed(bench.claimOne())
            #expect(try await bench.details(plan.id).run.state == .succeeded)
        },
        Rule("A run id is unique within its tenant") { bench in
            let plan = try await bench.plan()
            _ = try await bench.store.createRun(plan, once: nil)
            await bench.expect(.duplicate) { try await bench.store.createRun(plan, once: nil) }
            var other = try await bench.plan(of: StoreBench.globex)
            other.id = plan.id
            _ = try await bench.store.createRun(other, once: nil)
            #expect(try await bench.details(plan.id, of: StoreBench.globex).run.tenant == StoreBench.globex)
        },
        Rule("A run of another tenant is not found") { bench in
            let id = try await bench.start()
            #expect(try await bench.store.run(id, of: StoreBench.globex) == nil)
            #expect(try await bench.store.stopRun(id, of: StoreBench.globex, at: StoreBench.start) == nil)
            #expect(try await bench.store.attempts(of: id, tenant: StoreBench.globex).isEmpty)
            #expect(try await bench.store.run(RunID(rawValue: "wf-nowhere"), of: StoreBench.acme) == nil)
            #expect(try await bench.details(id).run.state == .scheduled)
        },
        Rule("The current version of a run follows its configuration; the launched one stays") { bench in
            let plan = try await bench.plan()
            _ = try await bench.store.createRun(plan, once: nil)
            let next = try await bench.store.saveConfiguration(bench.draft("cg-daily", text: "another"), at: StoreBench.after(1))
            var details = try await bench.details(plan.id)
            #expect(details.currentVersion == next.version.id)
            #expect(details.launchedVersion == plan.version)
            #expect(try await bench.store.deleteConfiguration("cg-daily", of: StoreBench.acme, at: StoreBench.after(2)))
            details = try await bench.details(plan.id)
            #expect(details.currentVersion == nil)
            #expect(details.launchedVersion == plan.version)
        },
    ]
}
