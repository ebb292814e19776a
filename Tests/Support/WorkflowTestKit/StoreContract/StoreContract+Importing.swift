import Testing
public import WorkflowModel

extension StoreContract {
    static let importing: [Rule] = [
        Rule("An imported error without attribution or data stays without them") { bench in
            var run = RunHistory(1, random: bench.random).runs[0]
            run.state = .failed
            run.endedAt = StoreBench.after(30)
            run.error = RunError(attribution: nil, type: "a.b/c", message: "No")
            let task = TaskInstance(
                id: TaskID(rawValue: "wft-1"), run: run.id, tenant: StoreBench.acme, label: "Pull", state: .failed,
                stateChangedAt: StoreBench.after(29), createdAt: StoreBench.start, endedAt: StoreBench.after(29),
                executionType: "spark", definitionID: "pull", definitionType: "courier.pull", error: run.error, attempts: 1)
            _ = try await bench.store.importRuns([ImportedRun(run: run, tasks: [task])], into: StoreBench.acme)
            let details = try await bench.details(run.id)
            #expect(details.run == run)
            #expect(details.tasks == [task])
            #expect(try await bench.walk(by: 5) == [run])
        },
        Rule("History is stored unchanged") { bench in
            var run = RunHistory(1, random: bench.random).runs[0]
            run.state = .failed
            run.endedAt = StoreBench.after(30)
            run.principal = Principal(id: "u", name: "Ünï", email: "u@example.com")
            run.error = RunError(attribution: .platform, type: "a.b/c", message: "No", data: JSONText(validated: "[1]"))
            let task = TaskInstance(
                id: TaskID(rawValue: "wft-1"), run: run.id, tenant: StoreBench.acme, label: "Pull", state: .failed,
                stateChangedAt: StoreBench.after(29), createdAt: StoreBench.start, endedAt: StoreBench.after(29),
                executionType: "spark", engineRunID: "e-1", definitionID: "pull", definitionType: "courier.pull",
                timeout: .seconds(9), error: run.error, attempts: 2)
            var other = task
            other.id = TaskID(rawValue: "wft-0")
            let imported = ImportedRun(
                run: run, launchedVersion: ConfigurationVersionID(rawValue: "etv-a"),
                currentVersion: ConfigurationVersionID(rawValue: "etv-b"), warnAfter: .seconds(3), tasks: [task, other])
            let outcome = try await bench.store.importRuns([imported], into: StoreBench.acme)
            #expect(outcome == ImportOutcome(added: 1, alreadyThere: 0))
            let details = try await bench.details(run.id)
            #expect(
                details
                    == WorkflowRunDetails(
                        run: run, launchedVersion: imported.launchedVersion, currentVersion: imported.currentVersion,
                        warnAfter: imported.warnAfter, isImported: true, tasks: [task, other]))
            #expect(try await bench.store.attempts(of: run.id, tenant: StoreBench.acme).isEmpty)
        },
        Rule("Existing runs stay unchanged, and a repeated batch changes nothing") { bench in
            let history = RunHistory(30, random: bench.random)
            let first = try await bench.store.importRuns(history.imported, into: history.tenant)
            #expect(first == ImportOutcome(added: 30, alreadyThere: 0))
            var changed = history
            for index in changed.runs.indices { changed.runs[index].name = "Another" }
            let more = RunHistory(5, random: bench.random)
            let second = try await bench.store.importRuns(changed.imported + more.imported, into: history.tenant)
            #expect(second == ImportOutcome(added: 5, alreadyThere: 30))
            #expect(try await bench.walk(by: 100).allSatisfy { $0.name == "Run" })
            let twice = RunHistory(1, random: bench.random).imported
            #expect(
                try await bench.store.importRuns(twice + twice, into: history.tenant)
                    == ImportOutcome(added: 1, alreadyThere: 1))
            #expect(try await bench.store.importRuns([], into: history.tenant) == ImportOutcome(added: 0, alreadyThere: 0))
        },
        Rule("An import does not overwrite a run of this service") { bench in
            let id = try await bench.start()
            var run = RunHistory(1, random: bench.random).runs[0]
            run.id = id
            #expect(try await bench.store.importRuns([ImportedRun(run: run)], into: StoreBench.acme).alreadyThere == 1)
            #expect(try await bench.details(id).run.name == "Daily")
        },
        Rule("Imported tasks are never claimed, in any state") { bench in
            let imported = TaskState.allCases.enumerated().map { index, state in
                bench.importedRun("wf-\(index)", .inProgress, tasks: [state])
            }
            _ = try await bench.store.importRuns(imported, into: StoreBench.acme)
            #expect(try await bench.claim(100, at: StoreBench.after(1_000)).isEmpty)
            #expect(try await bench.store.expiredLeasesOfAllTenants(at: StoreBench.after(1_000), limit: 100).isEmpty)
            #expect(try await bench.store.leasesOfAllTenants(notHeldBy: "x").isEmpty)
            #expect(try await bench.store.nextReadyTimeOfAllTenants(after: .earliest) == nil)
            #expect(try await bench.store.newlyOverdueRunsOfAllTenants(at: StoreBench.after(1_000)).isEmpty)
        },
        Rule("An imported active run is canceled immediately when it is stopped") { bench in
            let tasks: [TaskState] = [.running, .scheduled, .succeeded, .finalizing, .stopping]
            _ = try await bench.store.importRuns(
                [bench.importedRun("wf-1", .inProgress, tasks: tasks), bench.importedRun("wf-2", .scheduled, tasks: [])],
                into: StoreBench.acme)
            for id in ["wf-1", "wf-2"] {
                let stopped = try await bench.store.stopRun(RunID(rawValue: id), of: StoreBench.acme, at: StoreBench.after(9))
                #expect(stopped?.run.state == .canceled)
                #expect(stopped?.run.endedAt == StoreBench.after(9))
                #expect(stopped?.tasks.allSatisfy(\.state.hasEnded) == true)
            }
        },
        Rule("An import affects only its tenant") { bench in
            let history = RunHistory(10, random: bench.random)
            _ = try await bench.store.importRuns(history.imported, into: StoreBench.globex)
            #expect(try await bench.walk(by: 100).isEmpty)
            #expect(try await bench.store.importRuns(history.imported, into: StoreBench.acme).added == 10)
        },
    ]
}

extension StoreBench {
    /// An imported run with tasks in these states.
    public func importedRun(_ id: String, _ state: RunState, tasks: [TaskState]) -> ImportedRun {
        let run = WorkflowRun(
            id: RunID(rawValue: id), tenant: Self.acme, name: "Old", type: "a.b", state: state, createdAt: Self.start,
            principal: Self.someone)
        let tasks = tasks.enumerated().map { index, state in
            TaskInstance(
                id: TaskID(rawValue: "\(id)-\(index)"), run: run.id, tenant: Self.acme, label: "T", state: state,
                stateChangedAt: Self.start, createdAt: Self.start, executionType: "other", definitionID: "d\(index)",
                definitionType: "a.b")
        }
        return ImportedRun(run: run, warnAfter: .seconds(1), tasks: tasks)
    }
}
