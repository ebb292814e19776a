import Testing
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowPages

/// Snapshots of the pages of one workflow, at a fixed time.
@Suite struct WorkflowSnapshotTests {
    private static let hostile = SnapshotTests.hostile
    private static let visitor = Visitor(key: "wk_1", name: "Ada", tenant: StoreBench.acme, policy: .admin, formToken: "token")

    private static func version(_ number: Int, _ text: String) -> ConfigurationVersion {
        ConfigurationVersion(
            id: ConfigurationVersionID(rawValue: "etv-\(number)"), tenant: StoreBench.acme, configuration: "cg-daily",
            number: number, name: "Daily \(hostile)", type: "courier.group/run",
            source: ConfigurationSource(text: text, format: .yaml, directory: "/srv/\(hostile)"),
            createdAt: StoreBench.after(Double(number)), createdBy: Principal(id: "p", name: "Bo \(hostile)"))
    }

    private static func run(_ number: Int, _ state: RunState) -> RecentRun {
        RecentRun(
            WorkflowRun(
                id: RunID(rawValue: "wf-\(number)"), tenant: StoreBench.acme, name: "Daily", type: "courier.group/run",
                state: state,
                createdAt: StoreBench.after(Double(number * 60)),
                endedAt: state.hasEnded ? StoreBench.after(Double(number * 60 + 10 * number)) : nil,
                principal: StoreBench.someone, error: state == .failed ? SnapshotTests.error : nil))
    }

    private static func results(_ run: RecentRun, tasks: Int) -> [TaskResult] {
        (1...tasks).map { place in
            var task = TaskResult(
                id: TaskID(rawValue: "wft-\(run.run.id)-\(place)"), definitionID: "t\(place)", label: "Task \(place) \(hostile)",
                stage: place < 3 ? "Sources \(hostile)" : "Stitch", state: .succeeded, attempts: place, duration: .seconds(place))
            if run.run.state == .failed, place == 2 { task.state = .failed }
            if run.run.state == .failed, place > 2 {
                (task.state, task.skipReason, task.attempts, task.duration) = (.skipped, .failedNeed, 0, nil)
            }
            return task
        }
    }

    private static let configuration = WorkflowConfiguration(
        id: "cg-daily", name: "Daily", type: "courier.group/run",
        alerts: [AlertRoute(to: "ops", when: AlertRule(events: [.failed, .tickMissed]))], stages: [])

    @Test func aFailingWorkflow() throws {
        let runs = [Self.run(4, .inProgress), Self.run(3, .failed), Self.run(2, .failed), Self.run(1, .succeeded)]
        var overview = WorkflowOverview(
            version: Self.version(2, ""), configuration: Self.configuration,
            receivers: [
                AlertRoute(to: "night", when: AlertRule(events: [.failed], attribution: .platform)),
                AlertRoute(to: "ops", when: AlertRule(events: [.failed, .slow], attribution: .customer)),
            ], runs: runs)
        overview.next = StoreBench.after(3_600)
        overview.results = Dictionary(uniqueKeysWithValues: runs.dropFirst().map { ($0.run.id, Self.results($0, tasks: 3)) })
        overview.versions = [runs[2].run.id: Self.version(2, ""), runs[3].run.id: Self.version(1, "")]
        try PageSnapshot.check(WorkflowPage(overview, for: Self.visitor), "workflow")
        let empty = WorkflowOverview(version: Self.version(1, ""), configuration: nil)
        #expect(try Pages().content(WorkflowPage(empty, for: Self.visitor)).contains("weir start cg-daily"))
    }

    @Test("of a thousand tasks in 60 runs is below 150 kB without its assets, with the failed task on the first page")
    func size() throws {
        let runs = (1...60).reversed().map { Self.run($0, $0 == 30 ? .failed : .succeeded) }
        var overview = WorkflowOverview(version: Self.version(1, ""), configuration: Self.configuration, runs: runs)
        var results = Dictionary(
            uniqueKeysWithValues: runs.prefix(RunGrid.mostRuns).map { ($0.run.id, Self.results($0, tasks: 48)) })
        results[runs[3].run.id]?.append(
            TaskResult(id: TaskID(rawValue: "wft-x"), definitionID: "t900", label: "The broken one", stage: "Last", state: .failed))
        overview.results = results
        let page = try Pages().content(WorkflowPage(overview, for: Self.visitor))
        #expect(page.utf8.count < 150_000, "\(page.utf8.count) bytes")
        #expect(page.contains("The broken one") && page.contains("/workflows/cg-daily?tasks=1#grid"))
        overview.tasksPage = 1
        let second = try Pages().content(WorkflowPage(overview, for: Self.visitor))
        #expect(!second.contains("The broken one") && second.contains("25 to 48 of 49 tasks"))
    }

    @Test func theListHasFailingOnesFirstAndIsNarrowed() throws {
        let daily = try Schedule(cron: CronExpression("0 3 * * *"), timeZone: "UTC")
        let hourly = try Schedule(cron: CronExpression("0 * * * *"), timeZone: "UTC")
        func workflow(_ name: String, _ runs: [RecentRun], pause: WorkflowPause? = nil) -> ConfiguredWorkflow {
            var version = Self.version(1, "")
            (version.configuration, version.name) = ("cg-\(name)", name)
            return ConfiguredWorkflow(
                version: version, schedules: [daily, hourly], next: StoreBench.after(60), pause: pause, runs: runs)
        }
        let pause = WorkflowPause(reason: "migration", pausedBy: StoreBench.someone, since: StoreBench.start)
        let all = [
            workflow("alpha", [], pause: pause), workflow("beta", [Self.run(1, .succeeded)]),
            workflow("gamma", [Self.run(2, .failed)]),
        ]
        func names(_ choice: WorkflowChoice) -> [String] { ConfiguredPage(all, choice: choice, for: Self.visitor).rows.map(\.name) }
        #expect(names(WorkflowChoice()) == ["gamma", "alpha", "beta"])
        #expect(names(WorkflowChoice(show: "failing")) == ["gamma"] && names(WorkflowChoice(show: "paused")) == ["alpha"])
        #expect(names(WorkflowChoice(text: "CG-B")) == ["beta"] && names(WorkflowChoice(text: "x")).isEmpty)
        let html = try Pages().content(ConfiguredPage(all, choice: WorkflowChoice(text: "a", show: "failing"), for: Self.visitor))
        #expect(html.contains(">every day at 03:00 in UTC and 1 more</a>") && html.contains("every hour in UTC\">"))
        #expect(html.contains("href=\"/workflows?q=a&amp;show=paused\"") && html.contains("Failing 1"))
    }

    @Test func aDefinition() throws {
        let text = """
            # The night: \(Self.hostile)
            id: cg-daily
            name: "Daily # not a comment"
            retry: {attempts: 3, delay: 1.5}
            stages:
              - tasks:
                  - {id: a, command: [sh, -c, 'echo "x"'], needs: [b], isOff: true}
            """
        let versions = [Self.version(2, text), Self.version(1, "id: cg-daily\n")]
        try PageSnapshot.check(DefinitionPage(versions[0], before: versions[1], among: versions), "definition")
        let long = String(repeating: "a: 1\n", count: SourceText.mostLines + 2)
        #expect(SourceText(Self.version(1, long).source).hidden == "2 more lines are not shown.")
        #expect(SourceText(Self.version(1, "a: 1\n").source).lines.count == 1)
    }

    @Test func piecesOfALineAreItsText() {
        for line in [
            "a: \"b\\\"c\" # d", "'it''s': x", "\"open", "{a: [1, true, -2.5e3]}", "https://x.example:80/#a", "  ", "a:b: c",
        ] {
            let pieces = SourceText(ConfigurationSource(text: line, format: .yaml)).lines.flatMap(\.pieces)
            #expect(pieces.map(\.text).joined() == line)
        }
    }
}
