public import WorkflowModel

/// A run's page: what it is, how it stands, and its tasks.
public struct RunDetailsPage: Page {
    public static let template = "run"

    struct StageLink: Sendable {
        var name: String
        var state: StateText
        var progress: String
    }

    struct TaskGroup: Sendable {
        var name: String
        var tasks: [TaskRow]
    }

    struct Toggle: Sendable {
        var href: String
        var label: String
    }

    public var title: String { name }
    public var section: Section? { .history }

    var id: String
    var name: String
    var type: String
    var typeLabel: String
    var state: StateText
    var startedBy: String
    var started: TimeText
    var runtime: RuntimeText
    var overdue: String?
    var problem: Problem?
    var hasStages: Bool
    var stages: [StageLink]
    var facts: [Fact]
    var hasTimeline: Bool
    var ticks: [Timeline.Tick]
    var timelineRows: [Timeline.Row]
    var timelineNote: String
    var groups: [TaskGroup]
    var noTasks: String
    var hiddenNote: String?
    var skippedToggle: Toggle?
    var compareHref: String?
    var rerun: Toggle?
    var stopHref: String?
    var configurationHref: String?
    /// Where its changes come from; nil for a run that has ended.
    var live: String?

    /// Runs that did this one over, of which links are shown at most.
    public static let mostReruns = 5

    /// - Parameters:
    ///   - reruns: that did this one over, newest first.
    ///   - hidesSkipped: whether tasks that were skipped are left out.
    ///   - now: by which what goes on is measured.
    public init(
        _ details: WorkflowRunDetails, attempts: [TaskAttemptRecord], reruns: [WorkflowRun] = [], standing: RunStanding? = nil,
        hidesSkipped: Bool,
        for visitor: Visitor, at now: Timestamp
    ) {
        let run = details.run
        let address = PageAddress.run(run.id)
        id = run.id.rawValue
        name = run.name
        type = run.type
        typeLabel = TypeLabel.text(run.type)
        state = StateText(run.state.state)
        startedBy = run.principal.email.map { "\(run.principal.name) (\($0))" } ?? run.principal.name
        started = TimeText(run.createdAt)
        runtime = RuntimeText(from: run.createdAt, to: run.endedAt, at: now)
        if let limit = details.warnAfter, (run.endedAt ?? now) - run.createdAt > limit {
            overdue = "longer than \(RuntimeText.text(limit))"
        }
        problem = run.error.map { Problem($0, isOver: run.state.hasEnded) }

        let all = StageGroup.groups(details.tasks)
        hasStages = details.tasks.contains { $0.stage != nil }
        stages = all.map { StageLink(name: $0.name, state: StateText($0.state), progress: $0.progress) }
        facts = Self.facts(of: details, reruns)

        let times = TaskTimes.all(details.tasks, attempts)
        let timeline = Timeline(times, of: run, at: now)
        ticks = timeline.ticks
        timelineRows = timeline.rows
        hasTimeline = !timeline.rows.isEmpty
        timelineNote = details.tasks.isEmpty ? "Nothing is known of its tasks." : "Every task was skipped."

        let waits = Dictionary(
            (standing?.tasks ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = Dictionary(
            times.map { ($0.task.id, TaskRow($0, standing: waits[$0.task.id], at: now)) }, uniquingKeysWith: { first, _ in first })
        groups = all.compactMap { group in
            let shown = hidesSkipped ? group.tasks.filter { $0.state != .skipped } : group.tasks
            return shown.isEmpty ? nil : TaskGroup(name: group.name, tasks: shown.compactMap { rows[$0.id] })
        }
        noTasks = details.tasks.isEmpty ? "It has no tasks." : "All of its tasks were skipped."
        let skipped = details.tasks.count { $0.state == .skipped }
        if skipped > 0 {
            skippedToggle =
                hidesSkipped
                ? Toggle(href: address, label: "Show skipped tasks")
                : Toggle(href: address + "?skipped=hide", label: "Hide skipped tasks")
            if hidesSkipped {
                hiddenNote = CountText.text(skipped, "task was skipped and is hidden.", "tasks were skipped and are hidden.")
            }
        }
        let isOurs = details.configuration != nil && details.runMode != nil
        compareHref = isOurs ? PageAddress.compare(run.id) : nil
        if visitor.canOperate {
            if isOurs, run.state.hasEnded {
                let label = RerunStart.usual(for: run.state) == .failure ? "Rerun from failure" : "Rerun"
                rerun = Toggle(href: PageAddress.rerun(run.id), label: label)
            }
            stopHref = run.state.hasEnded || run.state == .stopping ? nil : address + "/stop"
            let canRunAgain = run.state.hasEnded && details.currentVersion != nil
            configurationHref = canRunAgain ? details.configuration.map(PageAddress.startForm) : nil
        }
        live = run.state.hasEnded ? nil : address + "/live" + (hidesSkipped ? "?skipped=hide" : "")
    }

    private static func facts(of details: WorkflowRunDetails, _ reruns: [WorkflowRun]) -> [Fact] {
        var facts = [Fact("Run ID", details.run.id.rawValue, isCode: true)]
        if let configuration = details.configuration {
            let isThere = details.currentVersion != nil
            facts.append(
                Fact("Configuration", configuration, href: isThere ? PageAddress.configured + "#config-\(configuration)" : nil))
        }
        if let version = details.launchedVersion {
            let isCurrent = details.currentVersion == version
            facts.append(Fact("Version", version.rawValue + (isCurrent ? " (current)" : ""), isCode: true))
        }
        if let mode = details.runMode { facts.append(Fact("Run mode", mode.label)) }
        if let instant = details.scheduledFor { facts.append(Fact("Scheduled for", instant.iso8601)) }
        if let range = details.range {
            func text(_ instant: Timestamp?) -> String { instant.map { TimeText($0).utc } ?? "open" }
            facts.append(Fact("Date range", "\(text(range.from)) – \(text(range.to))"))
        }
        if let old = details.rerunOf { facts.append(Fact("Rerun of", old.rawValue, href: PageAddress.run(old), isCode: true)) }
        for rerun in reruns.prefix(mostReruns) {
            let state = rerun.state.state.label.lowercased()
            facts.append(Fact("Rerun as", "\(rerun.id) (\(state))", href: PageAddress.run(rerun.id)))
        }
        if let ended = details.run.endedAt { facts.append(Fact("Ended", TimeText(ended).utc)) }
        return facts
    }

    /// What of it changes while it runs.
    public static func look(
        _ details: WorkflowRunDetails, attempts: [TaskAttemptRecord], reruns: [WorkflowRun] = [], standing: RunStanding? = nil,
        hidesSkipped: Bool,
        for visitor: Visitor, with pages: Pages, at now: Timestamp
    ) -> LiveLook {
        let coarse = LiveClock.coarse(now, since: details.run.createdAt)
        let page = RunDetailsPage(
            details, attempts: attempts, reruns: reruns, standing: standing, hidesSkipped: hidesSkipped, for: visitor, at: coarse)
        let regions = [
            ("run-actions", "run_actions"), ("run-summary", "run_summary"), ("run-timeline", "timeline"), ("run-tasks", "tasks"),
        ]
        return LiveLook(
            regions: regions.map { LiveRegion(id: $0, html: pages.render(page, $1)) }, isFinal: details.run.state.hasEnded)
    }
}

/// The time by which what goes on is drawn again and again: in steps that grow with how long it has gone on, so that a page is
/// only sent anew when there is something to see. Between the steps a script counts on.
enum LiveClock {
    static func coarse(_ now: Timestamp, since start: Timestamp) -> Timestamp {
        let elapsed = max(0, (now - start).milliseconds)
        let step: Int64 =
            switch elapsed {
            case ..<120_000: 2_000
            case ..<3_600_000: 15_000
            default: 60_000
            }
        return Timestamp(milliseconds: start.milliseconds + elapsed / step * step)
    }
}
