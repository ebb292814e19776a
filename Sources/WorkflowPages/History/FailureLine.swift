import WorkflowModel

/// The failed runs of a list in one line: how many, whose fault, and the most frequent error.
struct FailureLine: Sendable {
    /// Failures of one side, and the text before it.
    struct Part: Sendable {
        var before: String
        var label: String
        /// nil for those without attribution: no filter finds them alone.
        var href: String?
    }

    var failed: NamedLink
    /// Says that the numbers are of all time; nil in a list of some time.
    var time: String?
    var parts: [Part] = []
    var most: NamedLink?
    /// The page of the workflow with most of those errors.
    var place: NamedLink?

    /// - Returns: nil without failed runs, and when the filter excludes them.
    init?(_ counts: FacetCounts, of address: HistoryAddress) {
        guard let failures = counts.failures else { return nil }
        // The counts by state are exact more often than those by fault.
        let total = counts.failed ?? failures.total
        let isPart = failures.total.exact == nil
        guard total != .exactly(0), total != .moreThan(0) else { return nil }
        var filter = address.filter
        filter.states = [.failed]
        func link(_ label: String, _ filter: RunFilter) -> NamedLink {
            NamedLink(label: label, href: address.narrowed(to: filter).href)
        }
        switch total {
        case .exactly(let count): failed = link("Failed \(CountText.text(count))", filter)
        case .moreThan(let count): failed = link("Failed: more than \(CountText.text(count))", filter)
        }
        if address.filter.created == nil, address.filter.ended == nil { time = " at any time" }
        let byFault = failures.values[.attribution] ?? []
        for attribution in Attribution.allCases {
            guard let value = byFault.first(where: { $0.text == attribution.rawValue }) else { continue }
            let words = "\(attribution.rawValue) \(CountText.text(value.runs))\(isPart ? "+" : "")"
            let part = link(words, filter.with(only: attribution.rawValue, of: .attribution))
            parts.append(Part(before: parts.isEmpty ? ": " : ", ", label: part.label, href: part.href))
        }
        let unattributed = failures.total.counted - byFault.reduce(0) { $0 + $1.runs }
        if unattributed > 0, !isPart {
            parts.append(Part(before: parts.isEmpty ? ": " : ", ", label: "not attributed \(CountText.text(unattributed))"))
        }
        guard let error = counts.mostFrequentError else { return }
        let ofError = filter.with(only: error, of: .errorType)
        most = link(error, ofError)
        place = counts.worstWorkflow.map { NamedLink(label: $0, href: PageAddress.workflow($0)) }
    }
}
