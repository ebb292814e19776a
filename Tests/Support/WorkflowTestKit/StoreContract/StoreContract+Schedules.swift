import Testing
import WorkflowModel

extension StoreContract {
    static let schedules: [Rule] =
        [
            Rule("A configuration with schedules is due when it is saved, one without never") { bench in
                #expect(try await bench.store.nextScheduleTimeOfAllTenants() == nil)
                try await bench.schedule("cg-plain", hasSchedules: false)
                #expect(try await bench.store.nextScheduleTimeOfAllTenants() == nil)
                let version = try await bench.schedule(at: StoreBench.after(1))
                #expect(try await bench.store.nextScheduleTimeOfAllTenants() == StoreBench.after(1))
                #expect(try await bench.store.dueSchedulesOfAllTenants(at: StoreBench.start, limit: 10).isEmpty)
                let due = try await bench.store.dueSchedulesOfAllTenants(at: StoreBench.after(1), limit: 10)
                #expect(due.map(\.configuration) == ["cg-daily"])
                #expect(due.map(\.decidedUntil) == [StoreBench.after(1)])
                #expect(due.map(\.stretches) == [[ScheduleStretch(version: version.id, begin: StoreBench.after(1))]])
                #expect(due.map(\.currentVersion) == [version.id])
                #expect(due.allSatisfy { $0.waiting.isEmpty && $0.going.isEmpty && $0.decidedAhead.isEmpty })
            },
            Rule("A decided configuration is due again at its wake time, oldest first") { bench in
                for (offset, id) in ["cg-daily", "cg-second", "cg-third"].enumerated() {
                    try await bench.schedule(id)
                    let decision = bench.decision(
                        try await bench.scheduleProgress(of: id, at: StoreBench.start), until: StoreBench.after(5),
                        wakeAt: StoreBench.after(Double(90 - offset * 10)))
                    #expect(try await bench.store.record(decision, at: StoreBench.after(5)))
                }
                #expect(try await bench.store.nextScheduleTimeOfAllTenants() == StoreBench.after(70))
                let due = try await bench.store.dueSchedulesOfAllTenants(at: StoreBench.after(80), limit: 10)
                #expect(due.map(\.configuration) == ["cg-third", "cg-second"])
                #expect(due.map(\.decidedUntil) == [StoreBench.after(5), StoreBench.after(5)])
                let first = try await bench.store.dueSchedulesOfAllTenants(at: StoreBench.after(90), limit: 1)
                #expect(first.map(\.configuration) == ["cg-third"])
            },
            Rule("Of two concurrent decisions, the later one writes nothing") { bench in
                let version = try await bench.schedule()
                let now = StoreBench.after(60)
                let scheduleProgress = try await bench.scheduleProgress(at: now)
                let plans = try (0..<2).map { _ in try bench.plan(for: now, of: version, at: now) }
                let decisions = plans.map {
                    bench.decision(scheduleProgress, until: now, [bench.tick(now, .started, run: $0.id)], starting: [$0])
                }
                #expect(try await bench.store.record(decisions[0], at: now))
                #expect(try await bench.store.record(decisions[1], at: now) == false)
                #expect(try await bench.allTicks().map(\.run) == [plans[0].id])
                #expect(try await bench.store.run(plans[1].id, of: StoreBench.acme) == nil)
                #expect(try await bench.total() == 1)
            },
            Rule("A tick has one outcome, and a decision with a different one is rejected as a whole") { bench in
                let version = try await bench.schedule()
                let now = StoreBench.after(60)
                let first = bench.decision(
                    try await bench.scheduleProgress(at: now), until: now, wakeAt: now, [bench.tick(now, .skipped, reason: .paused)]
                )
                #expect(try await bench.store.record(first, at: now))
                let plan = try bench.plan(for: now, of: version, at: now)
                let again = bench.decision(
                    try await bench.scheduleProgress(at: now), until: StoreBench.after(90),
                    [bench.tick(StoreBench.after(90)), bench.tick(now, .started, run: plan.id)], starting: [plan])
                await bench.expect(.duplicate) { try await bench.store.record(again, at: StoreBench.after(90)) }
                #expect(try await bench.allTicks() == first.ticks)
                #expect(try await bench.total() == 0)
                #expect(try await bench.scheduleProgress(at: now).decidedUntil == now)
            },
            Rule("A waiting tick gets its outcome later") { bench in
                try await bench.schedule()
                let now = StoreBench.after(60)
                let waiting = bench.tick(now, .waiting, reason: .catchUp, dueAt: StoreBench.after(70))
                let first = bench.decision(
                    try await bench.scheduleProgress(at: now), until: now, wakeAt: StoreBench.after(70), [waiting])
                #expect(try await bench.store.record(first, at: now))
                let scheduleProgress = try await bench.scheduleProgress(at: StoreBench.after(70))
                #expect(scheduleProgress.waiting == [waiting])
                #expect(scheduleProgress.decidedAhead.isEmpty)
                let merged = bench.tick(
                    now, .merged, reason: .superseded, mergedInto: StoreBench.after(65), at: StoreBench.after(70))
                let second = bench.decision(scheduleProgress, until: StoreBench.after(70), wakeAt: StoreBench.after(71), [merged])
                #expect(try await bench.store.record(second, at: StoreBench.after(70)))
                #expect(try await bench.scheduleProgress(at: StoreBench.after(71)).waiting.isEmpty)
                #expect(try await bench.allTicks() == [merged])
            },
            Rule("A scheduled run names its schedule, stays active until it ends, and then wakes the waiting ticks") { bench in
                let plan = try await bench.startOneTick()
                let details = try await bench.details(plan.id)
                #expect(details.origin.scheduledFor == StoreBench.after(60))
                #expect(details.origin.schedule == "default")
                #expect(details.run.principal == .schedule)
                #expect(details.origin.range == TimeWindow(from: StoreBench.start, to: StoreBench.after(60)))
                let scheduleProgress = try await bench.scheduleProgress(at: StoreBench.after(120))
                #expect(scheduleProgress.going == [UnfinishedRun(schedule: "default", run: plan.id)])
                let queued = bench.tick(StoreBench.after(120), .waiting, run: plan.id, reason: .overlap)
                let decision = bench.decision(scheduleProgress, until: StoreBench.after(120), waitsForRun: true, [queued])
                #expect(try await bench.store.record(decision, at: StoreBench.after(120)))
                #expect(try await bench.store.nextScheduleTimeOfAllTenants() == nil)

                let claimed = try #require(try await bench.claim(at: StoreBench.after(121)).first)
                #expect(claimed.scheduledFor == StoreBench.after(60))
                try await bench.succeed(claimed.lease, at: StoreBench.after(130))
                #expect(try await bench.store.nextScheduleTimeOfAllTenants() == StoreBench.after(130))
                let after = try await bench.scheduleProgress(at: StoreBench.after(130))
                #expect(after.going.isEmpty)
                #expect(after.waiting == [queued])
            },
            Rule("A run stopped before its start wakes the waiting ticks too") { bench in
                let plan = try await bench.startOneTick()
                let decision = bench.decision(
                    try await bench.scheduleProgress(at: StoreBench.after(120)), until: StoreBench.after(120),
                    wakeAt: StoreBench.after(999),
                    waitsForRun: true, [bench.tick(StoreBench.after(120), .waiting, run: plan.id)])
                #expect(try await bench.store.record(decision, at: StoreBench.after(120)))
                _ = try await bench.store.stopRun(plan.id, of: StoreBench.acme, at: StoreBench.after(121))
                #expect(try await bench.store.nextScheduleTimeOfAllTenants() == StoreBench.after(121))
                #expect(try await bench.scheduleProgress(at: StoreBench.after(121)).going.isEmpty)
            },
            Rule("The end of a run without waiting ticks wakes no scheduler") { bench in
                let plan = try await bench.startOneTick()
                try await bench.succeed(try await bench.claimOne(at: StoreBench.after(61)), at: StoreBench.after(62))
                #expect(try await bench.details(plan.id).run.state == .succeeded)
                #expect(try await bench.store.nextScheduleTimeOfAllTenants() == StoreBench.after(120))
            },
        ] + versions

    private static let versions: [Rule] = [
        Rule("A new version takes over at the time when it was saved") { bench in
            let first = try await bench.schedule()
            let stale = try await bench.scheduleProgress(at: StoreBench.after(5))
            let second = try await bench.schedule(text: "others", at: StoreBench.after(10))
            #expect(
                try await bench.store.record(bench.decision(stale, until: StoreBench.after(5)), at: StoreBench.after(5)) == false)
            let scheduleProgress = try await bench.scheduleProgress(at: StoreBench.after(10))
            #expect(
                scheduleProgress.stretches == [
                    ScheduleStretch(version: first.id, begin: StoreBench.start, end: StoreBench.after(10)),
                    ScheduleStretch(version: second.id, begin: StoreBench.after(10)),
                ])
            #expect(scheduleProgress.decidedUntil == StoreBench.start)
            // An unchanged text changes nothing here either.
            try await bench.schedule(text: "others", at: StoreBench.after(15))
            #expect(try await bench.scheduleProgress(at: StoreBench.after(15)) == scheduleProgress)
            let decision = bench.decision(scheduleProgress, until: StoreBench.after(20), wakeAt: StoreBench.after(30))
            #expect(try await bench.store.record(decision, at: StoreBench.after(20)))
            let later = try await bench.scheduleProgress(at: StoreBench.after(30))
            #expect(later.stretches == [ScheduleStretch(version: second.id, begin: StoreBench.after(10))])
        },
        Rule("After the removal of schedules or configuration, only earlier ticks remain to be decided") { bench in
            let first = try await bench.schedule()
            try await bench.schedule(text: "plain", hasSchedules: false, at: StoreBench.after(10))
            var scheduleProgress = try await bench.scheduleProgress(at: StoreBench.after(10))
            #expect(
                scheduleProgress.stretches == [
                    ScheduleStretch(version: first.id, begin: StoreBench.start, end: StoreBench.after(10))
                ])
            #expect(scheduleProgress.currentVersion == nil)
            let third = try await bench.schedule(text: "schedules again", at: StoreBench.after(20))
            #expect(try await bench.store.deleteConfiguration("cg-daily", of: StoreBench.acme, at: StoreBench.after(30)))
            scheduleProgress = try await bench.scheduleProgress(at: StoreBench.after(30))
            #expect(
                scheduleProgress.stretches.last
                    == ScheduleStretch(version: third.id, begin: StoreBench.after(20), end: StoreBench.after(30)))
            #expect(scheduleProgress.currentVersion == nil)
            let tick = bench.tick(StoreBench.after(25), .missed, reason: .removed)
            #expect(
                try await bench.store.record(
                    bench.decision(scheduleProgress, until: StoreBench.after(31), isOver: true, [tick]), at: StoreBench.after(31)))
            #expect(try await bench.store.nextScheduleTimeOfAllTenants() == nil)
            // The outcomes of its ticks stay until retention deletes them.
            #expect(try await bench.allTicks() == [tick])
            let again = try await bench.schedule(text: "schedules", at: StoreBench.after(40))
            #expect(
                try await bench.scheduleProgress(at: StoreBench.after(40)).stretches
                    == [ScheduleStretch(version: again.id, begin: StoreBench.after(40))])
        },
        Rule("When the clock was set back, a new version sees the ticks that are decided already") { bench in
            try await bench.schedule()
            let ahead = StoreBench.after(3_600)
            let tick = bench.tick(StoreBench.after(1_800))
            let decision = bench.decision(
                try await bench.scheduleProgress(at: ahead), until: ahead, wakeAt: StoreBench.after(7_200), [tick])
            #expect(try await bench.store.record(decision, at: ahead))
            try await bench.schedule(text: "others", at: StoreBench.after(60))
            let scheduleProgress = try await bench.scheduleProgress(at: StoreBench.after(60))
            #expect(scheduleProgress.decidedUntil == StoreBench.after(60))
            #expect(scheduleProgress.decidedAhead == [tick.place])
        },
        Rule("Schedules belong to a tenant") { bench in
            try await bench.schedule()
            let theirs = try await bench.schedule(of: StoreBench.globex)
            let tick = bench.tick(StoreBench.after(1))
            let decision = bench.decision(
                try await bench.scheduleProgress(at: StoreBench.after(1)), until: StoreBench.after(1), wakeAt: StoreBench.after(9),
                [tick])
            #expect(try await bench.store.record(decision, at: StoreBench.after(1)))
            let due = try await bench.store.dueSchedulesOfAllTenants(at: StoreBench.after(1), limit: 10)
            #expect(due.map(\.tenant) == [StoreBench.globex])
            #expect(due.map(\.currentVersion) == [theirs.id])
            let page = try await bench.store.ticks(matching: TickQuery(tenant: StoreBench.globex, configuration: "cg-daily"))
            #expect(page.ticks.isEmpty)
            let unknown = try await bench.store.ticks(
                matching: TickQuery(tenant: StoreBench.tenant("unknown"), configuration: "cg-daily"))
            #expect(unknown == TickPage(ticks: [], next: nil))
        },
    ]
}
