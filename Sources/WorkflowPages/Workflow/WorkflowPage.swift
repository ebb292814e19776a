public import WorkflowModel

/// A workflow and how it has been doing.
public struct WorkflowOverview: Sendable {
    public var version: ConfigurationVersion
    /// nil when this program cannot read the version.
    public var configuration: WorkflowConfiguration?
    /// nil when it is not paused.
    public var pause: WorkflowPause?
    /// The next tick of its schedules; nil without one.
    public var next: Timestamp?
    /// The rules of receivers of the tenant that may cover the workflow, by the names of the receivers.
    public var receivers: [AlertRoute]
    /// The newest runs, newest first.
    public var runs: [RecentRun]
    /// The tasks of the runs in the grid.
    public var results: [RunID: [TaskResult]]
    /// The versions of the runs at both ends of a streak of failures, as far as they are stored.
    public var versions: [RunID: ConfigurationVersion]
    /// The page of the grid, from 0.
    public var tasksPage: Int

    public init(
        version: ConfigurationVersion, configuration: WorkflowConfiguration?, pause: WorkflowPause? = nil, next: Timestamp? = nil,
        receivers: [AlertRoute] = [], runs: [RecentRun] = [], results: [RunID: [TaskResult]] = [:],
        versions: [RunID: ConfigurationVersion] = [:], tasksPage: Int = 0
    ) {
        self.version = version
        self.configuration = configuration
        self.pause = pause
        self.next = next
        self.receivers = receivers
        self.runs = runs
        self.results = results
        self.versions = versions
        self.tasksPage = tasksPage
    }
}

/// A workflow: how its newest runs went, task by task, what starts it, and whom it tells.
public struct WorkflowPage: LivePage {
    public static let template = "workflow"
    /// Runs to read: those of the strip, and one more that may still be going.
    public static let runsToRead = RunStrip.most + 1

    /// The task results that the grid needs.
    public static func results(of runs: [RecentRun], tenant: Tenant, page: Int) -> TaskResultQuery {
        RunGrid.query(runs, of: tenant, page: page)
    }

    public var title: String { name }
    public var section: Section? { .configured }

    var name: String
    var id: String
    var type: String
    var labels: [NamedLink]
    /// nil when it is not paused.
    var pause: PauseNote?
    var pauseHref: String?
    var pauseLabel: String
    var resumeHref: String?
    /// nil for visitors who may not change the definition.
    var editHref: String?
    var runHref: String?
    var facts: [Fact]
    /// nil while it succeeds.
    var broken: BrokenNote?
    var strip: RunStrip?
    var grid: RunGrid?
    /// Its runs, and those that failed.
    var runsHref: String
    var failedHref: String
    var hasRuns: Bool
    public var live: String?

    public init(_ overview: WorkflowOverview, for visitor: Visitor) {
        let version = overview.version
        let address = PageAddress.workflow(version.configuration)
        name = version.name.visible()
        id = version.configuration
        type = version.type.visible()
        labels = (overview.configuration?.labels ?? RunLabels()).map { label in
            let text = "\(label.key):\(label.value)"
            return NamedLink(label: text, href: PageAddress.history([(.label, text)]))
        }
        pause = overview.pause.map { PauseNote($0) }
        pauseHref = visitor.canOperate ? PageAddress.pause(id) : nil
        pauseLabel = overview.pause == nil ? "Pause" : "Change pause"
        resumeHref = visitor.canOperate && overview.pause != nil ? PageAddress.resume(id) : nil
        editHref = visitor.canAdministrate ? PageAddress.edit(id) : nil
        runHref = visitor.canOperate ? PageAddress.startForm(id) : nil
        facts = Self.facts(of: overview)
        broken = FailureStreak(overview.runs).map { streak in
            let isImported = overview.runs.contains { $0.isImported && $0.run.id == streak.latest.id }
            return BrokenNote(streak, versions: overview.versions, isImported: isImported, for: visitor)
        }
        strip = RunStrip(overview.runs)
        grid = RunGrid(
            overview.runs.map(\.run), overview.results, taskCount: overview.configuration?.tasks.count ?? 0,
            page: overview.tasksPage, at: address)
        runsHref = PageAddress.history([(.configuration, id)])
        failedHref = PageAddress.history([(.configuration, id), (.state, RunState.failed.rawValue)])
        hasRuns = !overview.runs.isEmpty
        live = address + "/live" + PageAddress.query([("tasks", overview.tasksPage > 0 ? "\(overview.tasksPage)" : nil)])
    }

    private static func facts(of overview: WorkflowOverview) -> [Fact] {
        let version = overview.version
        var facts: [Fact] = []
        let href = PageAddress.schedule(version.configuration)
        let triggers = SchedulePage.words(overview.configuration?.triggers ?? [])
        if let configuration = overview.configuration, let schedule = SchedulePage.words(configuration.schedules) {
            facts.append(Fact("Schedule", schedule, href: href))
        } else {
            facts.append(Fact("Schedule", triggers == nil ? "none: it runs on request" : "none"))
        }
        if let triggers { facts.append(Fact("Triggers", triggers, href: href)) }
        if let next = overview.next { facts.append(Fact("Next run", relative: next)) }
        if let record = RunRecord(overview.runs, most: RunStrip.most) {
            facts.append(Fact("Succeeded", "\(record.succeeded) of \(record.ended) (\(record.successPercent)\u{A0}%)"))
            if let median = record.median, let late = record.percentile95 {
                facts.append(Fact("Duration", "p50 \(RuntimeText.text(median)), p95 \(RuntimeText.text(late))"))
            }
        }
        if let concurrency = overview.configuration?.concurrency {
            facts.append(Fact("Limit", CountText.text(concurrency, "run at once", "runs at once")))
        }
        facts.append(
            Fact("Alerts", told(overview), href: PageAddress.alerts))
        facts.append(
            Fact(
                "Definition", "version \(version.number) by \(version.createdBy.name.visible())",
                href: PageAddress.definition(version.configuration)))
        if let code = version.source.code { facts.append(Fact("Code", code.words)) }
        return facts
    }

    /// Each receiver once, with all events that its own rule or a rule of the workflow sends to it.
    private static func told(_ overview: WorkflowOverview) -> String {
        var names: [String] = []
        var words: [ExactText: [String]] = [:]
        for route in (overview.configuration?.alerts ?? []) + overview.receivers {
            let name = ExactText(route.receiver)
            if words[name] == nil { names.append(route.receiver) }
            for event in AlertEvent.allCases where route.rule.events.contains(event) {
                let only = event == .failed ? route.rule.attribution.map { " (\($0.rawValue) only)" } ?? "" : ""
                words[name, default: []].append(event.rawValue.replacing("_", with: " ") + only)
            }
        }
        // A failure of any attribution covers those of one.
        let texts = names.compactMap { name -> String? in
            let all = words[ExactText(name)] ?? []
            let isWhole = all.containsExactly("failed")
            var seen: Set<ExactText> = []
            let shown = all.filter { !(isWhole && $0.hasPrefix("failed (")) && seen.insert(ExactText($0)).inserted }
            return shown.isEmpty ? nil : "\(name) on \(shown.joined(separator: ", "))"
        }
        return texts.isEmpty ? "none" : texts.joined(separator: "; ").visible()
    }

    /// The regions that change: everything but the title.
    public func look(with pages: Pages) -> LiveLook {
        LiveLook(
            regions: [
                LiveRegion(id: "workflow-actions", html: pages.render(self, "workflow_actions")),
                LiveRegion(id: "workflow-head", html: pages.render(self, "workflow_head")),
                LiveRegion(id: "workflow-strip", html: pages.render(self, "run_strip")),
                LiveRegion(id: "grid", html: pages.render(self, "run_grid")),
            ], isFinal: false)
    }
}
