public import WorkflowModel

/// The findings that a history page shows.
public struct HistoryFindings: Sendable {
    public var page: RunPage
    /// The stop requests of stopped runs.
    public var stops: [RunID: RunStop] = [:]
    /// The number of notes of runs that have some.
    public var notes: [RunID: Int] = [:]
    /// nil without a chart.
    public var chart: (plan: ChartPlan, counts: RunCounts)?
    /// The runs of the chart that retention deleted, by day.
    public var deleted: [RunCount] = []
    public var facets = FacetCounts()
    public var names: FacetNames
    public var views: [SavedView] = []
    /// Runs of all tenants that are left to file, counted to ``FilingNote/most``; 0 for a complete page.
    public var runsToFile = 0

    /// - Parameter page: with its total.
    public init(_ page: RunPage) {
        self.page = page
        names = FacetNames(page.runs)
    }
}

/// A search that could not be read. The page shows it with the reason, and no list: any list would be the answer to another search.
public struct FailedSearch: Sendable {
    public var text: String
    public var problem: String
    /// The term that has the problem; nil for a problem of the whole text.
    var marked: MarkedText?

    public init(text: String, error: RunSearchError) {
        self.text = text
        problem = error.message
        let range = error.range(in: text)
        marked =
            range.isEmpty
            ? nil
            : MarkedText(
                before: String(text[..<range.lowerBound]), term: String(text[range]), after: String(text[range.upperBound...]))
    }
}

/// A text with one part that is marked.
struct MarkedText: Sendable {
    var before: String
    var term: String
    var after: String
}

/// Run history.
public struct HistoryPage: Page {
    public static let template = "history"
    /// Runs on a page. With a long error on each run and all assets, the page stays below 150 kB.
    public static let length = 30

    public var title: String { "Run history" }
    public var section: Section? { .history }

    /// Whether the page has a list; not when the search could not be read.
    var hasList: Bool
    var totalText: String
    var newerText: String?
    var newerHref: String
    var search: SearchBox
    var views: ViewsBar
    var bulk: BulkBar?
    var exports: [NamedLink]
    var failures: FailureLine?
    var panel: FacetPanel
    var hasChips: Bool
    var chips: [FilterChip]
    var started: WindowFields
    var ended: WindowFields
    var more: MoreFilters
    var chart: Chart?
    var hasPrincipal: Bool
    var headings: [SortHeading]
    /// The address of the form that chooses columns.
    var display: String
    var caption: String
    /// Says which runs the order leaves out.
    var orderNote: String?
    var rows: [RunRow]
    var isEmpty: Bool
    var hasRows: Bool
    var emptyTitle: String
    var emptyText: String
    /// The next command to type; nil for none.
    var emptyCommand: String?
    var stop: SearchStop?
    /// Says that runs are still being filed.
    var filing: String?
    var newest: String?
    var previous: String?
    var next: String?
    var previousLabel: String
    var nextLabel: String
    /// The address of live updates; nil when nothing on the page can change.
    var live: String?

    /// - Parameters:
    ///   - found: empty when the search could not be read.
    ///   - failed: the search in the box, when it could not be read.
    public init(
        _ found: HistoryFindings, at address: HistoryAddress, failed: FailedSearch? = nil, for visitor: Visitor, now: Timestamp
    ) {
        let page = found.page
        hasList = failed == nil
        totalText = page.total.map { CountText.text($0.beside(known: page.runs.count)) } ?? ""
        newerHref = address.at(.newest).href
        search = SearchBox(address, failed: failed, at: now)
        views = ViewsBar(found.views, at: address, for: visitor, now: now)
        bulk = BulkBar(page, at: address, for: visitor)
        exports = Self.exports(of: address)
        failures = FailureLine(found.facets, of: address)
        started = WindowFields(.created, of: address, at: now)
        ended = WindowFields(.ended, of: address, at: now)
        panel = FacetPanel(found.facets, of: address, names: found.names)
        chips = FilterChip.all(of: address, at: now)
        hasChips = !chips.isEmpty
        more = MoreFilters(address, windows: [started, ended])
        chart = found.chart.flatMap {
            Chart(
                $0.plan.fitted(to: $0.counts.steps, deleted: found.deleted), counts: $0.counts.steps, deleted: found.deleted,
                isWhole: $0.counts.isComplete, of: address)
        }
        hasPrincipal = !visitor.display.hidden.contains(.principal)
        headings = SortHeading.all(of: address).filter { !visitor.display.hidden.contains($0.key.column) }
        display = PageAddress.display + PageAddress.query([("next", address.href)])
        caption = "Runs, \(address.order.firstWords)"
        let leavesOut = address.order.key != .created && !address.filter.possibleStates.allSatisfy(\.hasEnded)
        orderNote = leavesOut ? "Runs that have not ended are not in this order." : nil
        rows = page.runs.map {
            RunRow(
                $0, stop: found.stops[$0.id], notes: found.notes[$0.id] ?? 0, in: address, for: visitor, at: now)
        }
        stop = SearchStop(page, at: address)
        filing = FilingNote.text(found.runsToFile)
        isEmpty = page.runs.isEmpty
        hasRows = failed == nil && !isEmpty
        (emptyTitle, emptyText) = Self.empty(address, hasStopped: stop != nil, hasDeleted: !found.deleted.isEmpty)
        emptyCommand =
            isEmpty && !address.isFiltered && stop == nil && found.deleted.isEmpty
            ? "weir start CONFIG" : nil
        newest = address.place == .newest ? nil : address.at(.newest).href
        previous = page.previous.map { address.at(.before($0)).href }
        next = page.next.map { address.at(.after($0)).href }
        (previousLabel, nextLabel) = address.order.pagerWords
        live = failed == nil ? Self.live(page.runs, at: address) : nil
    }

    private static func empty(
        _ address: HistoryAddress, hasStopped: Bool, hasDeleted: Bool
    ) -> (title: String, text: String) {
        if hasStopped { return ("No run found so far", "The search has not reached the end of the history yet.") }
        if hasDeleted {
            return ("No run is left", "Retention deleted the runs of this time. The chart shows how many there were.")
        }
        guard !address.isFiltered else {
            return ("No run matches the search", "Choose a longer time or remove a condition. Clear shows all runs.")
        }
        return (
            "No runs yet", "Under Workflows, apply the sample or start a workflow with Run now. Or start one with this command."
        )
    }

    private static func exports(of address: HistoryAddress) -> [NamedLink] {
        [("CSV", "csv"), ("NDJSON", "ndjson")].map { label, format in
            NamedLink(
                label: label,
                href: PageAddress.export + PageAddress.query([(PageAddress.exportFormat, format)] + address.searchPairs))
        }
    }

    /// Live updates cover the runs that have not ended and, where the list begins with the newest runs, newer ones.
    private static func live(_ runs: [WorkflowRun], at address: HistoryAddress) -> String? {
        let changing = runs.filter { !$0.state.hasEnded }.map(\.id)
        let beginsWithNewest = address.place == .newest && address.order.beginsWithNewest
        guard !changing.isEmpty || beginsWithNewest else { return nil }
        var pairs = address.at(.newest).pairs
        if !changing.isEmpty { pairs.append((HistoryWatch.runsName, changing.map(\.rawValue).joined(separator: " "))) }
        if beginsWithNewest {
            let since = runs.first.flatMap { RunCursor(of: $0, by: address.order.key)?.text }
            pairs.append((HistoryWatch.sinceName, since ?? "0~-"))
        }
        return PageAddress.history + "/live" + PageAddress.query(pairs)
    }
}

extension RunSort {
    /// Whether a new run would be the first of the list.
    var beginsWithNewest: Bool { key != .runtime && direction == .descending }
}
