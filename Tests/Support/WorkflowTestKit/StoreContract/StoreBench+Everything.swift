import Testing
public import WorkflowModel

extension StoreBench {
    /// Fills the store with every kind of record.
    public func fillWithEverything() async throws {
        _ = try await store.serviceSecret("tokens", orElse: [1, 2, 3])
        _ = try await store.serviceSecret("empty", orElse: [])
        try await store.saveSettings(
            TenantSettings(tenant: Self.globex, rateLimit: 0, tasksAtOnce: 50, resources: ["warehouse": 4, "lake": 1]))
        try await addKeys()
        try await addViews()
        try await addSecrets()
        try await addConfigurations()
        try await addReceivers()
        // First, while no other task can be claimed.
        try await addResolutions()
        try await addWaits()
        try await addRunsUnderWay()
        try await addTicks()
        try await addNotes()
        var history = RunHistory(40, over: .weeks, random: random)
        // An id without a time in it, with letters that must be kept unchanged.
        history.runs[0].id = RunID(rawValue: "Händels/Wassermusik 'N°1'")
        _ = try await store.importRuns(history.imported, into: history.tenant)
        try await importAll(VariedHistory(60, of: Self.globex, over: .weeks, random: random).runs)
        try await addImportedTasks()
        try await addStatistics()
        try await addAuditEvents()
        try await addBulkOperations()
        try await addTriggers()
    }

    /// The place of the operation that is running.
    public static let bulkPlace = RunCursor(key: .created, value: 1_699_999_999_999, id: RunID(rawValue: "wf-größer/'x'"))

    /// One that is running at its place, with receipts of each outcome, one that was aborted, and one without receipts.
    private func addBulkOperations() async throws {
        let filter = try RunFilter.reading([.state: "failed", .configuration: "cg-größer", .createdFrom: "2023-11-14"])
        let running = try await request(.stop(reason: "ünïcödé 'known'"), filter, at: Self.after(48))
        let lease = try #require(try await claimBulk(at: Self.after(48)).first { $0.operation.id == running.id }).lease
        let results: [BulkResult] = [
            .done, .isRerun(by: RunID(rawValue: "wf-9")), BulkResult(.refused, "größer\n\"x\""), .isDeleted,
        ]
        for (place, result) in results.enumerated() {
            let step = BulkStep(place + 1, .settle(result), on: RunID(rawValue: "wf-\(place)"), at: Self.bulkPlace)
            #expect(try await store.carryOut(step, under: lease, at: Self.after(49)) != nil)
        }
        let named = operation(
            .label(LabelChange(set: RunLabels(), removed: ["old"])), .runs([RunID(rawValue: "a\",\"b")]), at: Self.after(50))
        #expect(try await store.createBulkOperation(named))
        let author = Principal(id: "wk_0", name: "Ädä", email: "ada@example.com")
        _ = try await store.abortBulkOperation(named.id, of: Self.acme, by: author, at: Self.after(51))
        let theirs = operation(
            .rerun(from: .failure, version: .launched), .filter(RunFilter()), of: Self.globex, at: Self.after(52))
        #expect(try await store.createBulkOperation(theirs))
    }

    /// Statistics of runs of the year before, which no other record is from.
    private func addStatistics() async throws {
        for tenant in [Self.acme, Self.globex] {
            var past = VariedHistory(60, of: tenant, over: .weeks, random: random)
            for index in past.runs.indices {
                past.runs[index].createdAt = past.runs[index].createdAt + .seconds(-400 * 86_400)
                past.runs[index].endedAt = past.runs[index].createdAt + .seconds(Double(index))
                if !past.runs[index].state.hasEnded { past.runs[index].state = .succeeded }
            }
            _ = try await store.importRuns(past.imported, into: tenant)
        }
        #expect(try await retain(createdBefore: Self.after(-300 * 86_400)) > 100)
    }

    /// On a run of this service; one of imported history has some, too.
    private func addNotes() async throws {
        let run = try await start(configuration: "cg-noted", at: Self.after(43))
        for (second, text) in [(44.0, "Late files."), (45, "größer\n\"x\"")] {
            let note = RunNote(by: Principal(id: "wk_0", name: "Ädä", email: "ada@example.com"), at: Self.after(second), text: text)
            #expect(try await store.addNote(note, to: run, of: Self.acme) == .written)
        }
        let subscription = RunSubscription(
            to: "ops", by: Principal(id: "wk_0", name: "Ädä", email: "ada@example.com"), at: Self.after(45.5))
        #expect(try await store.subscribe(subscription, to: run, of: Self.acme) == .added(event: nil))
        _ = try await store.stopRun(run, of: Self.acme, at: Self.after(46))
    }

    /// A run with decisions in place, and a rerun that carries one.
    private func addResolutions() async throws {
        var tasks = [
            Self.task("a"), Self.task("b"), Self.task("c", needs: ["a"]), Self.task("d", needs: ["a"]),
            Self.task("e", needs: ["b"]),
        ]
        // One is skipped for its condition, and one never asks it.
        tasks[3].gate = try ConditionExpression("'ünïcödé' in []")
        tasks[4].gate = try ConditionExpression("${outputs.b.n} == 1 and 'ünïcödé' != 'it''s'")
        let plan = try await plan(tasks, configuration: "cg-resolved", at: Self.after(0.1))
        _ = try await store.createRun(plan, once: nil)
        let fault = RunError(attribution: .customer, type: "test/fault", message: "No such table")
        for lease in try await claim(at: Self.after(0.1)).map(\.lease) where lease.run == plan.id {
            _ = try await store.commit(.began, under: lease, at: Self.after(0.1))
            guard lease.task == plan.tasks[0].id else { continue }
            _ = try await store.commit(.failed(fault), under: lease, at: Self.after(0.2))
            let order = ResolutionOrder(
                .skip, of: .one(lease.task), outputs: JSONText(validated: #"{"größer":1}"#),
                by: Principal(id: "wk_0", name: "Ädä", email: "ada@example.com"), at: Self.after(0.3), reason: "ünïcödé 'known'")
            guard case .resolved = try await store.resolve(order, in: plan.id, of: Self.acme) else {
                Issue.record("The decision was refused.")
                return
            }
        }
        _ = try await store.stopRun(plan.id, of: Self.acme, at: Self.after(0.3))
        for lease in try await store.leasesOfAllTenants(notHeldBy: "").map(\.lease) where lease.run == plan.id {
            _ = try await store.commit(.stopped, under: lease, at: Self.after(0.3))
        }
        let version = try #require(try await store.configurationVersion(plan.version, of: plan.tenant))
        let configuration = WorkflowConfiguration(
            id: plan.configuration, name: plan.name, type: plan.type, stages: [Stage(name: "Everything", tasks: tasks)])
        let order = ResolutionOrder(.succeed, of: .one(plan.tasks[2].id), by: Self.someone, at: Self.after(0.4))
        let rerun = Rerun(of: try await details(plan.id), carrying: order)
        let again = try RunPlan(configuration, version: version, doingOver: rerun, at: Self.after(0.4), random: random)
        _ = try await store.createRun(again, once: nil)
        _ = try await store.stopRun(again.id, of: Self.acme, at: Self.after(0.5))
    }

    private func addAuditEvents() async throws {
        let person = Principal(id: "wk_0", name: "Ädä", email: "ada@example.com")
        let origin = AuditOrigin(address: "2001:db8::1", userAgent: "curl/8 \"ünïcödé\"", session: "s-1")
        try await actor(person, from: origin, at: Self.after(50)).act {
            try await addOneMoreView(of: Self.acme)
            try await addOneMoreView(of: Self.globex)
        }
        try await actor(at: Self.after(51)).act { try await addOneMoreView(of: Self.acme) }
    }

    private func addOneMoreView(of tenant: Tenant) async throws {
        #expect(try await store.save(view("Audited", "state:failed", at: 50), of: tenant))
    }

    private func addViews() async throws {
        for (number, tenant) in [Self.acme, Self.globex, Self.acme].enumerated() {
            #expect(try await store.save(view("View \(number)", "state:failed \"ünïcödé\" since:7d", at: number), of: tenant))
        }
    }

    private func addSecrets() async throws {
        let author = Principal(id: "wk_0", name: "Ädä", email: "ada@example.com")
        for (number, tenant) in [Self.acme, Self.globex, Self.acme].enumerated() {
            _ = try await set("secret_\(number % 2)", [0, 255, UInt8(number)], by: author, at: number, of: tenant)
        }
    }

    private func addKeys() async throws {
        for (number, tenant) in [Self.acme, Self.globex, Self.acme].enumerated() {
            try await store.createKey(
                APIKey(
                    id: "wk_\(number)", tenant: tenant, name: "Key \(number)", policy: AccessPolicy.allCases[number],
                    createdAt: Self.after(Double(number)), secretHash: [UInt8](repeating: UInt8(number), count: 32)))
        }
        _ = try await store.rotateKey("wk_1", secretHash: [9, 9], at: Self.after(60))
        try await store.recordKeyUses(["wk_2": Self.after(90)])
    }

    private func addConfigurations() async throws {
        for text in ["a: 1\n", "a: 2 # ünïcödé\n"] {
            let code = CodeVersion(commit: String(repeating: "0f", count: 20), isDirty: text == "a: 1\n")
            _ = try await store.saveConfiguration(draft("cg-two", text: text, directory: "/srv/flows", code: code), at: Self.start)
        }
        let person = Principal(id: "wk_0", name: "Ädä", email: "ada@example.com")
        _ = try await store.pause("cg-two", of: Self.acme, with: Self.pause("ünïcödé 'tests'", by: person, from: 1, until: 9e6))
        _ = try await store.saveConfiguration(draft("cg-gone", of: Self.globex, text: "b: 1\n"), at: Self.start)
        _ = try await store.deleteConfiguration("cg-gone", of: Self.globex, at: Self.after(1))
    }

    /// Runs in different states: ended, held by a worker, waiting for a retry, stopped, and a rerun of a failed one.
    private func addRunsUnderWay() async throws {
        let range = TimeWindow(from: Self.start, to: Self.after(86_400))
        let tasks = [Self.task("a"), Self.task("b", needs: ["a"], timeout: .seconds(90))]
        let labels = RunLabels(["team:crm", "tier:", "example.com/x:1"].compactMap { RunLabel($0) })
        let plan = try await plan(tasks, warnAfter: .seconds(3_600), range: range, labels: labels, parameters: Self.parameters)
        let key = IdempotencyKey(owner: "wk_0", text: "once/and for all", fingerprint: [7, 7])
        _ = try await store.createRun(plan, once: key)
        let first = try await claimOne()
        for (offset, text) in [(0, "one\n"), (4, "two\n"), (20, "after a gap\n")] {
            try await store.appendOutput(OutputChunk(offset: offset, bytes: Array(text.utf8)), under: first, keepingLast: 1_000)
        }
        let mark = OutputMark(offset: 32, time: Self.after(1), stream: .stderr)
        let marked = OutputChunk(offset: 32, bytes: Array("bad\n".utf8), marks: OutputMarks([mark], lineBreaks: 3))
        try await store.appendOutput(marked, under: first, keepingLast: 1_000)
        let left = TaskOutput(
            values: JSONText(validated: #"{"rows":3}"#), warnings: try TaskWarnings(["3 rows have no price", "größer \"x\""]))
        _ = try await store.commit([.began, .succeeded(left)], under: first, at: Self.after(1))
        let second = try await claimOne(at: Self.after(1))
        let fault = RunError(
            attribution: .customer, type: "test/fault", message: "No such table", data: JSONText(validated: #"{"code":1}"#))
        _ = try await store.commit(.began, under: second, at: Self.after(2))
        _ = try await store.commit(.failed(fault), under: second, at: Self.after(3))

        try await start([Self.task("retry"), Self.task("later", needs: ["retry"])], warnAfter: .seconds(60), at: Self.after(4))
        let failing = try await claimOne(at: Self.after(4))
        let down = RunError(attribution: .platform, type: "test/down", message: "Down")
        _ = try await store.commit(.retrying(down, at: Self.after(600)), under: failing, at: Self.after(5))

        try await start([Self.task("held", uses: ["warehouse": 2])], of: Self.globex, concurrency: 3, at: Self.after(6))
        _ = try await claimOne(by: "worker-held", at: Self.after(6))
        let stopped = try await start([Self.task("stopped")], at: Self.after(7))
        _ = try await store.stopRun(
            stopped, of: Self.acme, for: RunStop(requestedAt: Self.after(8), requestedBy: Self.someone, reason: "ünïcödé 'month'"))
        let ended = try await start([Self.task("ended")], at: Self.after(8))
        let lease = try await claimOne(at: Self.after(8))
        _ = try await store.stopRun(ended, of: Self.acme, at: Self.after(8))
        try await store.record(
            TaskEnding(
                terminatedAt: Self.after(8), killedAt: Self.after(8.5), callCanceledAt: Self.after(8.6), goneAt: Self.after(9)),
            under: lease)
        _ = try await store.commit(.stopped, under: lease, at: Self.after(9))
        try await addStoppedRun()
        try await start([Self.task("waiting")], of: Self.globex, at: Self.after(9))
        try await addRerun(of: plan, tasks)
    }

    /// A stopped run with a closing task that a worker holds and one that waits.
    private func addStoppedRun() async throws {
        let tasks = [Self.task("a"), Self.task("close", .always, needs: ["a"]), Self.task("tell", .failure, needs: ["close"])]
        let run = try await start(tasks, configuration: "cg-closing", afterStop: .seconds(90), at: Self.after(9))
        let lease = try await claimOne(at: Self.after(9))
        _ = try await store.stopRun(run, of: Self.acme, at: Self.after(9))
        _ = try await store.commit(.stopped, under: lease, at: Self.after(9))
        _ = try await claimOne(at: Self.after(9))
    }

    private func addRerun(of plan: RunPlan, _ tasks: [TaskDefinition]) async throws {
        let configuration = WorkflowConfiguration(
            id: plan.configuration, name: plan.name, type: plan.type, stages: [Stage(name: "Everything", tasks: tasks)])
        let version = try #require(try await store.configurationVersion(plan.version, of: plan.tenant))
        let rerun = Rerun(of: try await details(plan.id), from: .failure, by: Self.someone)
        _ = try await store.createRun(
            RunPlan(configuration, version: version, doingOver: rerun, at: Self.after(10), random: random), once: nil)
    }

    /// A task that waits for a job with units of a resource, one that waits for the run that it started, and that run.
    private func addWaits() async throws {
        let tasks = [Self.task("wait-job", uses: Self.warehouse), Self.task("wait-run")]
        let plan = try await plan(tasks, configuration: "cg-waits", at: Self.after(50))
        var child = try await self.plan([Self.task("called")], configuration: "cg-called", at: Self.after(51))
        child.calledBy = RunCaller(run: plan.id, task: plan.tasks[1].id)
        _ = try await store.createRun(plan, once: nil)
        _ = try await store.createRun(child, once: nil)
        for claimed in try await claim(100, by: "waits", at: Self.after(52)) {
            let isRun = claimed.definitionID == "wait-run"
            let wait = TaskWait(
                for: isRun ? .run : .job, until: Self.after(600), deadline: isRun ? nil : Self.after(900), checks: 3, failures: 1,
                needsCancel: true, memo: JSONText(validated: #"{"run":"\#(child.id)","shown":"cafe\#u{301}"}"#))
            let event = TaskEvent.waiting(wait, runID: isRun ? child.id.rawValue : "job-7")
            _ = try await store.commit([.began, event], under: claimed.lease, at: Self.after(53))
        }
    }

    /// Schedules of two versions, with a tick of every kind.
    private func addTicks() async throws {
        let version = try await schedule("cg-ticks", text: "every minute", at: Self.after(20))
        try await schedule("cg-ticks", text: "every hour", at: Self.after(30))
        let scheduleProgress = try await scheduleProgress(of: "cg-ticks", at: Self.after(30))
        let plan = try plan(for: Self.after(25), of: version, at: Self.after(40))
        let ticks = [
            tick(Self.after(21), .missed, reason: .window), tick(Self.after(22), .merged, mergedInto: Self.after(25)),
            tick(Self.after(25), .started, run: plan.id), tick(Self.after(26), .skipped, run: plan.id, reason: .overlap),
            tick(Self.after(25), .waiting, of: "other", reason: .catchUp, dueAt: Self.after(50)),
        ].map { tick in
            var tick = tick
            tick.configuration = "cg-ticks"
            if tick.outcome == .skipped { tick.note = "paused by Ädä: tests" }
            return tick
        }
        let decision = decision(scheduleProgress, until: Self.after(26), wakeAt: Self.after(50), ticks, starting: [plan])
        #expect(try await store.record(decision, at: Self.after(40)))
        let backfilled = try self.plan(for: Self.after(-60), of: version, by: nil, at: Self.after(41))
        _ = try await store.backfill(backfilled, tickOf: "default", at: Self.after(41))
        for run in [plan.id, backfilled.id] { _ = try await store.stopRun(run, of: Self.acme, at: Self.after(42)) }
    }

    private func addImportedTasks() async throws {
        var run = RunHistory(1, random: random).runs[0]
        run.tenant = Self.globex
        run.id = RunID(rawValue: "other-system:1")
        run.attempts = 2
        run.warnings = 3
        run.origin = RunOrigin(
            configuration: "cg-two", labels: RunLabels([RunLabel("team:ops")].compactMap(\.self)),
            parameters: Self.parameters, runMode: .refresh,
            range: TimeWindow(from: Self.start), scheduledFor: Self.start, schedule: "default",
            rerunOf: RunID(rawValue: "other-system:0"),
            trigger: RunTrigger(firing: "f", cause: .run(RunID(rawValue: "other-system:0"), of: "cg-größer"), depth: 7))
        let task = TaskInstance(
            id: TaskID(rawValue: "t:1"), run: run.id, tenant: Self.globex, label: "Pull", state: .succeeded,
            stateChangedAt: Self.after(29), createdAt: Self.start, endedAt: Self.after(29), executionType: "spark",
            engineRunID: "e-1", definitionID: "pull", definitionType: "courier.pull", timeout: .seconds(9), stage: "First",
            attempts: 2, keptFrom: RunID(rawValue: "other-system:0"), warnings: try TaskWarnings(["a", "b", "c"]))
        let imported = ImportedRun(
            run: run, launchedVersion: ConfigurationVersionID(rawValue: "etv-a"),
            currentVersion: ConfigurationVersionID(rawValue: "etv-b"), warnAfter: .seconds(3), tasks: [task])
        _ = try await store.importRuns([imported], into: Self.globex)
    }
}
