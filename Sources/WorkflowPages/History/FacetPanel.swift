public import WorkflowModel

/// A dimension of the filter panel: its values, with the number of runs beside each. A value is a link that adds or removes it.
struct FacetGroup: Sendable {
    struct Value: Sendable {
        var label: String
        /// The id behind a name; nil where the label says all.
        var detail: String?
        /// The colour of a state.
        var tone: String?
        /// nil when the filter has as many values as it accepts.
        var href: String?
        /// nil when the runs were not counted.
        var count: String?
        var isChosen: Bool
        /// The page of a chosen workflow.
        var page: String?
    }

    var id: String
    var title: String
    var values: [Value]
    /// The address without conditions on the dimension; nil without one.
    var any: String?
}

/// Names of ids, for people.
public struct FacetNames: Sendable {
    public var workflows: [ExactText: String] = [:]
    public var principals: [ExactText: String] = [:]

    /// Those that these runs carry.
    public init(_ runs: some Sequence<WorkflowRun>) {
        for run in runs {
            if let id = run.origin.configuration, workflows[id] == nil { workflows[id] = run.name }
            if principals[run.principal.id] == nil { principals[run.principal.id] = run.principal.name }
        }
    }

    /// The name of a value; nil for values that have none, and for unknown ones.
    public func name(of text: String, _ facet: RunFacet) -> String? {
        let name: String? =
            switch facet {
            case .state: RunState(rawValue: text)?.state.label
            case .attribution: Attribution(rawValue: text)?.label
            case .type: TypeLabel.text(text)
            case .configuration: workflows[text]
            case .principal: principals[text]
            case .errorType: nil
            }
        return name?.isIdentical(to: text) ?? true ? nil : name
    }
}

struct FacetPanel: Sendable {
    /// Values of a dimension that are shown, besides those that are chosen.
    static let most = 8

    var groups: [FacetGroup]
    /// Says that the numbers cover a part of the runs only.
    var note: String?

    init(_ counts: FacetCounts, of address: HistoryAddress, names: FacetNames) {
        groups = RunFacet.panel.compactMap { Self.group($0, counts, address, names) }
        note = counts.dimensions.values.compactMap(\.total.lowerBound).min().map { least in
            "Numbers with + are of the newest runs, \(CountText.text(least)) at least: counting took too long to go on."
        }
    }

    private static func group(
        _ facet: RunFacet, _ counts: FacetCounts, _ address: HistoryAddress, _ names: FacetNames
    ) -> FacetGroup? {
        let filter = address.filter
        let choice = filter.choice(of: facet)
        // Without a condition on the fault, a list of stopped runs has no use for this group.
        guard facet != .attribution || filter.ofFaults != nil || choice.included != nil else { return nil }
        let answer = counts.dimensions[facet]
        let numbers = Dictionary((answer?.values[facet] ?? []).map { (ExactText($0.text), $0.runs) }, uniquingKeysWith: max)
        let chosen = choice.included ?? []
        let texts = Self.texts(facet, (answer?.values[facet] ?? []).map(\.text), chosen: chosen)
        guard !texts.isEmpty else { return nil }
        let labels = Labels(facet, texts, names)
        let values = texts.map { text in
            FacetGroup.Value(
                label: labels.label(of: text), detail: labels.detail(of: text), tone: facet.tone(of: text),
                href: filter.toggling(text, of: facet).map { address.narrowed(to: $0).href },
                count: answer.flatMap { Self.count(numbers[text], in: $0, of: facet) },
                isChosen: chosen.contains(text),
                page: facet == .configuration && chosen.contains(text) ? PageAddress.workflow(text) : nil)
        }
        return FacetGroup(
            id: facet.rawValue, title: facet.title, values: values,
            any: choice.included == nil ? nil : address.narrowed(to: filter.without(facet)).href)
    }

    /// - Parameter number: nil for a value that is not among those with most runs.
    private static func count(_ number: Int?, in answer: RunFacets, of facet: RunFacet) -> String? {
        let isWhole = (answer.values[facet]?.count ?? 0) < FacetPlan.values
        guard let number = number ?? (isWhole ? 0 : nil) else { return nil }
        return CountText.text(number) + (answer.total.exact == nil ? "+" : "")
    }

    /// All states and attributions; of other dimensions the values with most runs. Chosen values are always among them.
    private static func texts(_ facet: RunFacet, _ counted: [String], chosen: Set<ExactText>) -> [String] {
        switch facet {
        case .state: return RunState.inPanel.map(\.rawValue)
        case .attribution: return Attribution.allCases.map(\.rawValue)
        case .type, .configuration, .errorType, .principal:
            let shown = counted.prefix(most)
            return shown + chosen.sortedTexts.filter { !shown.containsExactly($0) }
        }
    }

    /// The labels of a group's values. Where two values have one label, the values themselves stand beside it.
    private struct Labels {
        private let labels: [ExactText: String]
        private let shared: Set<ExactText>

        init(_ facet: RunFacet, _ texts: [String], _ names: FacetNames) {
            labels = Dictionary(
                texts.map { (ExactText($0), names.name(of: $0, facet) ?? $0) }, uniquingKeysWith: { first, _ in first })
            let isAlwaysDetailed = facet == .configuration
            let byLabel = Dictionary(grouping: labels) { ExactText($0.value) }
            shared = Set(
                labels.filter { text, label in
                    text.text != label && (isAlwaysDetailed || (byLabel[label]?.count ?? 0) > 1)
                }.keys)
        }

        func label(of text: String) -> String { (labels[text] ?? text).visible() }
        func detail(of text: String) -> String? { shared.contains(text) ? text.visible() : nil }
    }
}

extension RunFacet {
    /// The dimensions in the order of the panel.
    static let panel: [RunFacet] = [.state, .attribution, .errorType, .configuration, .type, .principal]

    var title: String {
        switch self {
        case .state: "Status"
        case .type: "Type"
        case .configuration: "Workflow"
        case .attribution: "Fault"
        case .errorType: "Error"
        case .principal: "Started by"
        }
    }

    fileprivate func tone(of text: String) -> String? {
        self == .state ? RunState(rawValue: text)?.state.tone.rawValue : nil
    }
}

extension RunState {
    /// Those that need attention first.
    fileprivate static let inPanel: [RunState] = [
        .failed, .runningWithFailures, .inProgress, .started, .scheduled, .stopping, .canceled, .succeeded,
    ]
}

extension RunTotal {
    /// The counted part; nil when all runs were counted.
    fileprivate var lowerBound: Int? {
        switch self {
        case .exactly: nil
        case .moreThan(let count): count
        }
    }
}
