public import WorkflowModel

/// Workflows › Run history.
public struct HistoryPage: Page {
    public static let template = "history"
    /// Runs on a page: with a long error on each, it stays below 100 kB with all its assets.
    public static let length = 30
    /// Types that the filter offers at most.
    public static let mostTypes = 200

    public var title: String { "Run history" }
    public var section: Section? { .history }

    var totalText: String
    var newerText: String?
    var newerHref: String
    var states: [Option]
    var types: [Option]
    var windows: [WindowFields]
    var isFiltered: Bool
    var chart: Chart?
    var rows: [RunRow]
    var timeHeading: String
    var isEmpty: Bool
    var emptyTitle: String
    var emptyText: String
    var newest: String?
    var previous: String?
    var next: String?
    /// Where the changes of what is on the page come from; nil when nothing on it can change.
    var live: String?

    /// - Parameters:
    ///   - page: the runs, with their total.
    ///   - types: those of the tenant's runs.
    ///   - chart: what to draw, and what was counted for it; nil where there is nothing to draw.
    public init(
        _ page: RunPage, at address: HistoryAddress, types: [String], chart: (plan: ChartPlan, counts: [RunCount])?,
        now: Timestamp
    ) {
        let total = page.total ?? page.runs.count
        totalText = CountText.text(total, "run", "runs")
        newerHref = address.at(.newest).href
        states = FilterOptions.states(address.state)
        self.types = FilterOptions.types(types, address.type)
        windows = [
            WindowFields("Started", name: "created", of: address, \.created),
            WindowFields("Ended", name: "ended", of: address, \.ended),
        ]
        isFiltered = address.isFiltered
        self.chart = chart.flatMap { Chart($0.plan, counts: $0.counts, of: address) }
        rows = page.runs.map { RunRow($0, order: address.order, at: now) }
        timeHeading = address.order.heading
        isEmpty = page.runs.isEmpty
        if address.isFiltered {
            emptyTitle = "No run matches"
            emptyText = "Widen the window or take a filter away; Clear shows everything again."
        } else {
            emptyTitle = "Nothing has run yet"
            emptyText = "Start a configured workflow under Configured with Run now, or with weir start."
        }
        newest = address.place == .newest ? nil : address.at(.newest).href
        previous = page.previous.map { address.at(.before($0)).href }
        next = page.next.map { address.at(.after($0)).href }
        let changing = page.runs.filter { !$0.state.hasEnded }.map(\.id)
        live = Self.live(changing, newest: address.place == .newest ? page.runs.first : nil, address: address)
    }

    /// What may change: the runs that have not ended, and on the first page what comes in before them.
    private static func live(_ ids: [RunID], newest: WorkflowRun?, address: HistoryAddress) -> String? {
        guard !ids.isEmpty || address.place == .newest else { return nil }
        var pairs = address.at(.newest).pairs
        if !ids.isEmpty { pairs.append(("watch", ids.map(\.rawValue).joined(separator: " "))) }
        if address.place == .newest {
            pairs.append(("since", newest.flatMap { RunCursor(of: $0, in: address.order)?.text } ?? "0~-"))
        }
        return PageAddress.history + "/live" + PageAddress.query(pairs)
    }
}

/// What of a list of runs can change while somebody looks at it.
public struct HistoryWatch: Sendable {
    public var address: HistoryAddress
    /// Runs on the page that have not ended.
    public var runs: [RunID]
    /// The newest run that the page shows; nil on a later page, where newer ones are of no interest.
    public var since: RunCursor?

    /// Newer runs that are counted at most.
    public static let mostNewer = 99

    /// - Throws: ``AddressProblem``
    public init(parameters: [(name: String, value: String)]) throws(AddressProblem) {
        address = try HistoryAddress(parameters: parameters.filter { $0.name != "watch" && $0.name != "since" })
        let ids = parameters.first { $0.name == "watch" }?.value.split(separator: " ") ?? []
        guard ids.count <= HistoryPage.length, ids.allSatisfy({ $0.utf8.count <= RunID.longestID }) else {
            throw AddressProblem(message: "These are more runs than a page has.")
        }
        runs = ids.map { RunID(rawValue: String($0)) }
        if let text = parameters.first(where: { $0.name == "since" })?.value {
            since = try HistoryAddress.cursor(text, order: address.order)
        }
    }

    /// - Parameters:
    ///   - found: the runs that are watched, as they are.
    ///   - newer: how many have come in since, up to ``mostNewer`` and one more; nil when that is of no interest.
    public func look(_ found: [WorkflowRun], newer: Int?, with pages: Pages, at now: Timestamp) -> LiveLook {
        let coarse = Timestamp(milliseconds: now.milliseconds / 60_000 * 60_000)
        var regions = found.map { run in
            LiveRegion(
                id: "row-\(run.id.rawValue)",
                html: pages.render(RunRow(run, order: address.order, at: max(coarse, run.createdAt)), "run_row"))
        }
        if let newer {
            let count = newer > Self.mostNewer ? "\(Self.mostNewer)+" : "\(newer)"
            let text = newer == 0 ? nil : "Show \(count) newer \(newer == 1 ? "run" : "runs")"
            regions.append(
                LiveRegion(id: "newer", html: pages.render(NewerRuns(newerText: text, newerHref: address.href), "newer")))
        }
        return LiveLook(regions: regions, isFinal: newer == nil && found.allSatisfy(\.state.hasEnded))
    }
}

private struct NewerRuns: Sendable {
    var newerText: String?
    var newerHref: String
}
