public import WorkflowModel

/// The fields of the form that starts a run.
public struct StartFields: Hashable, Sendable {
    public var runMode: String
    public var from: String
    public var to: String
    /// `key=value` or `key:value`, separated by spaces or commas.
    public var labels: String
    /// The receiver to tell when the run ends; empty for none.
    public var notify: String
    /// The texts of the fields of parameters, by the names of the parameters.
    public var parameters: [ExactText: String]
    /// Unique per form: submitting a form twice starts one run.
    public var once: String

    /// The beginning of the name of a parameter's field.
    public static let parameterPrefix = "param."

    public init(
        runMode: String = "", from: String = "", to: String = "", labels: String = "", notify: String = "",
        parameters: [ExactText: String] = [:], once: String
    ) {
        self.runMode = runMode
        self.from = from
        self.to = to
        self.labels = labels
        self.notify = notify
        self.parameters = parameters
        self.once = once
    }
}

/// The form of Run now: run mode, date range, parameters, labels, and the receiver to tell.
public struct StartPage: Page {
    public static let template = "run_now"

    public var title: String { "Run \(name) now" }
    public var section: Section? { .configured }

    var name: String
    var action: String
    var back: String
    var formToken: String
    var once: String
    var modes: [Option]
    var from: String
    var to: String
    var labels: String
    /// The labels that the run has in any case; nil for none.
    var ownLabels: String?
    var receivers: [Option]
    var hasReceivers: Bool
    /// nil for a workflow without parameters.
    var parameters: [ParameterField]?
    var problem: String?

    /// - Parameters:
    ///   - receivers: the names of those that are not disabled.
    ///   - isRemembered: whether the parameters are those of the last run.
    ///   - problem: why the fields cannot start a run, in one sentence.
    public init(
        _ version: ConfigurationVersion, _ configuration: WorkflowConfiguration, fields: StartFields, receivers: [String] = [],
        isRemembered: Bool = false, problem: String? = nil, for visitor: Visitor
    ) {
        name = version.name.visible()
        action = PageAddress.startForm(version.configuration)
        back = PageAddress.workflow(version.configuration)
        formToken = visitor.formToken
        once = fields.once
        // Only run modes with tasks.
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
        from = Self.field(fields.from)
        to = Self.field(fields.to)
        labels = fields.labels
        ownLabels = configuration.labels.isEmpty ? nil : configuration.labels.pageText
        self.receivers = receivers.map { Option(value: $0, label: $0, isChosen: $0 == fields.notify) }
        hasReceivers = !receivers.isEmpty
        let definitions = configuration.parameters
        parameters =
            definitions.isEmpty
            ? nil
            : definitions.map { definition in
                ParameterField(definition, value: fields.parameters[definition.name] ?? "", isRemembered: isRemembered)
            }
        self.problem = problem
    }
}

extension StartPage {
    /// The value for a browser's `datetime-local` field. A script submits it with its zone.
    private static func field(_ text: String) -> String {
        Timestamp(iso8601: text)?.field ?? text
    }
}

extension RunLabels {
    /// `team:crm, tier:gold`, as the search writes them.
    var pageText: String { map { "\($0.key):\($0.value)" }.joined(separator: ", ") }
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
