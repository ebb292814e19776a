public import WorkflowModel

/// The fields of the rerun form.
public struct RerunChoice: Hashable, Sendable {
    public var start: RerunStart
    public var version: RerunVersion
    /// Unique per form: submitting a form twice starts one run.
    public var once: String

    public init(start: RerunStart, version: RerunVersion, once: String) {
        self.start = start
        self.version = version
        self.once = once
    }
}

/// Shows the tasks that a rerun keeps and runs, and asks for confirmation.
public struct RerunPage: Page {
    public static let template = "rerun"
    /// Names shown of the tasks that run, and of the tasks that are kept.
    static let mostNames = 100

    struct Option: Sendable {
        var value: String
        var label: String
        var isChosen: Bool
    }

    struct TaskList: Sendable {
        var title: String
        var names: [String]
        var more: String?

        init(_ title: String, _ tasks: [PlannedTask], redefined: Set<String> = []) {
            self.title = title
            names = tasks.prefix(RerunPage.mostNames).map { task in
                task.label + (redefined.contains(task.definitionID) ? " (definition has changed since)" : "")
            }
            let left = tasks.count - names.count
            more = left > 0 ? "and \(CountText.text(left, "other", "others"))" : nil
        }
    }

    struct Plan: Sendable {
        var running: TaskList
        var kept: TaskList?
        var choice: Sent
    }

    /// The hidden fields of the form that starts the rerun.
    struct Sent: Sendable {
        var start: String
        var version: String
        var once: String
    }

    public var title: String { "Rerun \(name)" }
    public var section: Section? { .history }

    var id: String
    var name: String
    var action: String
    var back: String
    var formToken: String
    var starts: [Option]
    var versions: [Option]
    var problem: String?
    var plan: Plan?
    /// How the directory has changed since the run; nil when it is not known to have changed.
    var codeNote: String?

    /// - Parameters:
    ///   - plan: the tasks that would run, or why a rerun is not possible.
    ///   - redefined: definition ids of kept tasks whose definition differs in the chosen version.
    ///   - numbers: of the stored versions.
    ///   - code: that of the current version; see ``WorkflowRunDetails/codeChange(for:current:)``.
    public init(
        _ old: WorkflowRunDetails, _ choice: RerunChoice, plan: Result<RunPlan, RerunRefusal>, redefined: Set<String> = [],
        numbers: [ConfigurationVersionID: Int] = [:], code: CodeVersion? = nil, for visitor: Visitor
    ) {
        codeNote = old.codeChange(for: choice.version, current: code)?.sentence
        id = old.run.id.rawValue
        name = old.run.name.visible()
        back = PageAddress.run(old.run.id)
        action = PageAddress.rerun(old.run.id)
        formToken = visitor.formToken
        starts = RerunStart.allCases.map { Option(value: $0.rawValue, label: $0.label, isChosen: $0 == choice.start) }
        versions = RerunVersion.allCases.compactMap { version in
            let id = version == .current ? old.currentVersion : old.launchedVersion
            return id.map { id in
                let name = numbers[id].map { "version \($0)" } ?? id.rawValue
                return Option(value: version.rawValue, label: "\(version.label) (\(name))", isChosen: version == choice.version)
            }
        }
        switch plan {
        case .failure(let refusal): problem = refusal.sentence
        case .success(let plan):
            let taking = plan.tasks.filter { !$0.isSkipped }
            let (running, kept) = (taking.filter { $0.kept == nil }, taking.filter { $0.kept != nil })
            // Redefined tasks come first, so that they are visible in a long list.
            let keptInOrder =
                kept.filter { redefined.contains($0.definitionID) } + kept.filter { !redefined.contains($0.definitionID) }
            self.plan = Plan(
                running: TaskList(CountText.text(running.count, "task will run", "tasks will run"), running),
                kept: kept.isEmpty
                    ? nil
                    : TaskList(
                        CountText.text(kept.count, "task succeeded and is kept", "tasks succeeded and are kept")
                            + " with their outputs", keptInOrder, redefined: redefined),
                choice: Sent(start: choice.start.rawValue, version: choice.version.rawValue, once: choice.once))
        }
    }
}

extension RerunStart {
    fileprivate var label: String {
        switch self {
        case .failure: "From failure: keep tasks that succeeded"
        case .start: "From start: run all tasks"
        }
    }
}

extension RerunVersion {
    fileprivate var label: String {
        switch self {
        case .current: "Current"
        case .launched: "Launched"
        }
    }
}

extension RerunRefusal {
    fileprivate var sentence: String {
        switch self {
        case .hasNotEnded: "The run has not ended yet; stop it, or wait until it ends."
        case .isHistory: "The run is imported history; only runs started by this service can be rerun."
        case .hasNoCurrentVersion: "The configuration has been deleted; choose the launched version."
        case .hasNoUsableVersion: "The launched version can no longer be read; choose the current version."
        case .hasNotFailed: "The run succeeded, so there is no failure to continue from; choose to run all tasks."
        case .keepsEverything: "All tasks of this version have succeeded already; choose to run all tasks."
        case .lacksTask(let label): "The version has no task \(label.visible()); choose the other version."
        case .lacksItems(let label):
            "The items of \(label.visible()) are not kept in this version, which makes their list anew; choose the other version."
        case .resolution: "The decision does not apply to this run."
        case .parameters(let refusal):
            "The version does not accept the parameters of the run; choose the other version. \(refusal.message)"
        case .hasNothingToRun(let problem):
            "The version has no task in the run mode \(problem.runMode.rawValue); choose the other version."
        }
    }
}
