import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

/// Snapshots of the pages without dialogs, at a fixed time.
@Suite struct SnapshotTests {
    static let now = StoreBench.after(100)
    static let hostile = "\"'><b>"
    static let error = RunError(
        attribution: .customer, type: "weir.task.command/exit", message: "The table \(hostile) is not there.\nSecond line",
        data: JSONText(validated: #"{"exit_code":65}"#))
    private static let visitor = Visitor(
        key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: .admin, formToken: "token")

    private static let origin = RunOrigin(
        configuration: "cg-daily", runMode: .refresh, range: TimeWindow(from: StoreBench.start, to: StoreBench.after(86_400)))

    private static func run(
        _ number: Int, _ state: RunState, ended: Double?, from origin: RunOrigin = RunOrigin()
    ) -> WorkflowRun {
        WorkflowRun(
            id: RunID(rawValue: "wf-\(number)"), tenant: StoreBench.acme, name: "Daily \(hostile)", type: "courier.group/run",
            state: state,
            createdAt: StoreBench.after(Double(number)), endedAt: ended.map(StoreBench.after),
            principal: Principal(id: "p", name: "Bo", email: "bo@example.com"), error: state == .failed ? error : nil,
            origin: origin)
    }

    private static func task(
        _ id: String, _ state: TaskState, stage: String, ended: Double? = nil, attempts: Int = 0, skipReason: SkipReason? = nil,
        warnings: TaskWarnings = TaskWarnings()
    )
        -> TaskInstance
    {
        TaskInstance(
            id: TaskID(rawValue: "wft-\(id)"), run: RunID(rawValue: "wf-1"), tenant: StoreBench.acme, label: "Task \(id)",
            state: state,
            stateChangedAt: StoreBench.start, createdAt: StoreBench.start, endedAt: ended.map(StoreBench.after),
            executionType: "command", engineRunID: "job-7", definitionID: id, definitionType: "test.\(id)",
            timeout: .seconds(1_800),
            error: state == .failed ? error : nil, stage: stage, attempts: attempts, skipReason: skipReason, warnings: warnings)
    }

    private static let warnings = (try? TaskWarnings(["3 rows have no price \(hostile)\nSecond line", "late"])) ?? TaskWarnings()

    private static let details = WorkflowRunDetails(
        run: run(1, .runningWithFailures, ended: nil, from: origin),
        launchedVersion: ConfigurationVersionID(rawValue: "etv-1"), currentVersion: ConfigurationVersionID(rawValue: "etv-2"),
        warnAfter: .seconds(60),
        tasks: [
            task("a", .succeeded, stage: "Sources", ended: 30, attempts: 2, warnings: warnings),
            task("b", .failed, stage: "Sources", ended: 40, attempts: 1),
            task("c", .running, stage: "Stitch", attempts: 1), task("d", .skipped, stage: "Activations", skipReason: .failedNeed),
            task("e", .skipped, stage: "Left out", skipReason: .runMode),
        ],
        notes: [
            RunNote(by: Principal(id: "p", name: "Bo \(hostile)"), at: StoreBench.after(50), text: "Late files \(hostile).\nWait."),
            RunNote(by: Principal(id: "q", name: "Ada"), at: StoreBench.after(60), text: "Done."),
        ])

    private static let attempts: [TaskAttemptRecord] = [
        TaskAttemptRecord(
            task: TaskID(rawValue: "wft-a"), number: 1, startedAt: StoreBench.after(2), endedAt: StoreBench.after(10),
            outcome: .failed,
            error: RunError(attribution: .platform, type: "test/down", message: "Down")),
        TaskAttemptRecord(
            task: TaskID(rawValue: "wft-a"), number: 2, startedAt: StoreBench.after(20), endedAt: StoreBench.after(30),
            outcome: .succeeded),
        TaskAttemptRecord(
            task: TaskID(rawValue: "wft-b"), number: 1, startedAt: StoreBench.after(2), endedAt: StoreBench.after(40),
            outcome: .failed,
            error: error),
        TaskAttemptRecord(task: TaskID(rawValue: "wft-c"), number: 1, startedAt: StoreBench.after(41)),
    ]

    @Test func history() throws {
        let address = try HistoryAddress(
            parameters: [
                (name: "state", value: "failed"), (name: "created_from", value: StoreBench.start.iso8601),
                (name: "created_to", value: StoreBench.after(7_200).iso8601), (name: "label", value: "team:crm"),
                (name: "not_type", value: "bridge.sync \(Self.hostile)"),
            ], at: Self.now)
        let plan = try #require(ChartPlan(address, at: Self.now))
        let origin = RunOrigin(
            configuration: "cg-daily", labels: RunLabels(["team:crm", "tier:gold"].compactMap { RunLabel($0) }), runMode: .refresh,
            range: TimeWindow(from: StoreBench.start, to: StoreBench.after(86_400)), schedule: "morning",
            rerunOf: RunID(rawValue: "wf-0"))
        var runs = [
            Self.run(3, .inProgress, ended: nil), Self.run(2, .failed, ended: 20, from: origin), Self.run(1, .succeeded, ended: 9),
        ]
        runs[1].attempts = 3
        runs[2].warnings = 1_002
        let page = RunPage(
            runs: runs, next: RunCursor(of: runs[2], by: .created), previous: RunCursor(of: runs[0], by: .created),
            total: .exactly(1_234))
        var found = HistoryFindings(page)
        found.chart = (
            plan,
            RunCounts([
                RunCount(start: CountStep.hour.start(of: StoreBench.start), byState: [.failed: 2, .succeeded: 6, .inProgress: 1])
            ])
        )
        found.notes = [runs[1].id: 1, runs[2].id: 12]
        found.facets = FacetPlan(address.filter, of: StoreBench.acme).counts(of: runs)
        found.views = [
            SavedView(
                name: "Night \(Self.hostile)", search: "state:failed since:7d", savedBy: StoreBench.someone,
                savedAt: StoreBench.start)
        ]
        try PageSnapshot.check(HistoryPage(found, at: address, for: Self.visitor, now: Self.now), "history")
    }

    @Test func aHistoryOfDeletedRuns() throws {
        let address = try HistoryAddress(
            parameters: [(name: "created_from", value: "2023-11-10"), (name: "created_to", value: "2023-11-15")], at: Self.now)
        let plan = try #require(ChartPlan(address, at: Self.now))
        var found = HistoryFindings(RunPage(runs: [], total: .exactly(0)))
        let days = [10, 11, 12, 13].map { CountStep.day.start(of: StoreBench.after(Double($0 - 14) * 86_400)) }
        found.chart = (plan, RunCounts([RunCount(start: days[2], byState: [.succeeded: 3, .failed: 1])]))
        found.deleted = [
            RunCount(start: days[0], byState: [.succeeded: 1_200, .canceled: 4]), RunCount(start: days[2], byState: [.failed: 2]),
        ]
        try PageSnapshot.check(HistoryPage(found, at: address, for: Self.visitor, now: Self.now), "history-deleted")
    }

    @Test func anEmptyHistory() throws {
        let found = HistoryFindings(RunPage(runs: [], total: .exactly(0)))
        try PageSnapshot.check(HistoryPage(found, at: HistoryAddress(), for: Self.visitor, now: Self.now), "history-empty")
    }

    @Test func savedViews() throws {
        let view = SavedView(
            name: "Night \(Self.hostile)", search: "\"\(Self.hostile)\"", savedBy: Principal(id: "p", name: "Bo \(Self.hostile)"),
            savedAt: StoreBench.start)
        try PageSnapshot.check(ViewsPage([view], for: Self.visitor, at: Self.now), "views")
        try PageSnapshot.check(ViewsPage([], for: Self.visitor, at: Self.now), "views-empty")
        try PageSnapshot.check(
            NewViewPage(
                name: Self.hostile, search: Self.hostile, problem: "Taken.", replaces: true, for: Self.visitor, at: Self.now),
            "view-new")
        try PageSnapshot.check(ConfirmPage.dropView(view, for: Self.visitor), "view-delete")
    }

    @Test func notesAreWrittenByOperatorsAndReadByViewers() throws {
        func html(_ policy: AccessPolicy, notes: [RunNote]) throws -> String {
            var details = Self.details
            details.notes = notes
            let visitor = Visitor(key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: policy, formToken: "token")
            return try Pages().content(RunDetailsPage(details, attempts: [], for: visitor, at: Self.now))
        }
        let notes = Self.details.notes
        #expect(try html(.operator, notes: []).contains("<textarea"))
        #expect(try !html(.viewer, notes: []).contains("id=\"notes\""))
        let read = try html(.viewer, notes: notes)
        #expect(read.contains("Done.") && !read.contains("<textarea"))
        // A run with all its notes takes no more.
        let full = Array(repeating: notes[1], count: RunNote.most)
        #expect(try !html(.operator, notes: full).contains("<textarea"))
    }

    @Test func aRun() throws {
        try PageSnapshot.check(
            RunDetailsPage(Self.details, attempts: Self.attempts, for: Self.visitor, at: Self.now), "run")
        let hidden = RunDetailsPage(
            Self.details, attempts: Self.attempts, choice: TaskChoice(hidesSkipped: true), for: Self.visitor, at: Self.now)
        let shown = try Pages().content(hidden)
        #expect(!shown.contains("Task e") && shown.contains("Task d"))
    }

    @Test func theReceiversThatAreToldOfTheEnd() throws {
        func panel(_ policy: AccessPolicy, _ subscriptions: RunSubscriptions, receivers: [String]) throws -> String {
            let visitor = Visitor(key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: policy, formToken: "token")
            let page = RunDetailsPage(Self.details, attempts: [], for: visitor, at: Self.now)
                .telling(subscriptions, of: Self.details.run, receivers: receivers, for: visitor)
            return try Pages().content(page)
        }
        let one = RunSubscription(to: "ops", by: Principal(id: "p", name: "Bo \(Self.hostile)"), at: StoreBench.after(50))
        let page = RunDetailsPage(Self.details, attempts: [], for: Self.visitor, at: Self.now)
            .telling(RunSubscriptions([one]), of: Self.details.run, receivers: ["chat", "ops"], for: Self.visitor)
        try PageSnapshot.check(page, "run-told")
        let read = try panel(.viewer, RunSubscriptions([one]), receivers: ["chat", "ops"])
        #expect(read.contains("Receivers told when it ends") && !read.contains("/remove") && !read.contains("<option>chat"))
        #expect(try !panel(.viewer, RunSubscriptions([]), receivers: ["ops"]).contains("id=\"subscriptions\""))
        #expect(try !panel(.operator, RunSubscriptions([]), receivers: []).contains("id=\"subscriptions\""))
        let ended = try panel(.operator, RunSubscriptions([one], event: .failed), receivers: ["chat"])
        #expect(ended.contains("Receivers told of its end") && !ended.contains("/remove") && !ended.contains("<option>chat"))
        // A run with all its subscriptions takes no more.
        let all = (0..<RunSubscription.most).map { RunSubscription(to: "r\($0)", by: one.requestedBy, at: one.requestedAt) }
        #expect(try !panel(.operator, RunSubscriptions(all), receivers: ["chat"]).contains("<option>chat"))
    }

    @Test func aTask() throws {
        let output = KeptOutput(attempt: 1, offset: 0, bytes: Array("one\n\u{1B}[31m\(Self.hostile)\u{1B}[0m\n".utf8), isLast: true)
        let values = TaskValues(
            needs: ["x"], inputs: ["x": JSONText(validated: #"{"rows":3}"#)], outputs: JSONText(validated: #"{"a":"\"'><b>"}"#))
        try PageSnapshot.check(
            TaskPage(
                Self.details.tasks[1], of: Self.details.run, attempts: [Self.attempts[2]], values: values, output: output,
                log: LogChoice(), at: Self.now), "task")
    }

    @Test func aStoppedTaskShowsWhatWasSentAndWhenNothingWasLeft() throws {
        var task = Self.details.tasks[0]
        (task.state, task.error) = (.canceled, .manuallyStopped)
        var attempt = TaskAttemptRecord(
            task: task.id, number: 1, startedAt: StoreBench.start, endedAt: StoreBench.after(20), outcome: .canceled,
            error: .manuallyStopped,
            ending: TaskEnding(terminatedAt: StoreBench.after(5), killedAt: StoreBench.after(15), goneAt: StoreBench.after(16)))
        func content() throws -> String {
            let page = TaskPage(
                task, of: Self.details.run, attempts: [attempt], values: TaskValues(needs: [], inputs: [:], outputs: nil),
                output: nil, log: LogChoice(), at: Self.now)
            return try Pages().content(page).replacing(#/<time[^>]*>|</time>/#, with: "")
        }
        let sent = "SIGTERM at 14 Nov 2023, 22:13:25 UTC. SIGKILL at 14 Nov 2023, 22:13:35 UTC. "
        #expect(try content().contains("\(sent)Last process gone at 14 Nov 2023, 22:13:36 UTC."))
        #expect(try !content().lowercased().contains("customer"))
        attempt.ending = TaskEnding(callCanceledAt: StoreBench.after(5), goneAt: StoreBench.after(5))
        #expect(try content().contains("Call canceled at 14 Nov 2023, 22:13:25 UTC.") && !content().contains("process gone"))
    }

    @Test func theCardOfAFailedTaskOffersWhatApplies() throws {
        let task = Self.details.tasks[1]
        let offers = [
            ResolutionOffer(
                resolution: .retry, startsRerun: false, sentence: "Retry it: attempt 2 begins as soon as a worker is free."),
            ResolutionOffer(
                resolution: .skip, startsRerun: false, sentence: "Skip it: \(Self.hostile) will run without its outputs."),
        ]
        let sent = ResolveForm.Sent(resolution: "skip", reason: Self.hostile, outputs: "[1]")
        try PageSnapshot.check(
            ResolvePage(
                task, of: Self.details.run, offers: offers, sent: sent, problem: "The outputs are wrong.", for: Self.visitor),
            "resolve")
        let decision = RunResolution(
            task: task.id, resolution: .skip, by: Principal(id: "q", name: "Ada"), at: StoreBench.after(60), reason: Self.hostile)
        let page = TaskPage(
            task, of: Self.details.run, attempts: [Self.attempts[2]], values: TaskValues(), decisions: [decision],
            resolve: ResolveForm(offers, for: task, visitor: Self.visitor), output: nil, log: LogChoice(), at: Self.now)
        let content = try Pages().content(page)
        #expect(content.contains("was skipped by <b>Ada</b>") && content.contains("name=\"resolution\" value=\"skip\""))
        var details = Self.details
        details.resolutions = Array(repeating: decision, count: RunDetailsPage.mostDecisions + 2)
        let run = try Pages().content(RunDetailsPage(details, attempts: Self.attempts, for: Self.visitor, at: Self.now))
        #expect(run.contains("2 earlier decisions"))
        #expect(run.ranges(of: "was skipped by").count == RunDetailsPage.mostDecisions)
        var viewer = Self.visitor
        viewer.policy = .viewer
        #expect(ResolveForm(offers, for: task, visitor: viewer) == nil)
    }

    @Test func configured() throws {
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "cg-daily", number: 1,
            name: "Daily \(Self.hostile)", type: "courier.group/run", source: ConfigurationSource(text: "", format: .yaml),
            createdAt: StoreBench.start, createdBy: StoreBench.someone)
        let runs = [Self.run(3, .inProgress, ended: nil), Self.run(2, .failed, ended: 20), Self.run(1, .succeeded, ended: 9)]
        let workflow = ConfiguredWorkflow(version: version, runs: runs.map { RecentRun($0) })
        try PageSnapshot.check(ConfiguredPage([workflow], for: Self.visitor), "configured")
    }

    @Test func aSchedule() throws {
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "cg-daily", number: 1,
            name: "Daily \(Self.hostile)", type: "courier.group/run", source: ConfigurationSource(text: "", format: .yaml),
            createdAt: StoreBench.start, createdBy: StoreBench.someone)
        let schedule = Schedule(
            cron: try CronExpression("30 6 * * *"), timeZone: "America/New_York", catchUp: .all, window: .seconds(43_200),
            overlap: .queue, isPaused: true, runMode: .refresh, range: .period)
        let coming = schedule.preview(after: StoreBench.start, count: 2, in: .utc)
        let past = [
            ScheduleTick(
                tenant: StoreBench.acme, configuration: "cg-daily", schedule: "default", instant: StoreBench.after(60),
                outcome: .skipped, reason: .overlap, run: RunID(rawValue: "wf-1"), decidedAt: StoreBench.after(60)),
            ScheduleTick(
                tenant: StoreBench.acme, configuration: "cg-daily", schedule: "default", instant: StoreBench.start,
                outcome: .started, run: RunID(rawValue: "wf-1"), decidedAt: StoreBench.start),
        ]
        let page = SchedulePage(
            version, coming: [ComingTicks(schedule: schedule, ticks: coming)], past: past, for: Self.visitor)
        try PageSnapshot.check(page, "schedule")
        let unknown = SchedulePage(version, coming: [ComingTicks(schedule: schedule, ticks: nil)], past: [], for: Self.visitor)
        #expect(try Pages().content(unknown).contains("no data for the time zone"))
    }

    @Test func aPausedWorkflow() throws {
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "cg-daily", number: 1,
            name: "Daily \(Self.hostile)", type: "courier.group/run", source: ConfigurationSource(text: "", format: .yaml),
            createdAt: StoreBench.start, createdBy: StoreBench.someone)
        let pause = StoreBench.pause(
            "migration \(Self.hostile)", by: Principal(id: "wk_1", name: "Ada \(Self.hostile)"), from: 0, until: 86_400)
        let schedule = Schedule(cron: try CronExpression("30 6 * * *"))
        var tick = ScheduleTick(
            tenant: StoreBench.acme, configuration: "cg-daily", schedule: "default", instant: StoreBench.after(60),
            outcome: .skipped, reason: .paused, decidedAt: StoreBench.after(60))
        tick.note = pause.tickNote
        let coming = schedule.preview(after: StoreBench.start, count: 2, in: .utc, during: pause)
        let page = SchedulePage(
            version, coming: [ComingTicks(schedule: schedule, ticks: coming)], past: [tick], pause: pause, for: Self.visitor)
        try PageSnapshot.check(page, "schedule-paused")
        let list = ConfiguredPage([ConfiguredWorkflow(version: version, pause: pause, runs: [])], for: Self.visitor)
        try PageSnapshot.check(list, "configured-paused")
        let endless = SchedulePage(version, coming: [], past: [], pause: StoreBench.pause("x", from: 0), for: Self.visitor)
        #expect(try Pages().content(endless).contains("until it is resumed: x"))
    }

    @Test func triggersOfAWorkflow() throws {
        let version = ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-1"), tenant: StoreBench.acme, configuration: "cg-daily", number: 1,
            name: "Daily \(Self.hostile)", type: "courier.group/run", source: ConfigurationSource(text: "", format: .yaml),
            createdAt: StoreBench.start, createdBy: StoreBench.someone)
        let triggers = [
            WorkflowTrigger(.after(.init(of: "cg-sources", on: [.succeeded, .failed])), runMode: .refresh, range: .trigger),
            WorkflowTrigger(.after(.init(of: "cg-other", on: [.any]))),
            WorkflowTrigger(.webhook(.init("orders-arrived", secret: "orders"))),
        ]
        var started = StoreBench.call(of: "cg-daily", at: StoreBench.after(60))
        started.decide(.started, run: RunID(rawValue: "wf-2"), at: StoreBench.after(60))
        var refused = TriggerFiring(
            tenant: StoreBench.acme, configuration: "cg-daily",
            cause: .run(RunID(rawValue: "wf-1"), of: "cg-sources", state: .canceled), firedAt: StoreBench.start, depth: 1)
        refused.decide(.refused, "No day: \(Self.hostile)", at: StoreBench.start)
        let page = SchedulePage(version, coming: [], past: [], triggers: triggers, firings: [started, refused], for: Self.visitor)
        try PageSnapshot.check(page, "triggers")
        #expect(try Pages().content(page).contains("<code>wf-2</code>"))
        let none = SchedulePage(version, coming: [], past: [], triggers: triggers, for: Self.visitor)
        #expect(try Pages().content(none).contains("No trigger has fired yet"))
        #expect(!(try Pages().content(SchedulePage(version, coming: [], past: [], for: Self.visitor)).contains("No trigger")))
    }

    @Test func audit() throws {
        func event(_ number: Int, _ type: String, _ object: AuditObject, by principal: Principal) -> AuditEvent {
            AuditEvent(
                id: AuditEventID(rawValue: "ae-\(number)"), type: type, tenant: StoreBench.acme,
                happenedAt: StoreBench.after(Double(number)), principal: principal, object: object,
                origin: number == 1 ? AuditOrigin() : AuditOrigin(address: "192.0.2.7", userAgent: "curl \(Self.hostile)"))
        }
        let person = Principal(id: "wk_1", name: "Ada \(Self.hostile)")
        let events = [
            event(3, "weir.workflow/stopped", AuditObject("wf-1", name: "Daily \(Self.hostile)"), by: person),
            event(2, "weir.later/unknown", AuditObject(Self.hostile), by: person),
            event(1, "weir.tenant/changed", AuditObject("acme"), by: .operator),
        ]
        let filter = AuditFilter(from: "2024-04-01T09:30", type: "weir.workflow/stopped", principal: "wk_1")
        let page = AuditLogPage(AuditEventPage(events: events), filter: filter, isFirst: false, next: "token", for: Self.visitor)
        try PageSnapshot.check(page, "audit")
        let none = AuditLogPage(AuditEventPage(), filter: AuditFilter(), isFirst: true, next: nil, for: Self.visitor)
        let empty = try Pages().content(none)
        #expect(empty.contains("No events yet") && !empty.contains("<table") && !empty.contains("Newest"))
    }

    @Test func alerts() throws {
        let rule = AlertRule(events: [.failed, .slow], attribution: .platform, types: [Self.hostile])
        var receiver = AlertReceiver(
            tenant: StoreBench.acme, name: "ops", kind: .webhook, url: "https://ops.example/T/secret", rule: rule, secret: [1],
            createdAt: StoreBench.start)
        let chat = AlertReceiver(
            tenant: StoreBench.acme, name: "chat", kind: .slack, url: "https://chat.example/", rule: AlertRule(events: []),
            secret: [2], createdAt: StoreBench.start)
        receiver.apply(.disabled("It answered 410 Gone."), at: StoreBench.after(9))
        let matter = AlertMatter(
            .failed, of: .run(RunID(rawValue: "wf-2")), title: "Daily \(Self.hostile)", configuration: "cg-daily", type: "a.b",
            attribution: .platform, at: StoreBench.after(3))
        var failing = Alert(matter, of: StoreBench.acme, to: "chat")
        failing.attempts = 2
        failing.apply(.failed("It answered 500."), at: StoreBench.after(10))
        var delivered = Alert(matter, of: StoreBench.acme, to: "ops")
        delivered.attempts = 1
        delivered.apply(.delivered("It answered 204 No Content."), at: StoreBench.after(4))
        let page = AlertsPage(
            receivers: [chat, receiver], alerts: [failing, delivered], silent: [("cg-daily", "gone")], for: Self.visitor)
        try PageSnapshot.check(page, "alerts")
        let empty = try Pages().content(AlertsPage(receivers: [], alerts: [], silent: [], for: Self.visitor))
        #expect(empty.contains("No receivers yet") && empty.contains("No alerts yet") && !empty.contains("<table"))
    }

    @Test func keys() throws {
        let key = APIKey(
            id: "wk_1", tenant: StoreBench.acme, name: "Key \(Self.hostile)", policy: .operator, createdAt: StoreBench.start,
            secretHash: [], secretNumber: 2, rotatedAt: StoreBench.after(5), lastUsedAt: StoreBench.after(60))
        try PageSnapshot.check(KeysPage([key], for: Self.visitor, at: Self.now), "keys")
    }
}

extension FacetPlan {
    /// The answers of a store that has these runs only.
    func counts(of runs: [WorkflowRun]) -> FacetCounts {
        counts(
            queries.map { query in
                var counter = FacetCounter(query.facets)
                for run in runs where query.filter.matches(run) { counter.add(run) }
                return counter.facets(limit: query.limit, isComplete: true)
            })
    }
}
