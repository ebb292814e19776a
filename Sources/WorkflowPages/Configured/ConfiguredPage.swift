public import WorkflowModel

/// A configuration and its last runs.
public struct ConfiguredWorkflow: Sendable {
    public var version: ConfigurationVersion
    /// The schedule in words; nil without one.
    public var schedule: String?
    /// The labels of its runs.
    public var labels: RunLabels
    /// nil when it is not paused.
    public var pause: WorkflowPause?
    /// The newest runs, newest first.
    public var runs: [RecentRun]

    public init(
        version: ConfigurationVersion, schedule: String? = nil, labels: RunLabels = RunLabels(), pause: WorkflowPause? = nil,
        runs: [RecentRun]
    ) {
        self.version = version
        self.schedule = schedule
        self.labels = labels
        self.pause = pause
        self.runs = runs
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
        var scheduleHref: String?
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
    /// For visitors who may write definitions.
    var newHref: String?
    var sample: Sample?
    var rows: [Row]
    public var live: String?

    public init(_ workflows: [ConfiguredWorkflow], for visitor: Visitor) {
        totalText = CountText.text(workflows.count, "workflow", "workflows")
        isEmpty = workflows.isEmpty
        let hasSchedules = workflows.contains { $0.schedule != nil }
        self.hasSchedules = hasSchedules
        canRun = visitor.canOperate
        newHref = visitor.canAdministrate ? PageAddress.newWorkflow : nil
        sample = visitor.canAdministrate && workflows.isEmpty ? Sample(formToken: visitor.formToken) : nil
        rows = workflows.map { workflow in
            let version = workflow.version
            return Row(
                id: version.configuration, href: PageAddress.workflow(version.configuration), name: version.name.visible(),
                labels: workflow.labels.isEmpty ? nil : workflow.labels.pageText,
                pause: workflow.pause.map { PauseNote($0) }, type: version.type,
                typeLabel: TypeLabel.text(version.type),
                hasSchedules: hasSchedules, schedule: workflow.schedule,
                scheduleHref: workflow.schedule == nil ? nil : PageAddress.schedule(version.configuration),
                last: workflow.runs.first.map(\.run).map { run in
                    Last(href: PageAddress.run(run.id), state: StateText(run.state.state), time: TimeText(run.createdAt))
                },
                spark: Sparkline(workflow.runs), record: RunRecord(workflow.runs).map(Self.text),
                runHref: visitor.canOperate ? PageAddress.startForm(version.configuration) : nil)
        }
        live = workflows.isEmpty ? nil : PageAddress.configured + "/live"
    }

    private static func text(_ record: RunRecord) -> String {
        let share = "\(record.succeeded) of \(record.ended) succeeded (\(record.successPercent)\u{A0}%)"
        guard let median = record.median, let percentile95 = record.percentile95 else { return share }
        return "\(share); p50 \(RuntimeText.text(median)), p95 \(RuntimeText.text(percentile95))"
    }

    /// The regions that change: the last run and the durations of each workflow.
    public func look(with pages: Pages) -> LiveLook {
        LiveLook(
            regions: rows.map { LiveRegion(id: "config-\($0.id)", html: pages.render($0, "config_row")) }, isFinal: rows.isEmpty)
    }
}
