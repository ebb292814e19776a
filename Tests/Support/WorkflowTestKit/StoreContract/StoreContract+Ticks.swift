import Testing
import WorkflowModel

extension StoreContract {
    static let ticks: [Rule] = [
        Rule("Ticks are listed newest first, in pages, and by schedule and time") { bench in
            try await bench.schedule()
            let instants = (1...9).map { StoreBench.after(Double($0) * 60) }
            let ticks = instants.flatMap { instant in
                [bench.tick(instant, of: "a"), bench.tick(instant, .missed, of: "b", reason: .late)]
            }
            let decision = bench.decision(try await bench.scheduleProgress(at: instants[8]), until: instants[8], ticks)
            #expect(try await bench.store.record(decision, at: instants[8]))
            let newestFirst = ticks.sorted { $0.place > $1.place }
            #expect(try await bench.allTicks() == newestFirst)
            #expect(try await bench.allTicks("b") == newestFirst.filter { $0.schedule == "b" })
            for schedule in [nil, "a"] {
                var query = TickQuery(
                    tenant: StoreBench.acme, configuration: "cg-daily", schedule: schedule,
                    window: TimeWindow(from: instants[1], to: instants[7]), limit: 5)
                var found: [ScheduleTick] = []
                repeat {
                    let page = try await bench.store.ticks(matching: query)
                    #expect(page.ticks.count == 5 || page.next == nil)
                    found += page.ticks
                    query.after = page.next
                } while query.after != nil
                #expect(
                    found
                        == newestFirst.filter {
                            query.window.contains($0.instant) && (schedule == nil || $0.schedule == schedule)
                        })
            }
        },
        Rule("A past tick is backfilled once, and a started one is not") { bench in
            let version = try await bench.schedule()
            let now = StoreBench.after(600)
            let missed = bench.tick(StoreBench.after(60), .missed, reason: .late)
            let waiting = bench.tick(StoreBench.after(120), .waiting, dueAt: now)
            let started = try bench.plan(for: StoreBench.after(180), of: version, at: now)
            let decision = bench.decision(
                try await bench.scheduleProgress(at: now), until: now, wakeAt: now,
                [missed, waiting, bench.tick(StoreBench.after(180), .started, run: started.id)], starting: [started])
            #expect(try await bench.store.record(decision, at: now))

            func backfill(_ seconds: Double) async throws -> (BackfillReceipt, RunPlan) {
                let plan = try bench.plan(for: StoreBench.after(seconds), of: version, by: nil, at: now)
                return (try await bench.store.backfill(plan, tickOf: "default", at: now), plan)
            }
            let (first, plan) = try await backfill(60)
            guard case .started(let details) = first else {
                Issue.record("\(first)")
                return
            }
            #expect(
                details.run.id == plan.id && details.origin.scheduledFor == StoreBench.after(60) && details.origin.schedule == nil)
            #expect(try await backfill(60).0 == .alreadyStarted(plan.id))
            #expect(try await backfill(120).0 == .waiting)
            #expect(try await backfill(180).0 == .alreadyStarted(started.id))
            // This tick was unknown.
            let (unknown, other) = try await backfill(-60)
            guard case .started = unknown else {
                Issue.record("\(unknown)")
                return
            }
            #expect(try await backfill(-60).0 == .alreadyStarted(other.id))
            #expect(try await bench.total() == 3)
            let ticks = try await bench.allTicks()
            #expect(ticks.map(\.outcome) == [.started, .waiting, .started, .started])
            #expect(ticks.map(\.isBackfilled) == [false, false, true, true])
            // A backfilled run does not count as a run of the schedule: neither waits for the other.
            let scheduleProgress = try await bench.scheduleProgress(at: now)
            #expect(scheduleProgress.going.map(\.run) == [started.id])
            #expect(scheduleProgress.revision != decision.revision + 1)
        },
        Rule("A tick is started once more in place of the run that it is known to have, and of no other") { bench in
            let version = try await bench.schedule()
            let now = StoreBench.after(600)
            func backfill(_ seconds: Double, replacing former: RunID?) async throws -> (BackfillReceipt, RunID) {
                var plan = try bench.plan(for: StoreBench.after(seconds), of: version, by: nil, at: now)
                plan.rerunOf = former
                let receipt = try await bench.store.backfill(plan, tickOf: "default", replacing: former, at: now)
                return (receipt, plan.id)
            }
            let (_, first) = try await backfill(60, replacing: nil)
            #expect(try await backfill(60, replacing: RunID(rawValue: "wf-other")).0 == .alreadyStarted(first))
            let (again, second) = try await backfill(60, replacing: first)
            guard case .started(let details) = again else {
                Issue.record("\(again)")
                return
            }
            #expect(details.run.id == second && details.origin.rerunOf == first)
            // Another request that saw the first run comes too late.
            #expect(try await backfill(60, replacing: first).0 == .alreadyStarted(second))
            let ticks = try await bench.allTicks()
            #expect(ticks.map(\.run) == [second] && ticks.map(\.isBackfilled) == [true])
            #expect(try await bench.store.reruns(of: first, tenant: StoreBench.acme, limit: 9).map(\.id) == [second])
            // A tick without a run starts, whatever it is said to have.
            guard case .started = try await backfill(120, replacing: first).0 else {
                Issue.record("A tick without a run did not start.")
                return
            }
            #expect(try await bench.total() == 3)
        },
        Rule("A tick backfilled before its decision is visible to the scheduler") { bench in
            let version = try await bench.schedule()
            let scheduleProgress = try await bench.scheduleProgress(at: StoreBench.after(60))
            let plan = try bench.plan(for: StoreBench.after(30), of: version, by: nil, at: StoreBench.after(60))
            _ = try await bench.store.backfill(plan, tickOf: "default", at: StoreBench.after(60))
            let stale = bench.decision(scheduleProgress, until: StoreBench.after(60), [bench.tick(StoreBench.after(30))])
            #expect(try await bench.store.record(stale, at: StoreBench.after(60)) == false)
            let place = TickPlace(schedule: "default", instant: StoreBench.after(30))
            #expect(try await bench.scheduleProgress(at: StoreBench.after(60)).decidedAhead == [place])
        },
        Rule("Retention deletes ticks decided before the cutoff, but no waiting ones") { bench in
            try await bench.schedule()
            let now = StoreBench.after(600)
            let ticks = [
                bench.tick(StoreBench.after(60), at: StoreBench.after(60)),
                bench.tick(StoreBench.after(120), .waiting, dueAt: now, at: StoreBench.after(120)),
                bench.tick(StoreBench.after(180), at: StoreBench.after(180)),
                bench.tick(StoreBench.after(61), .merged, mergedInto: StoreBench.after(180), at: StoreBench.after(180)),
            ]
            let decision = bench.decision(try await bench.scheduleProgress(at: now), until: now, wakeAt: now, ticks)
            #expect(try await bench.store.record(decision, at: now))
            #expect(try await bench.retain(createdBefore: StoreBench.after(180)) == 0)
            #expect(try await bench.allTicks() == [ticks[2], ticks[1], ticks[3]])
        },
        Rule("A check finds forgotten waiting ticks, and a repair makes them due") { bench in
            try await bench.schedule()
            let now = StoreBench.after(60)
            let decision = bench.decision(
                try await bench.scheduleProgress(at: now), until: now, wakeAt: nil, [bench.tick(now, .waiting, dueAt: now)])
            #expect(try await bench.store.record(decision, at: now))
            #expect(try await bench.store.nextScheduleTimeOfAllTenants() == nil)
            let found = try await bench.store.checkOfAllTenants(repairing: false, at: now)
            #expect(found.map(\.subject) == [.schedules] && found.map(\.remedy) == [.repairable] && found.map(\.places) == [1])
            let repaired = try await bench.store.checkOfAllTenants(repairing: true, at: now)
            #expect(repaired.map(\.remedy) == [.repaired])
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: now).isEmpty)
            #expect(try await bench.scheduleProgress(at: now).waiting.map(\.instant) == [now])
        },
    ]
}
