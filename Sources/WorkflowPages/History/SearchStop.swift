import WorkflowModel

/// Says up to where a search has come when it ended before the page was full, and links to the next page, which continues there.
struct SearchStop: Sendable {
    var words: String
    /// nil when the list is sorted by duration.
    var time: TimeText?
    var href: String

    /// - Returns: nil for a complete page.
    init?(_ page: RunPage, at address: HistoryAddress) {
        guard page.endedEarly else { return nil }
        let isBackwards: Bool
        switch address.place {
        case .before: isBackwards = true
        case .newest, .after: isBackwards = false
        }
        guard let stop = isBackwards ? page.previous : page.next else { return nil }
        href = address.at(isBackwards ? .before(stop) : .after(stop)).href
        let goesDown = (address.order.direction == .descending) != isBackwards
        switch stop.key {
        case .created, .ended:
            words = goesDown ? "Searched back to" : "Searched up to"
            time = TimeText(Timestamp(milliseconds: stop.value))
        case .runtime:
            let duration = RuntimeText.text(.milliseconds(stop.value))
            words = goesDown ? "Searched down to durations of \(duration)" : "Searched up to durations of \(duration)"
        }
    }
}
