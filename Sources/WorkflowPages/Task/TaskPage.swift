import Mustache
public import WorkflowModel

/// The details of a task: a page, and a dialog on the run's page.
public struct TaskPage: LivePage {
    public static let template = "task"
    /// Characters shown of inputs and outputs, at most.
    private static let longestValue = 16_000
    /// Characters of a condition with its values.
    private static let longestCondition = 500

    struct Attempt: Sendable {
        var number: Int
        var state: StateText
        var started: TimeText
        var duration: RuntimeText
        var error: ErrorLine?
        var ending: EndingLine?
        var logHref: String
    }

    struct Value: Sendable {
        var name: String
        var text: String
    }

    public var title: String { "\(label) of \(runName)" }
    public var section: Section? { .history }

    var runHref: String
    var runName: String
    var label: String
    var state: StateText
    var started: TimeText?
    var completed: TimeText?
    var duration: RuntimeText?
    var problem: Problem?
    var warnings: WarningList?
    var facts: [Fact]
    var hasAttempts: Bool
    var attempts: [Attempt]
    var inputs: [Value]
    var inputsNote: String?
    var outputs: String?
    var outputsNote: String?
    var notRun: String?
    /// nil for a task that does not wait.
    var wait: WaitLine?
    var decisions: [DecisionLine]
    /// nil for a task that runs once.
    var items: ItemList?
    /// nil when nothing applies, and for a visitor who may not operate.
    var resolve: ResolveForm?
    var log: LogPanel?
    public var live: String?

    /// - Parameters:
    ///   - unmet: labels of the dependencies that did not succeed.
    ///   - now: the end of durations that have not ended; nil where a script counts.
    public init(
        _ task: TaskInstance, of run: WorkflowRun, attempts records: [TaskAttemptRecord], values: TaskValues, unmet: [String] = [],
        decisions: [RunResolution] = [], wait: TaskWaitReason? = nil, items: ItemList? = nil, resolve: ResolveForm? = nil,
        output: KeptOutput?, log choice: LogChoice, at now: Timestamp?
    ) {
        let address = PageAddress.task(task.id, of: run.id)
        runHref = PageAddress.run(run.id)
        runName = run.name.visible()
        label = task.label.visible()
        state = StateText(task)
        self.wait = wait.flatMap { WaitLine($0) }
        self.decisions = decisions.suffix(RunDetailsPage.mostDecisions).map { DecisionLine($0, of: task) }
        self.items = items
        self.resolve = resolve
        let times = TaskTimes.all([task], records)[0]
        started = times.started.map { TimeText($0) }
        completed = times.completed.map { TimeText($0) }
        duration = times.started.map { RuntimeText(from: $0, to: times.completed, at: now) }
        problem = task.state == .canceled ? nil : task.error.map { Problem($0, isOver: task.state.hasEnded) }
        warnings = WarningList(task.warnings)
        facts = [
            Fact("Definition ID", task.definitionID, isCode: true), Fact("Task ID", task.id.rawValue, isCode: true),
            Fact("Type", task.definitionType, isCode: true),
            Fact("Execution type", task.executionType), Fact("Timeout", task.timeout.map(RuntimeText.text) ?? "none"),
        ]
        facts += Self.job(of: task)
        if let origin = task.keptFrom {
            facts.append(Fact("Kept from", origin.rawValue, href: PageAddress.run(origin), isCode: true))
        }
        if let item = task.item, let group = task.id.asItem?.group {
            facts.append(Fact("Item", item.text.visible(upTo: Self.longestCondition), isCode: true))
            facts.append(Fact("Item of", group.rawValue, href: PageAddress.task(group, of: run.id), isCode: true))
        }
        attempts = times.attempts.map { record in
            Attempt(
                number: record.number, state: StateText(record.outcome?.state ?? task.state.state),
                started: TimeText(record.startedAt),
                duration: RuntimeText(from: record.startedAt, to: record.endedAt, at: now),
                error: record.outcome == .canceled ? nil : record.error.map { ErrorLine($0) },
                ending: record.ending.map { EndingLine($0) }, logHref: address + "?attempt=\(record.number)#log")
        }
        hasAttempts = !attempts.isEmpty
        inputs = values.inputs.sorted { $0.key < $1.key }.map { Value(name: $0.key, text: Self.shown($0.value)) }
        if values.needs.isEmpty {
            inputsNote = "No dependencies."
        } else if inputs.isEmpty {
            inputsNote = "No outputs of \(values.needs.joined(separator: ", "))."
        }
        outputs = values.outputs.map(Self.shown)
        outputsNote = outputs == nil ? (task.state.hasEnded ? "No output." : "No output yet.") : nil
        if task.skipReason == .failedNeed {
            let names = unmet.prefix(TaskPanel.mostNames).map { $0.visible() }.joined(separator: ", ")
            notRun = names.isEmpty ? "Not run, because a dependency failed." : "Not run, because \(names) did not succeed."
        }
        if task.skipReason == .noFailure { notRun = "Nothing failed, so this did not run." }
        if task.skipReason == .condition { notRun = "Its condition was false, so this did not run." }
        if let condition = task.gate?.words { facts.append(Fact("Runs if", condition.visible(upTo: Self.longestCondition))) }
        if task.when.isClosing { facts.append(Fact("Runs", task.when == .always ? "always" : "after a failure or a stop")) }
        log = output.map { LogPanel($0, choice, of: task) }
        live = task.state.hasEnded ? nil : address + "/live"
    }

    private static func shown(_ value: JSONText) -> String {
        CutText.text(PrettyJSON.text(value.text), longest: longestValue)
    }

    /// The regions that change while the task is in progress, except the log, which has its own stream.
    public static func look(
        _ task: TaskInstance, of run: WorkflowRun, attempts: [TaskAttemptRecord], values: TaskValues, unmet: [String] = [],
        decisions: [RunResolution] = [], wait: TaskWaitReason? = nil, items: ItemList? = nil, with pages: Pages
    ) -> LiveLook {
        let page = TaskPage(
            task, of: run, attempts: attempts, values: values, unmet: unmet, decisions: decisions, wait: wait, items: items,
            output: nil, log: LogChoice(), at: nil)
        let regions = [("task-details", "task_details"), ("task-facts", "task_facts")].map {
            LiveRegion(id: $0, html: pages.render(page, $1))
        }
        return LiveLook(regions: regions, isFinal: task.state.hasEnded)
    }
}

extension TaskPage {
    /// The id of the work outside. A called run has a link.
    private static func job(of task: TaskInstance) -> [Fact] {
        guard let id = task.engineRunID else { return [] }
        guard task.executionType == ExecutionType.workflow.rawValue else { return [Fact("Job ID", id, isCode: true)] }
        return [Fact("Called run", id, href: PageAddress.run(RunID(rawValue: id)), isCode: true)]
    }
}
