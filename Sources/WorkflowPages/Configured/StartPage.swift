public import WorkflowModel

/// What a person filled in to start a run.
public struct StartFields: Hashable, Sendable {
    public var runMode: String
    public var from: String
    public var to: String
    /// Different in every form, so that sending one twice starts one run.
    public var once: String

    public init(runMode: String = "", from: String = "", to: String = "", once: String) {
        self.runMode = runMode
        self.from = from
        self.to = to
        self.once = once
    }
}

/// Run now: in which mode, and for which dates.
public struct StartPage: Page {
    public static let template = "run_now"

    public var title: String { "Run \(name) now" }
    public var section: Section? { .configured }

    var name: String
    var action: String
    var formToken: String
    var once: String
    var modes: [Option]
    var from: String
    var to: String
    var problem: String?

    /// - Parameter problem: why what was filled in cannot start a run, in one sentence.
    public init(
        _ version: ConfigurationVersion, _ configuration: WorkflowConfiguration, fields: StartFields, problem: String? = nil,
        for visitor: Visitor
    ) {
        name = version.name
        action = PageAddress.startForm(version.configuration)
        formToken = visitor.formToken
        once = fields.once
        // Only modes in which there is something to do.
        let usable = RunMode.allCases.filter { mode in
            configuration.stages.contains { $0.runModes.contains(mode) && !$0.tasks.isEmpty }
        }
        let chosen = RunMode(rawValue: fields.runMode) ?? configuration.runMode
        modes = usable.map { mode in
            let isStandard = mode == configuration.runMode
            return Option(
                value: mode.rawValue, label: mode.label + (isStandard ? " (as configured)" : ""),
                isChosen: mode == chosen)
        }
        from = fields.from
        to = fields.to
        self.problem = problem
    }
}

extension RunMode {
    var label: String {
        switch self {
        case .source: "Source"
        case .refresh: "Refresh"
        case .full: "Full"
        }
    }
}
