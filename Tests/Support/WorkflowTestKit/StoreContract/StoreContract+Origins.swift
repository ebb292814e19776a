import Testing
import WorkflowModel

extension StoreContract {
    /// Where runs belong: their workflow, labels, mode, range, schedule, the run that they repeat, and their attempts.
    static let origins: [Rule] = [
        Rule("A started run has the labels of its request and its whole origin in every answer") { bench in
            let labels = RunLabels(["team:crm", "tier:", "example.com/x:1"].compactMap { RunLabel($0) })
            let range = TimeWindow(from: StoreBench.start, to: StoreBench.after(60))
            let plan = try await bench.plan(range: range, labels: labels, parameters: StoreBench.parameters)
            let origin = RunOrigin(
                configuration: "cg-daily", labels: labels, parameters: StoreBench.parameters, runMode: .full, range: range)
            let key = IdempotencyKey(owner: "wk", text: "once", fingerprint: [1])
            let created = try await bench.store.createRun(plan, once: key).details
            #expect(created.run.origin == origin && created.run.attempts == 1 && !created.isImported)
            let again = try await bench.store.createRun(try await bench.plan(), once: key)
            #expect(again.isReplay && again.details == created)
            #expect(try await bench.store.acceptedRun(once: key, of: StoreBench.acme, at: StoreBench.after(1)) == created)
            #expect(try await bench.details(plan.id).run.origin == origin)
            #expect(try await bench.walk(by: 5).map(\.origin) == [origin])
            #expect(try await bench.store.runs(withIDs: [plan.id], of: StoreBench.acme).map(\.origin) == [origin])
            let latest = try await bench.store.latestRuns(ofEach: ["cg-daily"], of: StoreBench.acme, limit: 1)
            #expect(latest["cg-daily"]?.map(\.run.origin) == [origin])
            let stopped = try await bench.store.stopRun(plan.id, of: StoreBench.acme, at: StoreBench.after(2))
            #expect(stopped?.run.origin == origin)
            #expect(try await bench.ids(.reading([.label: "team:crm", .configuration: "cg-daily"])) == [plan.id.rawValue])
        },
        Rule("Workers get the parameters of a run, and searches find its values while it goes on and after its end") { bench in
            let plan = try await bench.plan(parameters: StoreBench.parameters)
            _ = try await bench.store.createRun(plan, once: nil)
            func expectFound(_ sourceLocation: SourceLocation = #_sourceLocation) async throws {
                for text in ["2026-11-01", "NEEDLE", "say \"hi\"", "1.50", "\"nested\":[true]", "ümlaut"] {
                    let found = try await bench.ids(.reading([.text: text]))
                    #expect(found == [plan.id.rawValue], "\(text)", sourceLocation: sourceLocation)
                }
                // Neither names nor what stands between two values.
                for text in ["share", "2026-11-01false", "2026-11-01\nfalse", "7,"] {
                    let found = try await bench.ids(.reading([.text: text]))
                    #expect(found.isEmpty, "\(text)", sourceLocation: sourceLocation)
                }
            }
            try await expectFound()
            let claimed = try await bench.claim()
            #expect(claimed.map(\.parameters) == [StoreBench.parameters])
            try await bench.succeed(claimed[0].lease)
            try await expectFound()
            while try await bench.fileRuns() {}
            try await expectFound()
            try await bench.expectNothingWrong(at: StoreBench.after(100))
        },
        Rule("A run has parameters of the greatest size") { bench in
            let parameters = RunParameters(
                (0..<ParameterLimits.count).map { number in
                    (name: "p\(number)", value: JSONValue.string(String(repeating: "\(number % 10)", count: 300)))
                })
            let plan = try await bench.plan(parameters: parameters)
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await bench.details(plan.id).origin.parameters == parameters)
        },
        Rule("A run has as many labels as it may have, each of the greatest length") { bench in
            let keys = (10..<10 + RunLabels.most).map { number in
                String(repeating: "a.", count: 126) + "b/" + String(repeating: "K", count: RunLabel.longestName - 2) + "\(number)"
            }
            let value = String(repeating: "v", count: RunLabel.longestName)
            let labels = RunLabels(try keys.map { try #require(RunLabel(key: $0, value: value)) })
            let plan = try await bench.plan(labels: labels)
            _ = try await bench.store.createRun(plan, once: nil)
            #expect(try await bench.details(plan.id).origin.labels == labels)
            #expect(try await bench.ids(.reading([.label: "\(keys[19]):\(value)"])) == [plan.id.rawValue])
            #expect(try await bench.ids(.reading([.label: "\(keys[19]):\(value.dropLast())"])) == [])
        },
        Rule("A rerun has the labels of its run, and names it; its schedule is nil") { bench in
            let old = try await bench.failedRun(labels: RunLabels([RunLabel("team:crm")].compactMap(\.self)))
            let again = try await bench.doOver(old, at: StoreBench.after(10))
            let origin = try await bench.details(again).origin
            #expect(origin.labels["team"] == "crm" && origin.rerunOf == old && origin.schedule == nil)
            #expect(try await bench.ids(.reading([.rerunOf: old.rawValue, .label: "team:crm"])) == [again.rawValue])
        },
        Rule("A scheduled run is found by its schedule") { bench in
            let plan = try await bench.startOneTick()
            let other = try await bench.start(configuration: "cg-other")
            #expect(try await bench.ids(.reading([.schedule: "default"])) == [plan.id.rawValue])
            #expect(try await bench.ids(.reading([.schedule: "Default"])) == [])
            #expect(try await bench.ids(.reading([.principal: Principal.schedule.id])) == [plan.id.rawValue])
            #expect(try await bench.ids(.reading([.principal: StoreBench.someone.id])) == [other.rawValue])
        },
        Rule("An imported run keeps its whole origin and its attempts") { bench in
            var run = bench.endedRun("old-1", .failed)
            run.attempts = 7
            run.origin = RunOrigin(
                configuration: "cg-daily", labels: RunLabels([RunLabel("team:crm")].compactMap(\.self)),
                parameters: StoreBench.parameters, runMode: .refresh, range: TimeWindow(from: StoreBench.start),
                scheduledFor: StoreBench.after(-5), schedule: "default",
                rerunOf: RunID(rawValue: "elsewhere"),
                trigger: RunTrigger(firing: "f-1", cause: .webhook("orders"), depth: 3))
            var bare = bench.endedRun("old-2", at: 1)
            bare.origin = RunOrigin(labels: RunLabels([RunLabel("team:")].compactMap(\.self)))
            try await bench.importAll([run, bare])
            #expect(try await bench.walk(by: 5) == [bare, run])
            let details = try await bench.details(run.id)
            #expect(details.run == run && details.isImported)
            #expect(try await bench.ids(.reading([.attemptsFrom: "7", .configuration: "cg-daily"])) == ["old-1"])
            #expect(try await bench.ids(.reading([.attemptsFrom: "8"])) == [])
        },
        Rule("Imported runs that name a workflow are not its own: limits, schedules, reruns and its newest runs ignore them") {
            bench in
            let own = try await bench.start(concurrency: 1, at: StoreBench.after(1))
            var imported = [
                bench.endedRun("old-1", at: 5), bench.endedRun("old-2", .inProgress, at: 6), bench.endedRun("old-3", at: 0),
            ]
            for index in imported.indices {
                imported[index].origin = RunOrigin(
                    configuration: "cg-daily", runMode: .full, scheduledFor: StoreBench.after(1), schedule: "default")
            }
            try await bench.importAll(imported)
            let latest = try await bench.store.latestRuns(ofEach: ["cg-daily"], of: StoreBench.acme, limit: 5)
            #expect(latest["cg-daily"]?.map(\.run.id) == [own])
            // The imported run that goes on holds no slot.
            try await bench.succeed(bench.claimOne(at: StoreBench.after(7)), at: StoreBench.after(8))
            let next = try await bench.start(concurrency: 1, at: StoreBench.after(9))
            let claimed = try await bench.claim(at: StoreBench.after(9))
            #expect(claimed.map(\.lease.run) == [next])
            let place = try #require(RunCursor(of: try await bench.details(next).run, by: .created))
            let good = try await bench.store.lastSuccessfulRun(of: "cg-daily", tenant: StoreBench.acme, after: place)
            #expect(good?.id == own)
            try await bench.schedule(at: StoreBench.after(9))
            let progress = try await bench.scheduleProgress(at: StoreBench.after(10))
            #expect(progress.going.isEmpty)
            let waiting = bench.decision(
                progress, until: StoreBench.after(10), wakeAt: StoreBench.after(999), waitsForRun: true)
            #expect(try await bench.store.record(waiting, at: StoreBench.after(10)))
            for id in ["old-1", "old-3"] {
                let details = try await bench.details(RunID(rawValue: id))
                #expect(throws: RerunRefusal.isHistory) { try Rerun.check(details) }
            }
            let stopped = try await bench.store.stopRun(RunID(rawValue: "old-2"), of: StoreBench.acme, at: StoreBench.after(11))
            #expect(stopped?.run.state == .canceled && stopped?.origin == imported[1].origin)
            // Its end wakes no tick that waits for a run of the schedule.
            #expect(try await bench.store.nextScheduleTimeOfAllTenants() == StoreBench.after(999))
            #expect(
                try await bench.ids(.reading([.configuration: "cg-daily"]))
                    == ([own.rawValue, next.rawValue, "old-1", "old-2", "old-3"].sorted()))
            try await bench.expectNothingWrong(at: StoreBench.after(100))
        },
    ]

    /// The attempts of a run are those of the task that had most.
    static let attempts: [Rule] = [
        Rule("The attempts of a run rise when a task begins again, and stay when another one does") { bench in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b")])
            func expect(_ attempts: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
                #expect(try await bench.details(id).run.attempts == attempts, sourceLocation: sourceLocation)
                #expect(try await bench.walk(by: 5).map(\.attempts) == [attempts], sourceLocation: sourceLocation)
                let found = try await bench.ids(.reading([.attemptsFrom: "\(attempts)"]))
                #expect(found == [id.rawValue], sourceLocation: sourceLocation)
                let none = try await bench.ids(.reading([.attemptsFrom: "\(attempts + 1)"]))
                #expect(none.isEmpty, sourceLocation: sourceLocation)
            }
            let down = RunError(attribution: .platform, type: "test/down", message: "Down")
            func retry(_ lease: Lease, at second: Double) async throws {
                let event = TaskEvent.retrying(down, at: StoreBench.after(second))
                _ = try await bench.store.commit([.began, event], under: lease, at: StoreBench.after(second))
            }
            try await expect(1)
            let first = try await bench.claim()
            try await expect(1)
            try await retry(first[0].lease, at: 1)
            let second = try await bench.claimOne(at: StoreBench.after(1))
            try await expect(2)
            try await retry(first[1].lease, at: 2)
            let other = try await bench.claimOne(at: StoreBench.after(2))
            #expect(other.task != second.task)
            try await expect(2)
            try await retry(other, at: 3)
            let third = try await bench.claimOne(at: StoreBench.after(3))
            try await expect(3)
            try await bench.succeed(third, at: StoreBench.after(4))
            try await bench.succeed(second, at: StoreBench.after(4))
            #expect(try await bench.details(id).run.state == .succeeded)
            try await expect(3)
        },
        Rule("An attempt after a lost lease counts, and one of a kept task does not") { bench in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
            let lost = try await bench.claimOne()
            _ = try await bench.store.commit(.began, under: lost, at: StoreBench.start)
            let event = TaskEvent.retrying(.workerLost("The worker is gone."), at: StoreBench.after(61))
            _ = try await bench.store.endLostAttempt(
                LostAttempt(lost, with: event, ifExpiredBy: StoreBench.after(61)), at: StoreBench.after(61))
            try await bench.succeed(bench.claimOne(at: StoreBench.after(61)), at: StoreBench.after(62))
            try await bench.succeed(bench.claimOne(at: StoreBench.after(62)), at: StoreBench.after(62))
            #expect(try await bench.details(id).run.attempts == 2)
            let old = try await bench.failedRun(at: StoreBench.after(63))
            let again = try await bench.doOver(old, at: StoreBench.after(70))
            let details = try await bench.details(again)
            #expect(details.tasks.contains { $0.keptFrom != nil } && details.run.attempts == 1)
        },
    ]
}

extension StoreBench {
    /// Values of all types.
    static let parameters = RunParameters([
        (name: "day", value: "2026-11-01"), (name: "text", value: "a needle, ümlaut and say \"hi\""),
        (name: "rows", value: 7), (name: "share", value: .number("1.50")), (name: "dry", value: .bool(false)),
        (name: "more", value: nested),
    ])
    private static let nested: JSONValue = ["nested": [.bool(true)]]
}
