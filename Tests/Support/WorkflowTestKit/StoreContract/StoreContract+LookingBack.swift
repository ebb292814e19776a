import Testing
import WorkflowModel

extension StoreContract {
    /// Lookups for pages: runs by id and by configuration, inputs and outputs of tasks, uses of keys.
    static let lookingBack: [Rule] = [
        Rule("Runs are found by id, in the requested order, within their tenant") { bench in
            let history = RunHistory(6, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: history.tenant)
            let ids = history.runs.map(\.id)
            let asked = [ids[4], RunID(rawValue: "wf-unknown"), ids[0], ids[2]]
            let found = try await bench.store.runs(withIDs: asked, of: history.tenant)
            #expect(found == [history.runs[4], history.runs[0], history.runs[2]])
            #expect(try await bench.store.runs(withIDs: ids, of: StoreBench.globex).isEmpty)
            #expect(try await bench.store.runs(withIDs: [], of: history.tenant).isEmpty)
        },
        Rule("The newest runs of each configuration are listed newest first, up to a limit") { bench in
            var runs: [String: [RunID]] = [:]
            for number in 0..<7 {
                for configuration in ["cg-a", "cg-b"] {
                    // Two runs begin at each instant, so that their ids decide the order.
                    let time = StoreBench.after(Double(number / 2))
                    runs[configuration, default: []].append(try await bench.start(configuration: configuration, at: time))
                }
            }
            try await bench.start(of: StoreBench.globex, configuration: "cg-a", at: StoreBench.after(9))
            _ = try await bench.store.importRuns(RunHistory(5, random: bench.random).imported, into: StoreBench.acme)
            let latest = try await bench.store.latestRuns(
                ofEach: ["cg-b", "cg-a", "cg-unknown"], of: StoreBench.acme, limit: 4)
            #expect(Set(latest.keys) == ["cg-a", "cg-b"])
            for (configuration, ids) in runs {
                let all = try await bench.store.runs(withIDs: ids, of: StoreBench.acme)
                let newest = all.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }.prefix(4)
                #expect(latest[configuration] == newest.map { RecentRun($0) })
            }
            #expect(try await bench.store.latestRuns(ofEach: [], of: StoreBench.acme, limit: 4).isEmpty)
            #expect(try await bench.store.latestRuns(ofEach: ["cg-a"], of: StoreBench.tenant("nobody"), limit: 4).isEmpty)
        },
        Rule("Newest runs show whether they kept tasks of another run") { bench in
            let old = try await bench.failedRun()
            let again = try await bench.doOver(old, at: StoreBench.after(10))
            let latest = try await bench.store.latestRuns(ofEach: ["cg-daily"], of: StoreBench.acme, limit: 5)
            let runs = try #require(latest["cg-daily"])
            #expect(runs.map(\.run.id) == [again, old])
            #expect(runs.map(\.keepsTasks) == [true, false])
        },
        Rule("A skipped task shows whether the run mode or a failed task is the reason") { bench in
            let stages = [
                Stage(name: "One", tasks: [StoreBench.task("a"), StoreBench.task("b", needs: ["a"])]),
                Stage(name: "Two", tasks: [StoreBench.task("c", needs: ["b"])]),
                Stage(name: "Three", runModes: [.refresh], tasks: [StoreBench.task("d", needs: ["c"])]),
            ]
            let configuration = WorkflowConfiguration(id: "cg-daily", name: "Daily", type: "test.daily/run", stages: stages)
            let saved = try await bench.store.saveConfiguration(bench.draft("cg-daily", text: "stages"), at: StoreBench.start)
            let request = RunRequest(principal: StoreBench.someone, runMode: .full)
            let plan = try RunPlan(
                configuration, version: saved.version, for: request, at: StoreBench.start, random: bench.random)
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await bench.details(plan.id).tasks.map(\.skipReason) == [nil, nil, nil, .runMode])
            let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
            let lease = try await bench.claimOne()
            _ = try await bench.store.commit([.began, .failed(fault)], under: lease, at: StoreBench.after(1))
            let details = try await bench.details(plan.id)
            #expect(details.tasks.map(\.state) == [.failed, .skipped, .skipped, .skipped])
            #expect(details.tasks.map(\.skipReason) == [nil, .failedNeed, .failedNeed, .runMode])
        },
        Rule("The types of a tenant's runs are listed by name, up to a limit") { bench in
            for type in ["b.b", "a.a", "c.c"] { try await bench.start(configuration: "cg-\(type)", type: type) }
            try await bench.start(of: StoreBench.globex, type: "z.z")
            #expect(try await bench.store.runTypes(of: StoreBench.acme, limit: 10) == ["a.a", "b.b", "c.c"])
            #expect(try await bench.store.runTypes(of: StoreBench.acme, limit: 2) == ["a.a", "b.b"])
            #expect(try await bench.store.runTypes(of: StoreBench.tenant("nobody"), limit: 10).isEmpty)
        },
        Rule("Inputs and outputs of a task can be read, within its tenant") { bench in
            let id = try await bench.start([
                StoreBench.task("a"), StoreBench.task("b"), StoreBench.task("c", needs: ["a", "b"]),
            ])
            let tasks = try await bench.details(id).tasks.map(\.id)
            func values(_ task: TaskID, of tenant: Tenant = StoreBench.acme) async throws -> TaskValues? {
                try await bench.store.values(of: task, in: id, tenant: tenant)
            }
            #expect(try await values(tasks[2]) == TaskValues(needs: ["a", "b"]))
            let rows = JSONText(validated: #"{"rows":3}"#)
            for claimed in try await bench.claim() {
                try await bench.succeed(claimed.lease, output: claimed.definitionID == "a" ? rows : nil)
            }
            #expect(try await values(tasks[0]) == TaskValues(outputs: rows))
            #expect(try await values(tasks[1]) == TaskValues())
            #expect(try await values(tasks[2]) == TaskValues(needs: ["a", "b"], inputs: ["a": rows]))
            #expect(try await values(TaskID(rawValue: "wft-unknown")) == nil)
            #expect(try await values(tasks[0], of: StoreBench.globex) == nil)
        },
        Rule("The tasks of several runs are read at once: the first ones of each, and those that failed") { bench in
            let failed = try await bench.failedRun()
            let again = try await bench.doOver(failed, at: StoreBench.after(10))
            let other = try await bench.start([StoreBench.task("x")], of: StoreBench.globex, at: StoreBench.after(20))
            let runs = try await bench.store.runs(withIDs: [failed, again], of: StoreBench.acme)
            let foreign = try await bench.store.runs(withIDs: [other], of: StoreBench.globex)
            func results(first: Int, limit: Int = 100) async throws -> [RunID: [TaskResult]] {
                try await bench.store.taskResults(
                    matching: TaskResultQuery(of: runs + foreign, tenant: StoreBench.acme, first: first, limit: limit))
            }
            let all = try await results(first: 100)
            #expect(Set(all.keys) == [failed, again])
            for id in [failed, again] {
                let tasks = try await bench.details(id).tasks
                let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
                let expected = tasks.map { task in
                    let newest = attempts.last { $0.task == task.id && $0.number == task.attempts }
                    return TaskResult(
                        id: task.id, definitionID: task.definitionID, label: task.label, stage: task.stage, state: task.state,
                        skipReason: task.skipReason, attempts: task.attempts, isKept: task.keptFrom != nil,
                        duration: newest.flatMap { attempt in attempt.endedAt.map { $0 - attempt.startedAt } })
                }
                #expect(all[id] == expected)
            }
            let states = try #require(all[failed]).map(\.state)
            let place = try #require(states.firstIndex(of: .failed))
            #expect(place > 0)
            let few = try #require(try await results(first: 1)[failed])
            #expect(few == [all[failed]?[0], all[failed]?[place]])
            #expect(try await results(first: 100, limit: 1)[failed]?.count == 1)
            #expect(try await results(first: 0)[again] == nil)
        },
        Rule("The versions of a configuration are listed newest first, also after it was deleted") { bench in
            for number in 1...3 {
                let draft = bench.draft("cg-daily", text: "version \(number)")
                _ = try await bench.store.saveConfiguration(draft, at: StoreBench.after(Double(number)))
            }
            _ = try await bench.store.saveConfiguration(bench.draft("cg-other", text: "other"), at: StoreBench.start)
            func versions(upTo last: Int? = nil, limit: Int = 10, of tenant: Tenant = StoreBench.acme) async throws -> [Int] {
                let found = try await bench.store.versions(
                    of: "cg-daily", tenant: tenant, upTo: last, limit: limit, withTexts: true)
                var listed = try await bench.store.versions(
                    of: "cg-daily", tenant: tenant, upTo: last, limit: limit, withTexts: false)
                #expect(listed.map(\.source.text) == found.map { _ in "" })
                for (place, version) in found.enumerated() where listed.indices.contains(place) {
                    listed[place].source.text = version.source.text
                }
                #expect(listed == found)
                #expect(found.map(\.source.text) == found.map { "version \($0.number)" })
                return found.map(\.number)
            }
            #expect(try await versions() == [3, 2, 1])
            #expect(try await versions(upTo: 2) == [2, 1])
            #expect(try await versions(limit: 2) == [3, 2])
            #expect(try await versions(upTo: 0).isEmpty)
            #expect(try await versions(of: StoreBench.globex).isEmpty)
            #expect(try await bench.store.deleteConfiguration("cg-daily", of: StoreBench.acme, at: StoreBench.after(9)))
            #expect(try await versions() == [3, 2, 1])
        },
        Rule("The last use of a key is recorded and never decreases") { bench in
            for id in ["a", "b"] {
                try await bench.store.createKey(
                    APIKey(
                        id: id, tenant: StoreBench.acme, name: id, policy: .viewer, createdAt: StoreBench.start, secretHash: [1]))
            }
            #expect(try await bench.store.key("a")?.lastUsedAt == nil)
            try await bench.store.recordKeyUses([
                "a": StoreBench.after(5), "unknown": StoreBench.after(5),
            ])
            try await bench.store.recordKeyUses(["a": StoreBench.after(3), "b": StoreBench.after(4)])
            #expect(
                try await bench.store.keys(of: nil).map(\.lastUsedAt) == [
                    StoreBench.after(5), StoreBench.after(4),
                ])
            try await bench.store.recordKeyUses([:])
            let rotated = try await bench.store.rotateKey("a", secretHash: [2], at: StoreBench.after(6))
            #expect(rotated?.lastUsedAt == StoreBench.after(5))
        },
    ]
}
