public import WorkflowModel

/// A configuration and its last runs.
public struct ConfiguredWorkflow: Sendable {
    public var version: ConfigurationVersion
    public var schedules: [Schedule]
    public var triggers: [WorkflowTrigger]
    /// The next tick that starts a run; nil without one.
    public var next: Timestamp?
    /// The labels of its runs.
    public var labels: RunLabels
    /// nil when it is not paused.
    public var pause: WorkflowPause?
    /// The newest runs, newest first.
    public var runs: [RecentRun]

    public init(
        version: ConfigurationVersion, schedules: [Schedule] = [], triggers: [WorkflowTrigger] = [], next: Timestamp? = nil,
        labels: RunLabels = RunLabels(), pause: WorkflowPause? = nil, runs: [RecentRun]
    ) {
        self.version = version
        self.schedules = schedules
        self.triggers = triggers
        self.next = next
        self.labels = labels
        self.pause = pause
        self.runs = runs
    }

    /// Whether the newest run that succeeded or failed has failed.
    var isFailing: Bool { FailureStreak(runs) != nil }

    /// Its schedules and triggers, in one line; nil without any.
    var starts: String? {
        let count = schedules.count + triggers.count
        let words = SchedulePage.words(Array(schedules.prefix(1))) ?? SchedulePage.words(Array(triggers.prefix(1)))
        guard let first = words else { return nil }
        return count > 1 ? "\(first) and \(CountText.text(count - 1)) more" : first
    }

    /// The same in full.
    var allStarts: String? {
        let words = [SchedulePage.words(schedules), SchedulePage.words(triggers)].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}

/// The list of workflows.
public struct ConfiguredPage: LivePage {
    public static let template = "configs"
    /// Runs read per configuration: those of its record, and one that may still be in progress.
    public static let runsOfEach = RunRecord.runsToRead

    /// The form that applies a sample with one click.
    struct Sample: Sendable {
        var action = PageAddress.newWorkflow
        var formToken: String
        var text = SampleWorkflow.text
    }

    struct Last: Sendable {
        var href: String
        var state: StateText
        var time: TimeText
    }

    struct Row: Sendable {
        var id: String
        var href: String
        var name: String
        /// nil for none.
        var labels: String?
        var pause: PauseNote?
        var type: String
        var typeLabel: String
        var hasSchedules: Bool
        var schedule: String?
        /// All schedules and triggers.
        var scheduleTitle: String?
        var scheduleHref: String?
        var next: TimeText?
        var last: Last?
        var spark: Sparkline?
        /// The record of the last runs, in words.
        var record: String?
        var runHref: String?
    }

    public var title: String { "Workflows" }
    public var section: Section? { .configured }

    var totalText: String
    var isEmpty: Bool
    var hasSchedules: Bool
    var canRun: Bool
    /// The text to find, and the choice to keep beside it; nil for all workflows.
    var find: String
    var shown: String?
    var chips: [NamedLink]
    /// Nothing matches.
    var isNothing: Bool
    /// For visitors who may write definitions.
    var newHref: String?
    var sample: Sample?
    var rows: [Row]
    public var live: String?

    public init(_ all: [ConfiguredWorkflow], choice: WorkflowChoice = WorkflowChoice(), for visitor: Visitor) {
        // Failing ones first, then by name.
        let workflows = all.filter(choice.includes).sorted {
            ($0.isFailing ? 0 : 1, $0.version.name.lowercased(), $0.version.configuration)
                < ($1.isFailing ? 0 : 1, $1.version.name.lowercased(), $1.version.configuration)
        }
        find = choice.text
        shown = choice.show == .all ? nil : choice.show.rawValue
        chips = WorkflowChoice.Show.allCases.map { show in
            let (word, count) =
                switch show {
                case .all: ("All", all.count)
                case .failing: ("Failing", all.count { $0.isFailing })
                case .paused: ("Paused", all.count { $0.pause != nil })
                }
            return NamedLink(
                label: "\(word) \(CountText.text(count))", href: PageAddress.configured + choice.query(show),
                isCurrent: show == choice.show)
        }
        isNothing = workflows.isEmpty && !all.isEmpty
        totalText = CountText.text(all.count, "workflow", "workflows")
        isEmpty = all.isEmpty
        let hasSchedules = workflows.contains { $0.starts != nil }
        self.hasSchedules = hasSchedules
        canRun = visitor.canOperate
        newHref = visitor.canAdministrate ? PageAddress.newWorkflow : nil
        sample = visitor.canAdministrate && all.isEmpty ? Sample(formToken: visitor.formToken) : nil
        rows = workflows.map { workflow in
            let version = workflow.version
            return Row(
                id: version.configuration, href: PageAddress.workflow(version.configuration), name: version.name.visible(),
                labels: workflow.labels.isEmpty ? nil : workflow.labels.pageText,
                pause: workflow.pause.map { PauseNote($0) }, type: version.type,
                typeLabel: TypeLabel.text(version.type),
                hasSchedules: hasSchedules, schedule: workflow.starts, scheduleTitle: workflow.allStarts,
                scheduleHref: workflow.starts == nil ? nil : PageAddress.schedule(version.configuration),
                next: workflow.next.map { TimeText($0) },
                last: workflow.runs.first.map(\.run).map { run in
                    Last(href: PageAddress.run(run.id), state: StateText(run.state.state), time: TimeText(run.createdAt))
                },
                spark: Sparkline(workflow.runs), record: RunRecord(workflow.runs).map(Self.text),
                runHref: visitor.canOperate ? PageAddress.startForm(version.configuration) : nil)
        }
        live = workflows.isEmpty ? nil : PageAddress.configured + "/live" + choice.query(choice.show)
    }

    private static func text(_ record: RunRecord) -> String {
        let share = "\(record.successPercent)\u{A0}% of \(record.ended)"
        guard let median = record.median, let percentile95 = record.percentile95 else { return share }
        return "\(share) · p50 \(RuntimeText.text(median)) · p95 \(RuntimeText.text(percentile95))"
    }

    /// The regions that change: the last run and the durations of each workflow.
    public func look(with pages: Pages) -> LiveLook {
        LiveLook(
            regions: rows.map { LiveRegion(id: "config-\($0.id)", html: pages.render($0, "config_row")) }, isFinal: rows.isEmpty)
    }
}
