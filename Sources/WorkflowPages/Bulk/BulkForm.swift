public import WorkflowModel

/// The form that asks for a bulk operation: its action, its runs, and the texts of its parameters as they were typed.
public struct BulkForm: Hashable, Sendable {
    public static let actionName = "action"
    public static let runName = "run"
    public static let everythingName = "all"
    public static let expectName = "expect"
    public static let ownNames = [
        actionName, runName, everythingName, expectName, "reason", "from", "version", "resolution", "labels", "per_second",
    ]

    public var kind: BulkAction.Kind
    public var selection: BulkSelection
    public var reason: String
    public var start: RerunStart?
    public var version: RerunVersion
    public var resolution: Resolution
    /// Labels to set, as `key=value`, and keys to remove, as `-key`, separated by spaces.
    public var labels: String
    public var perSecond: String

    public init(
        _ kind: BulkAction.Kind, _ selection: BulkSelection, reason: String = "", start: RerunStart? = nil,
        version: RerunVersion = .current, resolution: Resolution = .retry, labels: String = "", perSecond: String = ""
    ) {
        self.kind = kind
        self.selection = selection
        self.reason = reason
        self.start = start
        self.version = version
        self.resolution = resolution
        self.labels = labels
        self.perSecond = perSecond
    }

    /// The order that the form asks for.
    /// - Throws: ``AddressProblem`` saying what is wrong and what is accepted.
    public func order(expecting expected: Int? = nil) throws(AddressProblem) -> BulkOrder {
        var rate = BulkLimits.usualRate
        if !perSecond.isEmpty {
            guard let number = Int(perSecond), BulkLimits.rates.contains(number) else {
                let (least, most) = (BulkLimits.rates.lowerBound, BulkLimits.rates.upperBound)
                throw AddressProblem(message: "The rate is not a number from \(least) to \(most).")
            }
            rate = number
        }
        return BulkOrder(try action(), selection, perSecond: rate, expected: expected)
    }

    private func action() throws(AddressProblem) -> BulkAction {
        if !reason.isEmpty, let problem = ReasonRule.problem(with: reason) { throw AddressProblem(message: problem) }
        let reason = reason.isEmpty ? nil : ExactText(reason)
        switch kind {
        case .stop: return .stop(reason: reason)
        case .rerun: return .rerun(from: start, version: version)
        case .resolve: return .resolve(resolution, reason: reason)
        case .delete: return .delete
        case .label: return .label(try labelChange())
        }
    }

    private func labelChange() throws(AddressProblem) -> LabelChange {
        var change = LabelChange()
        for word in labels.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init) {
            if word.hasPrefix("-"), RunLabel.isKey(String(word.dropFirst())) {
                change.removed.insert(ExactText(String(word.dropFirst())))
            } else if let label = RunLabel(typed: word) {
                change.set.set(label)
            } else {
                throw AddressProblem(
                    message: "\"\(word.prefix(40))\" is no label. Accepted: key=value to set one, -key to remove one.")
            }
        }
        guard !change.isEmpty else {
            throw AddressProblem(message: "No label is named. Accepted: key=value to set one, -key to remove one.")
        }
        if let both = change.set.first(where: { change.removed.contains(ExactText($0.key)) }) {
            throw AddressProblem(message: "The label \(both.key) is set and removed. Do one of both.")
        }
        guard change.set.count + change.removed.count <= RunLabels.most else {
            throw AddressProblem(message: "Too many labels are named. Accepted: at most \(RunLabels.most).")
        }
        return change
    }

    /// The history with the filter of the form, or all of it for chosen runs.
    var searchAddress: HistoryAddress {
        var address = HistoryAddress()
        if case .filter(let filter) = selection { address.filter = filter }
        return address
    }

    /// The fields that name the runs.
    var selectionPairs: [HiddenField] {
        switch selection {
        case .runs(let runs): runs.map { HiddenField(name: Self.runName, value: $0.rawValue) }
        case .filter(let filter):
            [HiddenField(name: Self.everythingName, value: "yes")]
                + filter.texts.map { HiddenField(name: $0.field.name, value: $0.text) }
        }
    }
}

/// A hidden field of a form.
struct HiddenField: Sendable {
    var name: String
    var value: String
}
