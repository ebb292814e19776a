import Testing
public import WorkflowModel

extension StoreContract {
    static let pauses: [Rule] =
        [
            Rule("A workflow is paused until it is resumed or its pause ends, and others are not") { bench in
                for id in ["cg-a", "cg-b", "cg-c"] { try await bench.schedule(id) }
                let endless = StoreBench.pause("'the' \"warehouse\" ünïcödé", from: 1)
                let short = StoreBench.pause("tests", from: 2, until: 60)
                #expect(try await bench.store.pause("cg-a", of: StoreBench.acme, with: endless) == endless)
                #expect(try await bench.store.pause("cg-b", of: StoreBench.acme, with: short) == short)
                #expect(
                    try await bench.store.pauses(of: StoreBench.acme, at: StoreBench.after(3)) == ["cg-a": endless, "cg-b": short])
                #expect(try await bench.pause(of: "cg-b", at: 59.999) == short)
                #expect(try await bench.pause(of: "cg-b", at: 60) == nil)
                #expect(try await bench.pause(of: "cg-c", at: 3) == nil)
                #expect(try await bench.store.pauses(of: StoreBench.acme, at: StoreBench.after(60)) == ["cg-a": endless])
                for second in [70.0, 80] {
                    #expect(try await bench.store.resume("cg-a", of: StoreBench.acme, at: StoreBench.after(second)))
                }
                #expect(try await bench.store.resume("cg-c", of: StoreBench.acme, at: StoreBench.after(80)))
                #expect(try await bench.store.pauses(of: StoreBench.acme, at: StoreBench.after(80)).isEmpty)
            },
            Rule("Another pause replaces reason, end and principal, and keeps the beginning while the first one lasts") { bench in
                try await bench.schedule()
                let first = StoreBench.pause("first", from: 1, until: 60)
                let second = StoreBench.pause("second", by: Principal(id: "wk_2", name: "Ada", email: "ada@example.com"), from: 5)
                let third = StoreBench.pause("third", from: 200)
                _ = try await bench.store.pause("cg-daily", of: StoreBench.acme, with: first)
                var expected = second
                expected.since = first.since
                #expect(try await bench.store.pause("cg-daily", of: StoreBench.acme, with: second) == expected)
                #expect(try await bench.pause(at: 100) == expected)
                #expect(try await bench.store.resume("cg-daily", of: StoreBench.acme, at: StoreBench.after(150)))
                #expect(try await bench.store.pause("cg-daily", of: StoreBench.acme, with: third) == third)
            },
            Rule("A new version keeps the pause, and the deletion of the configuration ends it") { bench in
                let pause = StoreBench.pause("kept", from: 1)
                try await bench.schedule(hasSchedules: false)
                _ = try await bench.store.pause("cg-daily", of: StoreBench.acme, with: pause)
                try await bench.schedule(text: "others", at: StoreBench.after(2))
                #expect(try await bench.pause(at: 3) == pause)
                #expect(try await bench.scheduleProgress(at: StoreBench.after(3)).pause == pause)
                #expect(try await bench.store.deleteConfiguration("cg-daily", of: StoreBench.acme, at: StoreBench.after(4)))
                #expect(try await bench.pause(at: 5) == nil)
                try await bench.schedule(text: "again", at: StoreBench.after(6))
                #expect(try await bench.pause(at: 7) == nil)
                #expect(try await bench.scheduleProgress(at: StoreBench.after(7)).pause == nil)
            },
            Rule("Unknown and deleted configurations, and those of another tenant, are neither paused nor resumed") { bench in
                try await bench.schedule("cg-gone")
                #expect(try await bench.store.deleteConfiguration("cg-gone", of: StoreBench.acme, at: StoreBench.after(1)))
                try await bench.schedule(of: StoreBench.globex)
                for (id, tenant) in [
                    ("cg-gone", StoreBench.acme), ("cg-none", StoreBench.acme), ("cg-daily", StoreBench.acme),
                    ("cg-daily", StoreBench.tenant("unknown")),
                ] {
                    #expect(try await bench.store.pause(id, of: tenant, with: StoreBench.pause("no", from: 2)) == nil)
                    #expect(try await bench.store.resume(id, of: tenant, at: StoreBench.after(3)) == false)
                    #expect(try await bench.store.pause(of: id, tenant: tenant, at: StoreBench.after(4)) == nil)
                    #expect(try await bench.store.pauses(of: tenant, at: StoreBench.after(4)).isEmpty)
                }
                #expect(try await bench.store.pauses(of: StoreBench.globex, at: StoreBench.after(4)).isEmpty)
            },
        ] + pausedSchedules

    private static let pausedSchedules: [Rule] = [
        Rule("A pause and its end reject decisions made before, and make a decision due at once") { bench in
            let version = try await bench.schedule()
            let before = try await bench.decideNothing(at: 1, wakeAt: 600)
            #expect(before.pause == nil)
            let pause = StoreBench.pause("tests", from: 10)
            _ = try await bench.store.pause("cg-daily", of: StoreBench.acme, with: pause)
            let plan = try bench.plan(for: StoreBench.after(9), of: version, at: StoreBench.after(10))
            let late = bench.decision(
                before, until: StoreBench.after(10), [bench.tick(StoreBench.after(9), .started, run: plan.id)], starting: [plan])
            #expect(try await bench.store.record(late, at: StoreBench.after(10)) == false)
            #expect(try await bench.total() == 0)
            #expect(try await bench.store.nextScheduleTimeOfAllTenants() == StoreBench.after(10))

            let meanwhile = try await bench.decideNothing(at: 11, wakeAt: 600)
            #expect(meanwhile.pause == pause)
            #expect(try await bench.store.resume("cg-daily", of: StoreBench.acme, at: StoreBench.after(20)))
            #expect(
                try await bench.store.record(bench.decision(meanwhile, until: StoreBench.after(20)), at: StoreBench.after(20))
                    == false)
            #expect(try await bench.store.nextScheduleTimeOfAllTenants() == StoreBench.after(20))
            // Ticks before the end may be undecided.
            #expect(
                try await bench.scheduleProgress(at: StoreBench.after(20)).pause == StoreBench.pause("tests", from: 10, until: 20))
            _ = try await bench.decideNothing(at: 21, wakeAt: 600)
            // No effect, so nothing is due.
            #expect(try await bench.store.resume("cg-daily", of: StoreBench.acme, at: StoreBench.after(30)))
            #expect(try await bench.store.nextScheduleTimeOfAllTenants() == StoreBench.after(600))
        },
        Rule("Of a pause and a deletion at the same time, the pause comes first and is deleted, or finds nothing") { bench in
            for round in 0..<10 {
                try await bench.schedule(text: "round \(round)")
                async let paused = bench.store.pause("cg-daily", of: StoreBench.acme, with: StoreBench.pause("race", from: 1))
                async let isDeleted = bench.store.deleteConfiguration("cg-daily", of: StoreBench.acme, at: StoreBench.after(1))
                let outcome = try await (paused, isDeleted)
                #expect(outcome.1)
                #expect(outcome.0 == nil || outcome.0 == StoreBench.pause("race", from: 1))
                #expect(try await bench.pause(at: 2) == nil)
                #expect(try await bench.store.resume("cg-daily", of: StoreBench.acme, at: StoreBench.after(2)) == false)
            }
        },
        Rule("The note of a skipped tick is kept byte by byte, and a backfill removes it") { bench in
            let version = try await bench.schedule()
            let now = StoreBench.after(60)
            var tick = bench.tick(now, .skipped, reason: .paused)
            tick.note = "paused by Ädä: cafe\u{301} '\"%_\\"
            let decision = bench.decision(try await bench.scheduleProgress(at: now), until: now, wakeAt: now, [tick])
            #expect(try await bench.store.record(decision, at: now))
            #expect(try await bench.allTicks() == [tick])
            let plan = try bench.plan(for: now, of: version, by: nil, at: now)
            _ = try await bench.store.backfill(plan, tickOf: "default", at: now)
            #expect(try await bench.allTicks().map(\.note) == [nil])
        },
    ]
}

extension StoreBench {
    /// - Parameters:
    ///   - since: in seconds after the start.
    ///   - until: likewise; nil for a pause without an end.
    public static func pause(
        _ reason: String, by principal: Principal = someone, from since: Double, until: Double? = nil
    ) -> WorkflowPause {
        WorkflowPause(reason: reason, pausedBy: principal, since: after(since), until: until.map { after($0) })
    }

    fileprivate func pause(of id: String = "cg-daily", at second: Double) async throws -> WorkflowPause? {
        try await store.pause(of: id, tenant: Self.acme, at: Self.after(second))
    }

    /// Records that no tick was due.
    /// - Returns: the progress after that.
    fileprivate func decideNothing(at second: Double, wakeAt next: Double) async throws -> ScheduleProgress {
        let progress = try await scheduleProgress(at: Self.after(second))
        let decision = decision(progress, until: Self.after(second), wakeAt: Self.after(next))
        #expect(try await store.record(decision, at: Self.after(second)))
        return try await scheduleProgress(at: Self.after(next))
    }
}
