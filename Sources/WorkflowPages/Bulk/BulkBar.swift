import WorkflowModel

/// Below a list of runs: what can be done with those that are chosen, or with all that match.
struct BulkBar: Sendable {
    var label: String
    /// The search, for all runs that match.
    var fields: [HiddenField]
    var actions: [Option]

    /// nil for a visitor who may not act, and for an empty list.
    init?(_ page: RunPage, at address: HistoryAddress, for visitor: Visitor) {
        guard visitor.canOperate, !page.runs.isEmpty else { return nil }
        label = page.total.map { "Choose all \(CountText.text($0)) that match" } ?? "Choose all runs that match"
        fields = address.searchPairs.compactMap { name, value in
            value.flatMap {
                name == HistoryAddress.sortName || name == HistoryAddress.directionName ? nil : HiddenField(name: name, value: $0)
            }
        }
        actions = BulkAction.Kind.allCases.filter { visitor.policy.includes($0.policy) }
            .map { Option(value: $0.rawValue, label: BulkText.verb($0), isChosen: false) }
    }
}
