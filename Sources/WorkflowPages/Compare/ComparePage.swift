public import WorkflowModel

/// Compares a run with the current version of its configuration and with the previous successful run.
public struct ComparePage: Page {
    public static let template = "compare"
    /// Characters shown of one output member, at most.
    private static let longestValue = 300

    struct Change: Sendable {
        var note: String
        var diff: DiffText?
    }

    /// A property of both runs.
    struct Row: Sendable {
        var name: String
        var this: ShownValue
        var other: ShownValue
    }

    struct TaskLine: Sendable {
        var label: String
        var state: StateText?
        var took: String
        var otherState: StateText?
        var otherTook: String
        var difference: String
    }

    struct OutputLine: Sendable {
        var task: String
        var member: String
        var this: String
        var other: String
    }

    struct Other: Sendable {
        var id: String
        var href: String
        var rows: [Row]
        var versions: Change
        var tasks: [TaskLine]
        var hasOutputs: Bool
        var outputs: [OutputLine]
        var hiddenOutputs: String?
    }

    public var title: String { "Compare \(name)" }
    public var section: Section? { .history }

    var name: String
    var runHref: String
    var id: String
    /// Changes of the configuration since the launch.
    var sinceLaunch: Change
    /// nil when no earlier run succeeded.
    var other: Other?

    /// - Parameter versions: the configuration texts that are still stored.
    public init(_ this: ComparedRun, against good: ComparedRun?, versions: [ConfigurationVersionID: ConfigurationVersion]) {
        let details = this.details
        name = details.run.name.visible()
        id = details.run.id.rawValue
        runHref = PageAddress.run(details.run.id)
        sinceLaunch = Self.sinceLaunch(details, versions)
        other = good.map { Self.other($0, against: this, versions) }
    }

    private static func sinceLaunch(
        _ details: WorkflowRunDetails, _ versions: [ConfigurationVersionID: ConfigurationVersion]
    ) -> Change {
        guard details.origin.configuration != nil, let launched = details.launchedVersion else {
            return Change(note: "This run is imported history; its definition is not known.")
        }
        guard let current = details.currentVersion else {
            return Change(note: "The workflow has been deleted since.")
        }
        if current == launched { return Change(note: "No changes: the launched version is the current one.") }
        return change(from: launched, to: current, versions, "this run", "current")
    }

    private static func change(
        from old: ConfigurationVersionID, to new: ConfigurationVersionID,
        _ versions: [ConfigurationVersionID: ConfigurationVersion], _ oldWord: String, _ newWord: String
    ) -> Change {
        guard let before = versions[old], let after = versions[new] else {
            return Change(note: "The texts of the versions \(old) and \(new) are no longer stored.")
        }
        let diff = LineDiff(from: before.source.text, to: after.source.text)
        let title = "From version \(before.number) (\(oldWord)) to version \(after.number) (\(newWord))"
        if diff.isEmpty { return Change(note: title + ": the text is the same; the working directory differs.") }
        return Change(note: title + ":", diff: DiffText(diff))
    }

    private static func other(
        _ good: ComparedRun, against this: ComparedRun, _ versions: [ConfigurationVersionID: ConfigurationVersion]
    ) -> Other {
        let comparison = RunComparison(this, against: good)
        let labels = Dictionary(comparison.tasks.map { ($0.definitionID, $0.label) }, uniquingKeysWith: { first, _ in first })
        let outputs = comparison.outputs.map { difference in
            OutputLine(
                task: labels[difference.definitionID] ?? difference.definitionID, member: difference.member ?? "all",
                this: shown(difference.this), other: shown(difference.other))
        }
        return Other(
            id: good.details.run.id.rawValue, href: PageAddress.run(good.details.run.id),
            rows: rows(this.details, good.details, versions),
            versions: versionChange(from: good.details, to: this.details, versions), tasks: comparison.tasks.map(line),
            hasOutputs: !outputs.isEmpty, outputs: outputs,
            hiddenOutputs: comparison.hiddenOutputs > 0
                ? CountText.text(comparison.hiddenOutputs, "more difference is", "more differences are") + " not shown." : nil)
    }

    private static func shown(_ value: String?) -> String {
        value.map { CutText.text($0, longest: longestValue) } ?? "–"
    }

    private static func versionChange(
        from good: WorkflowRunDetails, to this: WorkflowRunDetails, _ versions: [ConfigurationVersionID: ConfigurationVersion]
    ) -> Change {
        guard let old = good.launchedVersion, let new = this.launchedVersion, old != new else {
            return Change(note: "Both runs used the same version.")
        }
        return change(from: old, to: new, versions, "previous successful run", "this run")
    }

    private static func rows(
        _ this: WorkflowRunDetails, _ good: WorkflowRunDetails, _ versions: [ConfigurationVersionID: ConfigurationVersion]
    ) -> [Row] {
        func row(_ name: String, _ value: (WorkflowRunDetails) -> ShownValue?) -> Row {
            Row(name: name, this: value(this) ?? .nothing, other: value(good) ?? .nothing)
        }
        return [
            row("Status") { ShownValue($0.run.state.state.label) }, row("Started") { ShownValue($0.run.createdAt) },
            row("Duration") { details in
                details.run.endedAt.map { ShownValue(RuntimeText.text($0 - details.run.createdAt)) }
            },
            row("Version") { $0.launchedVersion.map { ShownValue(versions[$0].map { "version \($0.number)" } ?? $0.rawValue) } },
            row("Run mode") { $0.origin.runMode.map { ShownValue($0.label) } },
            row("Date range") { $0.origin.range.map { ShownValue($0) } },
            row("Started by") { ShownValue($0.run.principal.name) },
        ]
    }

    private static func line(_ task: RunComparison.Task) -> TaskLine {
        func took(_ ending: RunComparison.TaskEnding?) -> String {
            if ending?.keptFrom != nil { return "kept" }
            return ending?.took.map(RuntimeText.text) ?? "–"
        }
        var difference = "–"
        if let this = task.this?.took, let other = task.other?.took {
            let milliseconds = (this - other).milliseconds
            let size = RuntimeText.text(.milliseconds(abs(milliseconds)))
            difference = milliseconds == 0 ? "the same" : size + (milliseconds < 0 ? " faster" : " slower")
        }
        return TaskLine(
            label: task.label, state: task.this.map { StateText($0.state.state, for: $0.skipReason) }, took: took(task.this),
            otherState: task.other.map { StateText($0.state.state, for: $0.skipReason) }, otherTook: took(task.other),
            difference: difference)
    }
}
