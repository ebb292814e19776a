import Testing
import WorkflowModel

extension StoreContract {
    static let triggers: [Rule] =
        [
            Rule("The end of a run fires each trigger that is for its state, once") { bench in
                try await bench.saveTriggers("cg-any", after: [AfterTrigger(after: "cg-sources", on: [.any])])
                try await bench.saveTriggers("cg-failed", after: [AfterTrigger(after: "cg-sources", on: [.failed])])
                try await bench.saveTriggers(after: [
                    AfterTrigger(after: "cg-sources", on: [.succeeded]), AfterTrigger(after: "cg-none", on: [.any]),
                ])
                var runs: [RunState: RunID] = [:]
                for (second, state) in [(1.0, RunState.succeeded), (2, .failed), (3, .canceled)] {
                    runs[state] = try await bench.end(in: state, at: StoreBench.after(second))
                }
                // A workflow that no trigger comes after.
                try await bench.end("cg-lonely", at: StoreBench.after(4))
                let report = try await bench.firings()
                let succeeded = try #require(runs[.succeeded])
                #expect(report.map(\.cause) == [.run(succeeded, of: "cg-sources", state: .succeeded)])
                #expect(report.map(\.firedAt) == [StoreBench.after(1)])
                #expect(
                    report.allSatisfy {
                        $0.outcome == .waiting && $0.depth == 1 && $0.dueAt == StoreBench.after(1) && $0.run == nil
                    })
                #expect(try await bench.firings(of: "cg-failed").map(\.firedAt) == [StoreBench.after(2)])
                let any = try await bench.firings(of: "cg-any")
                #expect(any.map(\.firedAt) == [3, 2, 1].map { StoreBench.after($0) })
                #expect(try await bench.waitingFirings().count == 5)
                #expect(try await bench.waitingFirings(at: StoreBench.after(0.999)).isEmpty)
                #expect(try await bench.store.waitingFiringsOfAllTenants(at: StoreBench.after(9), limit: 2).count == 2)
                #expect(try await bench.store.firing(report[0].id, of: StoreBench.acme) == report[0])
                #expect(try await bench.store.firing(report[0].id, of: StoreBench.globex) == nil)
                #expect(try await bench.store.firing("none", of: StoreBench.acme) == nil)
            },
            Rule("Only the current version of a configuration fires, and only in its tenant") { bench in
                let trigger = AfterTrigger(after: "cg-sources", on: [.any])
                try await bench.saveTriggers(after: [trigger])
                try await bench.end(of: StoreBench.globex)
                #expect(try await bench.waitingFirings().isEmpty)
                try await bench.saveTriggers(after: [])
                try await bench.end()
                #expect(try await bench.waitingFirings().isEmpty)
                try await bench.saveTriggers(after: [trigger], text: "again")
                try await bench.end()
                #expect(try await bench.waitingFirings().count == 1)
                #expect(try await bench.store.deleteConfiguration("cg-report", of: StoreBench.acme, at: StoreBench.start))
                try await bench.end()
                #expect(try await bench.firings().count == 1)
            },
            Rule("Imported history fires nothing, neither when it comes nor when it is stopped") { bench in
                try await bench.saveTriggers(after: [AfterTrigger(after: "cg-sources", on: [.any])])
                let runs = [RunState.succeeded, .scheduled].map { state in
                    WorkflowRun(
                        id: RunID(rawValue: "wf-\(state)"), tenant: StoreBench.acme, name: "Old", type: "a.b", state: state,
                        createdAt: StoreBench.start, endedAt: state.hasEnded ? StoreBench.start : nil,
                        principal: StoreBench.someone,
                        origin: RunOrigin(configuration: "cg-sources"))
                }
                _ = try await bench.store.importRuns(runs.map { ImportedRun(run: $0) }, into: StoreBench.acme)
                _ = try await bench.store.stopRun(runs[1].id, of: StoreBench.acme, at: StoreBench.after(1))
                #expect(try await bench.details(runs[1].id).run.state == .canceled)
                #expect(try await bench.waitingFirings().isEmpty)
            },
            Rule("A firing starts its run once, and the run names the trigger") { bench in
                let version = try await bench.saveTriggers(after: [AfterTrigger(after: "cg-sources", on: [.any])])
                let cause = try await bench.end()
                let firing = try #require(try await bench.waitingFirings().first)
                let now = StoreBench.after(5)
                let decisions = (0..<2).map { _ in bench.decision(about: firing, of: version, at: now) }
                let run = try #require(decisions[0].start?.id)
                #expect(try await bench.store.record(decisions[0], at: now) == .recorded(decisions[0].firing))
                #expect(try await bench.store.record(decisions[1], at: now) == .decided(decisions[0].firing))
                #expect(try await bench.firings() == [decisions[0].firing])
                #expect(try await bench.waitingFirings().isEmpty)
                let trigger = RunTrigger(firing: firing.id, cause: .run(cause, of: "cg-sources"), depth: 1)
                let details = try await bench.details(run)
                #expect(details.origin.trigger == trigger)
                #expect(details.origin.parameters["day"] == .string("größer\n\"x\""))
                #expect(details.run.principal == .trigger)
                #expect(try await bench.walk(by: 10).first { $0.id == run }?.origin.trigger == trigger)
                #expect(try await bench.total() == 2)
                #expect(try await bench.claim(at: now).map(\.lease.run) == [run])
            },
            Rule("An outcome without a run is kept with its reason, and stays") { bench in
                let version = try await bench.saveTriggers(after: [AfterTrigger(after: "cg-sources", on: [.any])])
                try await bench.end()
                let firing = try #require(try await bench.waitingFirings().first)
                let later = firing.postponed(until: StoreBench.after(60))
                #expect(try await bench.store.record(later, at: StoreBench.after(1)) == .recorded(later.firing))
                #expect(try await bench.waitingFirings(at: StoreBench.after(59)).isEmpty)
                #expect(try await bench.waitingFirings(at: StoreBench.after(60)) == [later.firing])
                let refused = later.firing.ended(.refused, "größer\n\"x\"", at: StoreBench.after(60))
                #expect(try await bench.store.record(refused, at: StoreBench.after(60)) == .recorded(refused.firing))
                #expect(
                    try await bench.store.record(bench.decision(about: firing, of: version), at: StoreBench.after(61))
                        == .decided(refused.firing))
                #expect(try await bench.firings() == [refused.firing])
                #expect(try await bench.total() == 1)
            },
            Rule("The depth of a chain of triggers travels with its runs, and the chain is cut behind its last link") { bench in
                let version = try await bench.saveTriggers("cg-loop", after: [AfterTrigger(after: "cg-loop", on: [.any])])
                // A configuration with a trigger after itself, which the reader refuses, is the shortest loop.
                let plan = try bench.plan(for: StoreBench.start, of: version, by: nil, at: StoreBench.start)
                var run = try await bench.store.createRun(plan, once: nil).details.run.id
                for link in 1...TriggerLimits.chain {
                    let now = StoreBench.after(Double(link))
                    try await bench.end(run, in: .succeeded, at: now)
                    let firing = try #require(try await bench.waitingFirings(at: now).first)
                    #expect(firing.depth == link)
                    let decision = bench.decision(about: firing, of: version, at: now)
                    _ = try await bench.store.record(decision, at: now)
                    run = try #require(decision.start?.id)
                }
                try await bench.end(run, in: .failed, at: StoreBench.after(100))
                #expect(try await bench.waitingFirings().isEmpty)
                let last = try #require(try await bench.firings(of: "cg-loop").first)
                #expect(last.outcome == .cut && last.depth == TriggerLimits.chain + 1)
                #expect(last.note?.isEmpty == false && last.decidedAt == StoreBench.after(100) && last.dueAt == nil)
            },
        ] + held
}

extension StoreContract {
    private static let held: [Rule] =
        [
            Rule("A paused workflow starts no run of a trigger, until the pause has ended") { bench in
                let version = try await bench.saveTriggers(after: [AfterTrigger(after: "cg-sources", on: [.any])])
                try await bench.end(at: StoreBench.after(1))
                let before = try #require(try await bench.waitingFirings().first)
                let decision = bench.decision(about: before, of: version, at: StoreBench.after(3))
                let pause = StoreBench.pause("the 'warehouse' moves", from: 2, until: 60)
                _ = try await bench.store.pause("cg-report", of: StoreBench.acme, with: pause)
                let paused = try #require(try await bench.store.record(decision, at: StoreBench.after(3)).firing)
                #expect(paused.outcome == .paused && paused.run == nil)
                #expect(paused.note == pause.firingNote && paused.note?.contains("the 'warehouse' moves") == true)
                #expect(try await bench.total() == 1)
                // Its row is written during the pause, and decided after the end.
                try await bench.end(at: StoreBench.after(59.999))
                let during = try #require(try await bench.waitingFirings().first)
                let late = bench.decision(about: during, of: version, at: StoreBench.after(90))
                #expect(try await bench.store.record(late, at: StoreBench.after(90)).firing?.outcome == .paused)
                try await bench.end(at: StoreBench.after(60))
                let after = try #require(try await bench.waitingFirings().first)
                let started = bench.decision(about: after, of: version, at: StoreBench.after(60))
                #expect(try await bench.store.record(started, at: StoreBench.after(60)).firing?.outcome == .started)
                #expect(try await bench.store.run(try #require(started.start?.id), of: StoreBench.acme) != nil)
            },
            Rule("During a pause, the values of an event do not matter") { bench in
                _ = try await bench.saveTriggers(after: [])
                let pause = StoreBench.pause("the warehouse moves", from: 2, until: 60)
                _ = try await bench.store.pause("cg-report", of: StoreBench.acme, with: pause)
                for (second, outcome) in [(30.0, FiringOutcome.paused), (70, .refused)] {
                    let now = StoreBench.after(second)
                    let refused = StoreBench.call("msg_\(second)", at: now).ended(.refused, "no day", at: now)
                    let recorded = try #require(try await bench.store.record(refused, at: now).firing)
                    #expect(recorded.outcome == outcome && recorded.decidedAt == now)
                    #expect(recorded.note == (outcome == .paused ? pause.firingNote : "no day"))
                    #expect(try await bench.store.record(refused, at: now) == .decided(recorded))
                }
            },
            Rule("The firings after a run are found by the run") { bench in
                for id in ["cg-b", "cg-a", "cg-größer"] {
                    try await bench.saveTriggers(id, after: [AfterTrigger(after: "cg-sources", on: [.any])])
                }
                try await bench.saveTriggers("cg-a", after: [AfterTrigger(after: "cg-sources", on: [.any])], of: StoreBench.globex)
                let runs = [try await bench.end(at: StoreBench.after(1)), try await bench.end(at: StoreBench.after(2))]
                try await bench.end(of: StoreBench.globex, at: StoreBench.after(3))
                let found = try await bench.store.firings(after: runs[0], of: StoreBench.acme, limit: 9)
                #expect(found.map(\.configuration) == ["cg-a", "cg-b", "cg-größer"])
                #expect(found.allSatisfy { $0.cause == .run(runs[0], of: "cg-sources", state: .succeeded) })
                #expect(try await bench.store.firings(after: runs[0], of: StoreBench.acme, limit: 2) == Array(found.prefix(2)))
                #expect(try await bench.store.firings(after: runs[0], of: StoreBench.globex, limit: 9).isEmpty)
                #expect(try await bench.store.firings(after: RunID(rawValue: "wf"), of: StoreBench.acme, limit: 9).isEmpty)
            },
            Rule("A trigger of a configuration that was deleted meanwhile starts nothing") { bench in
                let version = try await bench.saveTriggers(after: [AfterTrigger(after: "cg-sources", on: [.any])])
                try await bench.end()
                let firing = try #require(try await bench.waitingFirings().first)
                let decision = bench.decision(about: firing, of: version)
                #expect(try await bench.store.deleteConfiguration("cg-report", of: StoreBench.acme, at: StoreBench.start))
                let recorded = try #require(try await bench.store.record(decision, at: StoreBench.start).firing)
                #expect(recorded.outcome == .failed && recorded.note?.isEmpty == false)
                #expect(try await bench.firings() == [recorded])
                #expect(try await bench.total() == 1)
            },
            Rule("A call of a webhook starts one run, however often it comes") { bench in
                let version = try await bench.saveTriggers(after: [])
                let first = bench.decision(about: StoreBench.call(), of: version)
                #expect(try await bench.store.record(first, at: StoreBench.start) == .recorded(first.firing))
                let again = bench.decision(about: StoreBench.call(at: StoreBench.after(9)), of: version, at: StoreBench.after(9))
                #expect(try await bench.store.record(again, at: StoreBench.after(9)) == .decided(first.firing))
                let other = StoreBench.call("msg_2", at: StoreBench.after(10)).ended(.refused, "no day", at: StoreBench.after(10))
                #expect(try await bench.store.record(other, at: StoreBench.after(10)) == .recorded(other.firing))
                let late = bench.decision(about: StoreBench.call("msg_2"), of: version)
                #expect(try await bench.store.record(late, at: StoreBench.after(11)) == .decided(other.firing))
                #expect(try await bench.firings() == [other.firing, first.firing])
                #expect(try await bench.total() == 1)
                let origin = try await bench.details(try #require(first.start?.id)).origin
                #expect(origin.trigger == RunTrigger(firing: first.firing.id, cause: .webhook("orders"), depth: 1))
            },
            Rule("Concurrent calls with one id start one run") { bench in
                let version = try await bench.saveTriggers(after: [])
                let decisions = (0..<6).map { _ in bench.decision(about: StoreBench.call(), of: version) }
                let receipts = try await withThrowingTaskGroup(of: FiringReceipt.self) { group in
                    for decision in decisions { group.addTask { try await bench.store.record(decision, at: StoreBench.start) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(receipts.filter { if case .recorded = $0 { true } else { false } }.count == 1)
                #expect(Set(receipts.map { $0.firing?.run }).count == 1)
                #expect(try await bench.total() == 1)
            },
            Rule("Firings are listed newest first, in pages and within a time") { bench in
                let version = try await bench.saveTriggers(after: [])
                for second in 0..<7 {
                    // Two have the same time.
                    let now = StoreBench.after(Double(min(second, 5)))
                    _ = try await bench.store.record(
                        bench.decision(about: StoreBench.call("msg_\(second)", at: now), of: version, at: now), at: now)
                }
                let all = try await bench.firings()
                #expect(all.count == 7)
                #expect(zip(all, all.dropFirst()).allSatisfy { ($0.firedAt, $0.id) > ($1.firedAt, $1.id) })
                var query = FiringQuery(tenant: StoreBench.acme, configuration: "cg-report", limit: 3)
                var found: [TriggerFiring] = []
                repeat {
                    let page = try await bench.store.firings(matching: query)
                    #expect(page.firings.count <= 3)
                    found += page.firings
                    query.after = page.next
                } while query.after != nil
                #expect(found == all)
                let window = TimeWindow(from: StoreBench.after(1), to: StoreBench.after(3))
                let some = try await bench.store.firings(
                    matching: FiringQuery(tenant: StoreBench.acme, configuration: "cg-report", window: window))
                #expect(some.firings.map(\.firedAt) == [StoreBench.after(2), StoreBench.after(1)])
                #expect(try await bench.firings(of: "cg-none").isEmpty)
                #expect(try await bench.firings(tenant: StoreBench.globex).isEmpty)
            },
            Rule("Retention deletes old firings with an outcome, and keeps those that wait") { bench in
                let version = try await bench.saveTriggers(after: [AfterTrigger(after: "cg-sources", on: [.any])])
                for second in [1.0, 2, 50] {
                    let now = StoreBench.after(second)
                    let call = StoreBench.call("msg_\(second)", at: now)
                    _ = try await bench.store.record(call.ended(.refused, "no", at: now), at: now)
                }
                try await bench.end(at: StoreBench.after(3))
                _ = try await bench.retain(createdBefore: StoreBench.after(50))
                #expect(try await bench.firings().map(\.firedAt) == [StoreBench.after(50), StoreBench.after(3)])
                let waiting = try #require(try await bench.waitingFirings().first)
                let decision = bench.decision(about: waiting, of: version, at: StoreBench.after(60))
                _ = try await bench.store.record(decision, at: StoreBench.after(60))
                _ = try await bench.retain(createdBefore: StoreBench.after(100))
                #expect(try await bench.firings().isEmpty)
                #expect(try await bench.store.record(decision, at: StoreBench.after(101)) == .gone)
            },
            Rule("A run that triggers fire after is announced, and one without triggers is not") { bench in
                try await bench.saveTriggers(after: [AfterTrigger(after: "cg-sources", on: [.failed])])
                let signals = bench.store.signals()
                try await bench.end(in: .succeeded)
                try await bench.end(in: .failed)
                for await signal in signals where signal == .triggers { break }
                #expect(try await bench.waitingFirings().count == 1)
            },
        ]
}
