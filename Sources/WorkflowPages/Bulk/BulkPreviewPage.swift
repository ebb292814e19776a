public import WorkflowModel

/// Shows what a bulk operation would act on, and asks for its parameters.
public struct BulkPreviewPage: Page {
    public static let template = "bulk_preview"

    public var title: String { "\(heading)?" }
    public var section: Section? { .history }

    var heading: String
    var text: String
    var formToken: String
    var action = PageAddress.bulk
    /// The history with the search that chose the runs.
    var back: String
    var kind: String
    var isDanger: Bool
    var isStop: Bool
    var isRerun: Bool
    var isResolve: Bool
    var takesReason: Bool
    var isLabel: Bool
    var expect: String
    var fields: [HiddenField]
    var reason: String
    var longest = ReasonRule.bytes
    var starts: [Option]
    var versions: [Option]
    var resolutions: [Option]
    var labels: String
    var perSecond: String
    var usualRate = BulkLimits.usualRate
    var mostRate = BulkLimits.rates.upperBound
    var hasRuns: Bool
    var states: [Count]
    var workflows: [Count]
    var samples: [RunLink]
    var more: String?
    var problem: String?

    struct Count: Sendable {
        var label: String
        var runs: String
    }

    struct RunLink: Sendable {
        var id: String
        var href: String
        var name: String
        var state: StateText
        var started: TimeText
    }

    /// - Parameter problem: why the form was not accepted, in one sentence.
    public init(_ preview: BulkPreview, _ form: BulkForm, problem: String? = nil, for visitor: Visitor) {
        heading = BulkText.title(form.kind, preview.total)
        text = Self.text(form.kind)
        back = form.searchAddress.href
        formToken = visitor.formToken
        kind = form.kind.rawValue
        (isStop, isRerun, isLabel) = (form.kind == .stop, form.kind == .rerun, form.kind == .label)
        isResolve = form.kind == .resolve
        takesReason = isStop || isResolve
        isDanger = form.kind == .stop || form.kind == .delete
        expect = String(preview.total)
        fields = form.selectionPairs
        reason = form.reason
        starts =
            [Option(value: "", label: "From the failure; runs that succeeded from the start", isChosen: form.start == nil)]
            + [(RerunStart.failure, "From the failure"), (.start, "From the start")].map {
                Option(value: $0.rawValue, label: $1, isChosen: form.start == $0)
            }
        versions = [(RerunVersion.current, "Current"), (.launched, "Launched by each run")].map {
            Option(value: $0.rawValue, label: $1, isChosen: form.version == $0)
        }
        resolutions = [
            (Resolution.retry, "Retry them"), (.skip, "Skip them: what needs them runs without their outputs"),
            (.succeed, "Mark them succeeded, without outputs"),
        ].map { Option(value: $0.rawValue, label: $1, isChosen: form.resolution == $0) }
        labels = form.labels
        perSecond = form.perSecond
        hasRuns = preview.total > 0
        states = preview.states.map {
            Count(label: WorkflowState(name: $0.text)?.label ?? $0.text, runs: CountText.text($0.runs))
        }
        workflows = preview.workflows.prefix(BulkLimits.samples).map {
            Count(label: $0.text.visible(), runs: CountText.text($0.runs))
        }
        samples = preview.samples.map {
            RunLink(
                id: $0.id.rawValue, href: PageAddress.run($0.id), name: $0.name.visible(), state: StateText($0.state.state),
                started: TimeText($0.createdAt))
        }
        let rest = preview.total - preview.samples.count
        more = rest > 0 ? "and \(CountText.text(rest)) more" : nil
        self.problem = problem
    }

    private static func text(_ kind: BulkAction.Kind) -> String {
        switch kind {
        case .stop:
            "Running tasks receive a request to end and are killed after a grace period. Runs that have ended stay as they are."
        case .rerun: "A run that has been rerun already is left alone: its rerun is the one to rerun."
        case .resolve:
            "The failed tasks of each run are settled: in the run itself while it goes on, and in a rerun once it has ended. A run that "
                + "has been rerun already is left alone."
        case .delete: "Runs that have ended are deleted with their tasks, output and notes. This cannot be undone."
        case .label: "Labels that are not named stay as they are."
        }
    }
}
