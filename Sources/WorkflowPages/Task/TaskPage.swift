import Mustache
public import WorkflowModel

/// Everything about one task of a run: a page of its own, and a dialog on the run's page.
public struct TaskPage: Page {
    public static let template = "task"
    /// Characters of inputs and outputs that are shown at most.
    private static let longestValue = 16_000

    struct Attempt: Sendable {
        var number: Int
        var state: StateText
        var started: TimeText
        var duration: RuntimeText
        var error: ErrorLine?
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
    var facts: [Fact]
    var hasAttempts: Bool
    var attempts: [Attempt]
    var inputs: [Value]
    var inputsNote: String?
    var outputs: String?
    var outputsNote: String?
    var log: LogPanel?
    var live: String?

    public init(
        _ task: TaskInstance, of run: WorkflowRun, attempts records: [TaskAttemptRecord], values: TaskValues, output: KeptOutput?,
        log choice: LogChoice, at now: Timestamp
    ) {
        let address = PageAddress.task(task.id, of: run.id)
        runHref = PageAddress.run(run.id)
        runName = run.name
        label = task.label
        state = StateText(task.state.state)
        let times = TaskTimes.all([task], records)[0]
        started = times.started.map { TimeText($0) }
        completed = times.completed.map { TimeText($0) }
        duration = times.started.map { RuntimeText(from: $0, to: times.completed, at: now) }
        problem = task.error.map { Problem($0, isOver: task.state.hasEnded) }
        facts = [
            Fact("Definition ID", task.definitionID, isCode: true), Fact("Task ID", task.id.rawValue, isCode: true),
            Fact("Job ID", task.engineRunID ?? "–", isCode: task.engineRunID != nil),
            Fact("Type", task.definitionType, isCode: true),
            Fact("Executes as", task.executionType), Fact("Timeout", task.timeout.map(RuntimeText.text) ?? "none"),
        ]
        if let origin = task.keptFrom {
            facts.append(Fact("Kept from", origin.rawValue, href: PageAddress.run(origin), isCode: true))
        }
        attempts = times.attempts.map { record in
            Attempt(
                number: record.number, state: StateText(record.outcome?.state ?? task.state.state),
                started: TimeText(record.startedAt),
                duration: RuntimeText(from: record.startedAt, to: record.endedAt, at: now),
                error: record.error.map { ErrorLine($0) }, logHref: address + "?attempt=\(record.number)#log")
        }
        hasAttempts = !attempts.isEmpty
        inputs = values.inputs.sorted { $0.key < $1.key }.map { Value(name: $0.key, text: Self.shown($0.value)) }
        if values.needs.isEmpty {
            inputsNote = "It needs no other task."
        } else if inputs.isEmpty {
            inputsNote = "What it needs (\(values.needs.joined(separator: ", "))) has left nothing."
        }
        outputs = values.outputs.map(Self.shown)
        outputsNote = outputs == nil ? (task.state.hasEnded ? "It left nothing." : "None yet.") : nil
        log = output.map { LogPanel($0, choice, of: task) }
        live = task.state.hasEnded ? nil : address + "/live"
    }

    private static func shown(_ value: JSONText) -> String {
        CutText.text(PrettyJSON.text(value.text), longest: longestValue)
    }

    /// What of it changes while it goes on; its log has a way of its own.
    public static func look(
        _ task: TaskInstance, of run: WorkflowRun, attempts: [TaskAttemptRecord], values: TaskValues, with pages: Pages,
        at now: Timestamp
    ) -> LiveLook {
        let coarse = LiveClock.coarse(now, since: run.createdAt)
        let page = TaskPage(task, of: run, attempts: attempts, values: values, output: nil, log: LogChoice(), at: coarse)
        return LiveLook(
            regions: [LiveRegion(id: "task-details", html: pages.render(page, "task_details"))], isFinal: task.state.hasEnded)
    }
}
