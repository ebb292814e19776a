public import WorkflowModel

/// A configuration, and how its last runs went.
public struct ConfiguredWorkflow: Sendable {
    public var version: ConfigurationVersion
    /// When it starts by itself, in words; nil when it does not.
    public var schedule: String?
    /// The newest runs, newest first.
    public var runs: [WorkflowRun]

    public init(version: ConfigurationVersion, schedule: String? = nil, runs: [WorkflowRun]) {
        self.version = version
        self.schedule = schedule
        self.runs = runs
    }
}

/// Workflows › Configured.
public struct ConfiguredPage: Page {
    public static let template = "configs"
    /// Runs of a configuration that are looked at: those that its record is of, and one that may still go on.
    public static let runsOfEach = RunRecord.runsToRead

    struct Last: Sendable {
        var href: String
        var state: StateText
        var time: TimeText
    }

    struct Row: Sendable {
        var id: String
        var name: String
        var type: String
        var typeLabel: String
        var hasSchedules: Bool
        var schedule: String?
        var scheduleHref: String?
        var last: Last?
        var spark: Sparkline?
        /// How the last runs went, in words.
        var record: String?
        var runHref: String?
    }

    public var title: String { "Configured workflows" }
    public var section: Section? { .configured }

    var totalText: String
    var isEmpty: Bool
    var hasSchedules: Bool
    var canRun: Bool
    var rows: [Row]
    var live: String?

    public init(_ workflows: [ConfiguredWorkflow], for visitor: Visitor) {
        totalText = CountText.text(workflows.count, "workflow", "workflows")
        isEmpty = workflows.isEmpty
        let hasSchedules = workflows.contains { $0.schedule != nil }
        self.hasSchedules = hasSchedules
        canRun = visitor.canOperate
        rows = workflows.map { workflow in
            let version = workflow.version
            return Row(
                id: version.configuration, name: version.name, type: version.type, typeLabel: TypeLabel.text(version.type),
                hasSchedules: hasSchedules, schedule: workflow.schedule,
                scheduleHref: workflow.schedule == nil ? nil : PageAddress.schedule(version.configuration),
                last: workflow.runs.first.map { run in
                    Last(href: PageAddress.run(run.id), state: StateText(run.state.state), time: TimeText(run.createdAt))
                },
                spark: Sparkline(workflow.runs), record: RunRecord(workflow.runs).map(Self.text),
                runHref: visitor.canOperate ? PageAddress.startForm(version.configuration) : nil)
        }
        live = workflows.isEmpty ? nil : PageAddress.configured + "/live"
    }

    private static func text(_ record: RunRecord) -> String {
        "\(record.succeeded) of \(record.ended) succeeded (\(record.successPercent) %); p50 \(RuntimeText.text(record.median)), "
            + "p95 \(RuntimeText.text(record.percentile95))"
    }

    /// What of it changes: the last run and the runtimes of each configuration.
    public func look(with pages: Pages) -> LiveLook {
        LiveLook(
            regions: rows.map { LiveRegion(id: "config-\($0.id)", html: pages.render($0, "config_row")) }, isFinal: rows.isEmpty)
    }
}
