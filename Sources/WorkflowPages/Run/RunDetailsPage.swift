public import WorkflowModel

/// A run's page: its state, its facts and its tasks.
public struct RunDetailsPage: LivePage {
    public static let template = "run"

    struct Toggle: Sendable {
        var href: String
        var label: String
    }

    public var title: String { name }
    public var section: Section? { .history }
    public let tabState: TabState?

    var id: String
    var name: String
    var type: String
    var typeLabel: String
    var state: StateText
    var startedBy: String
    var started: TimeText
    /// `Waiting since` until a task has begun.
    var startedLabel: String
    var durationLabel: String
    var runtime: RuntimeText
    /// Why the run waits as a whole; nil while a task works, and after its end.
    var wait: WaitLine?
    var overdue: String?
    var problem: Problem?
    /// The first failed tasks.
    var failedTasks: [FailedTask]
    /// nil before it is rerun.
    var rerunNote: RerunNote?
    /// Whether a rerun has succeeded, so that nothing is left to do.
    var isSettled: Bool
    /// nil until the run has failed.
    var failure: FailureExcerpt?
    var warnings: WarningList?
    var stop: StopNote?
    /// The newest decisions about its tasks.
    var decisions: [DecisionLine]
    /// How many earlier ones are not shown.
    var earlierDecisions: String?
    var facts: [Fact]
    var tasks: TaskPanel
    var notes: NotePanel?
    var subscriptions: SubscriptionPanel?
    var hasStages: Bool
    var hasFilters: Bool
    var hasTimeline: Bool
    var hasGroups: Bool
    /// The page of its workflow; nil when it is not stored.
    var workflowHref: String?
    var compareHref: String?
    var rerun: Toggle?
    var stopHref: String?
    var configurationHref: String?
    /// The address of live updates; nil for a run that has ended.
    public var live: String?
    /// nil for a graph that would make the page heavy, and where needs are not known.
    var graph: Graph?
    /// The page of the graph; nil without one.
    var graphHref: String?
    var hasGraph: Bool

    /// Links to reruns, at most.
    public static let mostReruns = 5

    /// Events of triggers after the run, at most.
    static let mostFirings = 20

    /// Decisions about tasks, at most.
    public static let mostDecisions = 20

    /// Tasks whose items are shown in their rows, at most, and items of each.
    public static let mostOpenedTasks = 20
    public static let mostItems = 10

    /// Links to failed tasks beside the error, at most.
    private static let mostFailed = 5

    /// - Parameters:
    ///   - reruns: the reruns of this run, newest first.
    ///   - choice: the filter of the tasks.
    ///   - now: the end of durations that have not ended.
    ///   - version: the one that it was launched with; nil when that is not known.
    ///   - configuration: the definition of that version; nil when it cannot be read.
    ///   - isLook: whether the page is rendered for live updates, whose script counts durations.
    public init(
        _ details: WorkflowRunDetails, attempts: [TaskAttemptRecord], reruns: [WorkflowRun] = [],
        waitReasons: RunWaitReasons? = nil, version: ConfigurationVersion? = nil, configuration: WorkflowConfiguration? = nil,
        choice: TaskChoice = TaskChoice(), for visitor: Visitor, at now: Timestamp, isLook: Bool = false
    ) {
        let run = details.run
        let address = PageAddress.run(run.id)
        id = run.id.rawValue
        tabState = TabState(run.state)
        name = run.name.visible()
        type = run.type
        typeLabel = TypeLabel.text(run.type)
        state = StateText(run.state.state)
        startedBy = run.principal.email.map { "\(run.principal.name) (\($0))" } ?? run.principal.name
        started = TimeText(run.createdAt)
        wait = waitReasons.flatMap { WaitLine($0) }
        let hasBegun =
            run.state.hasEnded
            || details.tasks.contains {
                $0.attempts > 0 || ($0.state != .scheduled && $0.state != .skipped && $0.keptFrom == nil)
            }
        startedLabel = hasBegun ? "Started" : "Waiting since"
        durationLabel = hasBegun ? "Duration" : "Waiting for"
        runtime = RuntimeText(from: run.createdAt, to: run.endedAt, at: isLook ? nil : now)
        if let limit = details.warnAfter, (run.endedAt ?? now) - run.createdAt > limit {
            overdue = "longer than \(RuntimeText.text(limit))"
        }
        stop = StopNote(run, details.stop)
        decisions = details.resolutions.suffix(Self.mostDecisions).map { DecisionLine($0, of: details) }
        let earlier = details.resolutions.count - decisions.count
        earlierDecisions = earlier > 0 ? CountText.text(earlier, "earlier decision", "earlier decisions") : nil
        problem = StopNote.isStopped(run) ? nil : run.error.map { Problem($0, isOver: run.state.hasEnded) }
        isSettled = reruns.contains { $0.state == .succeeded }
        rerunNote = (reruns.first { $0.state == .succeeded } ?? reruns.first).map { RerunNote($0) }
        // While a rerun goes on, or after it has succeeded, another one is not the next step.
        let isResolvable = visitor.canOperate && (reruns.first?.state.hasEnded ?? true) && !isSettled
        // Without needs: the form says what would run next, the card does not.
        let guide = isResolvable ? ResolutionGuide(details, needs: []) : nil
        failedTasks = details.tasks.lazy.filter { $0.state == .failed }.prefix(Self.mostFailed).map { FailedTask($0, guide) }
        warnings = WarningList(details)
        workflowHref = details.currentVersion == nil ? nil : details.origin.configuration.map(PageAddress.workflow)
        facts = Self.facts(of: details, version, reruns)
        let needs = TaskNeeds(details.tasks, configuration)
        tasks = TaskPanel(details, attempts, waitReasons, choice, needs, at: now, isLook: isLook)
        graph = Graph.fitsInPage(needs) ? Graph(details, needs) : nil
        graphHref = needs.isKnown ? PageAddress.graph(run.id) : nil
        hasGraph = graph != nil
        notes = NotePanel(details, for: visitor)
        hasStages = !tasks.stages.isEmpty
        hasFilters = !tasks.filters.isEmpty
        hasTimeline = !tasks.timeline.rows.isEmpty
        hasGroups = !tasks.groups.isEmpty
        let isOurs = !details.isImported && details.origin.configuration != nil && details.origin.runMode != nil
        compareHref = isOurs ? PageAddress.compare(run.id) : nil
        if visitor.canOperate {
            if isOurs, run.state.hasEnded {
                rerun = Toggle(href: PageAddress.rerun(run.id), label: "Rerun")
            }
            stopHref = run.state.hasEnded || run.state == .stopping ? nil : address + "/stop"
            let canRunAgain = run.state.hasEnded && details.currentVersion != nil
            configurationHref = canRunAgain ? details.origin.configuration.map(PageAddress.startForm) : nil
        }
        live = run.state.hasEnded ? nil : address + "/live" + choice.query
    }

    /// An event of a trigger after the run: the run that it started, or why it started none.
    private static func fact(about firing: TriggerFiring) -> Fact {
        let workflow = firing.configuration.visible()
        if let run = firing.run {
            return Fact("Triggered", "\(run.rawValue) of \(workflow)", href: PageAddress.run(run), isCode: true)
        }
        let note = firing.note.map { ". \($0.visible())" } ?? ""
        return Fact(
            "Triggered", "nothing of \(workflow): \(firing.outcome.rawValue)\(note)",
            href: PageAddress.schedule(firing.configuration))
    }

    private static func facts(
        of details: WorkflowRunDetails, _ known: ConfigurationVersion?, _ reruns: [WorkflowRun]
    ) -> [Fact] {
        var facts = [Fact("Run ID", details.run.id.rawValue, isCode: true)]
        let origin = details.origin
        if let configuration = origin.configuration {
            let isThere = details.currentVersion != nil
            facts.append(
                Fact(
                    "Workflow", configuration, href: isThere ? PageAddress.workflow(configuration) : nil,
                    links: [NamedLink(label: "all runs", href: PageAddress.history([(.configuration, configuration)]))]))
        }
        if !origin.labels.isEmpty {
            let links = origin.labels.map {
                NamedLink(label: $0.description, href: PageAddress.history([(.label, $0.description)]))
            }
            facts.append(Fact("Labels", links: links))
        }
        if details.run.attempts > 1 { facts.append(Fact("Attempts", "up to \(CountText.text(details.run.attempts))")) }
        if let version = details.launchedVersion {
            let current = details.currentVersion == version ? " (current)" : ""
            if let known {
                var fact = Fact(
                    "Version", "\(known.number)" + current,
                    href: PageAddress.definition(known.configuration, version: known.number))
                fact.title = version.rawValue
                facts.append(fact)
            } else {
                facts.append(Fact("Version", version.rawValue + current, isCode: true))
            }
        }
        if let code = details.code {
            let now = details.codeChange.map { "; the directory has changed since, to \($0.new.words)" } ?? ""
            facts.append(Fact("Code", code.words + now))
        }
        if let mode = origin.runMode { facts.append(Fact("Run mode", mode.label)) }
        facts += ParameterFact.facts(of: origin.parameters)
        if let schedule = origin.schedule {
            // Schedules of several workflows may have one id.
            let conditions = [(.configuration, origin.configuration), (.schedule, schedule)] as [(RunFilterField, String?)]
            facts.append(Fact("Schedule", schedule.visible(), href: PageAddress.history(conditions)))
        }
        if let instant = origin.scheduledFor { facts.append(Fact("Scheduled for", instant)) }
        if let range = origin.range { facts.append(Fact("Date range", range)) }
        if let old = origin.rerunOf { facts.append(Fact("Rerun of", old.rawValue, href: PageAddress.run(old), isCode: true)) }
        if let trigger = origin.trigger {
            switch trigger.cause {
            case .run(let run, let configuration):
                facts.append(
                    Fact(
                        "Triggered by", "\(run.rawValue) of \(configuration.text.visible())", href: PageAddress.run(run),
                        isCode: true))
            case .webhook(let name):
                let href = origin.configuration.map { PageAddress.schedule($0) }
                facts.append(Fact("Triggered by", "webhook \(name.text.visible())", href: href))
            }
        }
        if let caller = details.calledBy {
            facts.append(Fact("Called by", caller.run.rawValue, href: PageAddress.task(caller.task, of: caller.run), isCode: true))
        }
        for rerun in reruns.prefix(mostReruns) {
            let state = rerun.state.state.label.lowercased()
            facts.append(Fact("Rerun as", "\(rerun.id) (\(state))", href: PageAddress.run(rerun.id)))
        }
        facts += details.firings.prefix(mostFirings).map(Self.fact)
        if details.firings.count > mostFirings {
            facts.append(Fact("Triggered", "and \(CountText.text(details.firings.count - mostFirings, "other", "others"))"))
        }
        if let end = details.closingUntil { facts.append(Fact("Closing tasks until", end)) }
        if let ended = details.run.endedAt { facts.append(Fact("Ended", ended)) }
        return facts
    }
}
