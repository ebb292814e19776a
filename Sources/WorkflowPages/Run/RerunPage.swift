public import WorkflowModel

/// What somebody chooses who does a run over.
public struct RerunChoice: Hashable, Sendable {
    public var start: RerunStart
    public var version: RerunVersion
    /// Makes the form start one run, however often it is sent.
    public var once: String

    public init(start: RerunStart, version: RerunVersion, once: String) {
        self.start = start
        self.version = version
        self.once = once
    }
}

/// Shows what would be kept and what would run, and asks whether the run is to be done over so.
public struct RerunPage: Page {
    public static let template = "rerun"
    /// Tasks whose names are shown, of those that run and of those that are kept.
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
                task.label + (redefined.contains(task.definitionID) ? " (its definition has changed since)" : "")
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

    /// What the form that starts it sends.
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

    /// - Parameters:
    ///   - plan: what would be done, or why nothing can.
    ///   - redefined: definition ids of tasks that would be kept though the version now says something else of them.
    public init(
        _ old: WorkflowRunDetails, _ choice: RerunChoice, plan: Result<RunPlan, RerunRefusal>, redefined: Set<String> = [],
        for visitor: Visitor
    ) {
        id = old.run.id.rawValue
        name = old.run.name
        back = PageAddress.run(old.run.id)
        action = PageAddress.rerun(old.run.id)
        formToken = visitor.formToken
        starts = RerunStart.allCases.map { Option(value: $0.rawValue, label: $0.label, isChosen: $0 == choice.start) }
        versions = RerunVersion.allCases.compactMap { version in
            let id = version == .current ? old.currentVersion : old.launchedVersion
            return id.map {
                Option(value: version.rawValue, label: "\(version.label) (\($0))", isChosen: version == choice.version)
            }
        }
        switch plan {
        case .failure(let refusal): problem = refusal.sentence
        case .success(let plan):
            let taking = plan.tasks.filter { !$0.isSkipped }
            let (running, kept) = (taking.filter { $0.kept == nil }, taking.filter { $0.kept != nil })
            // Whoever looks at a long list must not miss them.
            let keptInOrder =
                kept.filter { redefined.contains($0.definitionID) } + kept.filter { !redefined.contains($0.definitionID) }
            self.plan = Plan(
                running: TaskList(CountText.text(running.count, "task will run", "tasks will run"), running),
                kept: kept.isEmpty
                    ? nil
                    : TaskList(
                        CountText.text(kept.count, "task succeeded and is kept", "tasks succeeded and are kept")
                            + ", with what they left", keptInOrder, redefined: redefined),
                choice: Sent(start: choice.start.rawValue, version: choice.version.rawValue, once: choice.once))
        }
    }
}

extension RerunStart {
    fileprivate var label: String {
        switch self {
        case .failure: "From the failure: keep what succeeded"
        case .start: "From the start: run everything"
        }
    }
}

extension RerunVersion {
    fileprivate var label: String {
        switch self {
        case .current: "The current one"
        case .launched: "The one it was launched with"
        }
    }
}

extension RerunRefusal {
    fileprivate var sentence: String {
        switch self {
        case .goesOn: "It has not ended yet; stop it, or wait for its end."
        case .isHistory: "It is imported history; only runs that were started from a configuration can be done over."
        case .hasNoCurrentVersion: "Its configuration has been deleted; choose the version that it was launched with."
        case .hasNoUsableVersion: "The version that it was launched with can no longer be read; choose the current one."
        case .hasNotFailed: "It succeeded, so there is no failure to go on from; choose to run everything."
        case .keepsEverything: "All that this version has of it has succeeded already; choose to run everything."
        case .hasNothingToRun(let problem): "That version has no task in its run mode, \(problem.runMode.rawValue)."
        }
    }
}
