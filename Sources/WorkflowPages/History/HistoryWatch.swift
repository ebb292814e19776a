public import WorkflowModel

/// The live updates of a list of runs.
public struct HistoryWatch: Sendable {
    static let runsName = "watch"
    static let sinceName = "since"
    /// Newer runs counted, at most.
    public static let mostNewer = 99
    /// The work of one look for newer runs, where a search has to find them: no more than any service allows a request.
    public static let budget = SearchBudget(time: SearchBudget.times.lowerBound, runs: 4 * SearchBudget.step)

    public var address: HistoryAddress
    /// Runs on the page that have not ended.
    public var runs: [RunID]
    /// The newest run on the page; nil on later pages, which do not count newer runs.
    public var since: RunCursor?

    /// - Throws: ``AddressProblem``
    public init(parameters: [(name: String, value: String)], at now: Timestamp) throws(AddressProblem) {
        let own = [Self.runsName, Self.sinceName]
        address = try HistoryAddress(parameters: parameters.filter { !own.contains($0.name) }, at: now)
        let ids = parameters.first { $0.name == Self.runsName }?.value.split(separator: " ") ?? []
        guard ids.count <= HistoryPage.length, ids.allSatisfy({ $0.utf8.count <= RunID.longestID }) else {
            throw AddressProblem(message: "Too many runs to watch: at most \(HistoryPage.length).")
        }
        runs = ids.map { RunID(rawValue: String($0)) }
        if let text = parameters.first(where: { $0.name == Self.sinceName })?.value {
            since = try HistoryAddress.cursor(text, key: address.order.key)
        }
    }

    /// The newest runs of the list, down to the newest one on the page, which is not among them. Newest first, because that is where
    /// new runs are: a search that uses up its budget has seen them.
    /// - Returns: nil where newer runs are not counted.
    public func newerQuery(of tenant: Tenant) -> RunQuery? {
        guard let since else { return nil }
        var filter = address.filter
        let start = Timestamp(milliseconds: since.value)
        switch since.key {
        case .created: filter.created = TimeWindow(from: max(start, filter.created?.from ?? start), to: filter.created?.to)
        case .ended: filter.ended = TimeWindow(from: max(start, filter.ended?.from ?? start), to: filter.ended?.to)
        case .runtime: return nil
        }
        // One more for the run on the page, and one for "and more".
        var query = RunQuery(tenant: tenant, filter: filter, sort: address.order, limit: Self.mostNewer + 2)
        query.budget = Self.budget
        return query
    }

    /// - Parameter page: the answer to ``newerQuery(of:)``.
    /// - Returns: newer runs, up to one more than ``mostNewer``.
    public func newer(in page: RunPage) -> Int {
        guard let since else { return 0 }
        let newer = page.runs.prefix { run in
            guard let value = run.sortValue(since.key) else { return false }
            return (value, ExactText(run.id.rawValue)) > (since.value, ExactText(since.id.rawValue))
        }
        return min(newer.count, Self.mostNewer + 1)
    }

    /// - Parameters:
    ///   - found: the current state of the watched runs.
    ///   - stops: the stop requests of stopped runs.
    ///   - notes: the number of notes of runs that have some.
    ///   - newer: the count of newer runs, up to ``mostNewer`` + 1; nil when they are not counted.
    ///   - counted: the total and the chart; nil where they do not follow.
    public func look(
        _ found: [WorkflowRun], stops: [RunID: RunStop] = [:], notes: [RunID: Int] = [:], newer: Int?,
        counted: HistoryCounts? = nil, for visitor: Visitor,
        with pages: Pages
    ) -> LiveLook {
        var regions = found.map { run in
            LiveRegion(
                id: "row-\(run.id.rawValue)",
                html: pages.render(
                    RunRow(
                        run, stop: stops[run.id], notes: notes[run.id] ?? 0, in: address, for: visitor, at: nil),
                    "run_row"))
        }
        if let newer {
            let count = newer > Self.mostNewer ? "\(Self.mostNewer)+" : "\(newer)"
            let text = newer == 0 ? nil : "Show \(count) newer \(newer == 1 ? "run" : "runs")"
            regions.append(
                LiveRegion(id: "newer", html: pages.render(NewerRuns(newerText: text, newerHref: address.href), "newer")))
        }
        if let counted {
            if let total = counted.total {
                let text = TotalText(totalText: CountText.text(total.beside(known: found.count)))
                regions.append(LiveRegion(id: "total", html: pages.render(text, "total")))
            }
            regions.append(
                LiveRegion(
                    id: "chart",
                    html: pages.render(ChartPart(chart: counted.chart(at: address)), "chart_part")))
        }
        return LiveLook(regions: regions, isFinal: newer == nil && found.allSatisfy(\.state.hasEnded))
    }
}

/// The counts above a list.
public struct HistoryCounts: Sendable {
    var total: RunTotal?
    public var plan: ChartPlan?
    public var counts: RunCounts
    public var deleted: [RunCount]

    public init(
        total: RunTotal?, plan: ChartPlan? = nil, counts: RunCounts = RunCounts(), deleted: [RunCount] = []
    ) {
        self.total = total
        self.plan = plan
        self.counts = counts
        self.deleted = deleted
    }

    func chart(at address: HistoryAddress) -> Chart? {
        plan.flatMap {
            Chart(
                $0.fitted(to: counts.steps, deleted: deleted), counts: counts.steps, deleted: deleted,
                isWhole: counts.isComplete, of: address)
        }
    }
}

private struct TotalText: Sendable {
    var totalText: String
}

private struct ChartPart: Sendable {
    var chart: Chart?
}

private struct NewerRuns: Sendable {
    var newerText: String?
    var newerHref: String
}
