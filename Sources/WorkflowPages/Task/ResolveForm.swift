public import WorkflowModel

/// The form that resolves a task: on its page, and on a page of its own after a refusal.
public struct ResolveForm: Sendable {
    /// The fields as they were sent.
    public struct Sent: Sendable {
        public var resolution: String
        public var reason: String
        public var outputs: String

        public init(resolution: String = "", reason: String = "", outputs: String = "") {
            self.resolution = resolution
            self.reason = reason
            self.outputs = outputs
        }
    }

    var action: String
    var formToken: String
    var offers: [Option]
    var takesOutputs: Bool
    var reason: String
    var longest = ReasonRule.bytes
    var outputs: String
    var hasOutputs: Bool
    var problem: String?

    /// - Parameter problem: what is wrong with the sent fields, in one sentence.
    /// - Returns: nil when nothing applies, and for a visitor who may not operate.
    public init?(
        _ offers: [ResolutionOffer], for task: TaskInstance, sent: Sent = Sent(), problem: String? = nil, visitor: Visitor
    ) {
        guard visitor.canOperate, !offers.isEmpty else { return nil }
        action = PageAddress.resolve(task.id, of: task.run)
        formToken = visitor.formToken
        self.offers = offers.map {
            Option(value: $0.resolution.rawValue, label: $0.sentence, isChosen: $0.resolution.rawValue == sent.resolution)
        }
        takesOutputs = offers.contains { $0.resolution.takesOutputs }
        reason = sent.reason
        outputs = sent.outputs
        hasOutputs = !sent.outputs.isEmpty
        self.problem = problem
    }
}

/// The resolutions of a task, or why none applies.
public struct ResolvePage: Page {
    public static let template = "resolve"

    public var title: String { "Resolve \(label)" }
    public var section: Section? { .history }

    var runHref: String
    var runName: String
    var taskHref: String
    var label: String
    var form: ResolveForm?
    /// Why there is no form.
    var nothing: String?

    /// - Parameter problem: why a decision was refused, in one sentence.
    public init(
        _ task: TaskInstance, of run: WorkflowRun, offers: [ResolutionOffer], sent: ResolveForm.Sent = ResolveForm.Sent(),
        problem: String? = nil, for visitor: Visitor
    ) {
        runHref = PageAddress.run(run.id)
        runName = run.name.visible()
        taskHref = PageAddress.task(task.id, of: run.id)
        label = task.label.visible()
        form = ResolveForm(offers, for: task, sent: sent, problem: problem, visitor: visitor)
        if form == nil {
            nothing = problem ?? "No resolution applies to this task: it is \(task.state.state.label.lowercased())."
        }
    }
}
