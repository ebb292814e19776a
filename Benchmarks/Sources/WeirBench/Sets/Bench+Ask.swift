import SQLiteStore
import WorkflowAPI
import WorkflowModel

extension Bench {
    /// Questions beyond the documented parameters, in the embedded store: pages, totals, words, facets; and an export over HTTP.
    func ask() async throws -> SetReport {
        var report = SetReport(
            "ask", "questions with added filters in the store, and an export, over \(Figure.count(largest)) runs")
        let history = try await history(.asked, runs: largest)
        report.foundFiling(of: history)
        try await probe(history) { probe in
            let plain = try await probe.samples([FilterCase(name: "no filter", filter: RunFilter())])
            let added = try await probe.samples(try AskCase.added())
            try await report.foundAdded(added, plain: plain, smallest: largest > 10_000 ? smallest(try AskCase.added()) : nil)
            let together = try await probe.samples(try AskCase.addedToDocumented())
            report.foundPages("the slowest page with an added filter and a state, a type or a window", together, .atMost(2), plain)
            report.foundPages(
                "the slowest page with three filters and more", try await probe.samples(try AskCase.combined()),
                .atMost(SetReport.longestSearch), plain)
            report.foundPages(
                "the slowest first page with words that new runs have",
                try await probe.samples(try AskCase.knownWords()).filter { $0.place == .first }, .atMost(20), plain)
            report.foundPages(
                "the slowest page with absent, excluded and short words", try await probe.samples(try AskCase.otherWords()),
                .atMost(SetReport.longestSearch), plain)
            report.worst = ProbeSample.worst(added + together)
            try await report.foundFacets(probe)
        }
        try await foundExport(of: history, in: &report)
        return report
    }

    private func smallest(_ cases: [FilterCase]) async throws -> [ProbeSample] {
        var samples: [ProbeSample] = []
        try await probe(try await history(.asked, runs: 10_000)) { samples = try await $0.samples(cases) }
        return samples
    }

    private func probe(_ history: LoadedHistory, _ body: (StoreProbe) async throws -> Void) async throws {
        let directory = history.directory
        let store = try await Blocking.run { try SQLiteStore.open(directory: directory, time: SystemTime()) }
        do {
            try await body(StoreProbe(store: store, tenant: try LoadedHistory.mainTenant))
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
    }

    /// All runs as lines of JSON, by one connection.
    private func foundExport(of history: LoadedHistory, in report: inout SetReport) async throws {
        let (seconds, bytes, memory) = try await withServer(data: history.directory, key: history.key) { server in
            let caller = try HTTPCaller(port: server.port)
            let start = Stopwatch.nanoseconds
            let bytes = try caller.drain(server.get(Paths.export))
            return (Stopwatch.seconds(since: start), bytes, server.memory("VmHWM"))
        }
        report.found(
            "exported as lines of JSON", Double(history.runs) / seconds, "runs/s", .atLeast(100_000),
            note: "\(Figure.text(Double(bytes) / seconds / 1_048_576)) MiB/s; the server took \(Figure.text(memory)) MiB at most")
    }
}

extension SetReport {
    /// The budget of a search, and a fifth more, in milliseconds.
    static let longestSearch = 1.2 * Double(SearchBudget.standard.time.milliseconds)

    /// Bytes on disk of a run of such a history, of 1,000,000 runs: with an index for every state and type, and nothing filed.
    static let bytesWithoutAddedFilters = 604.0

    mutating func foundFiling(of history: LoadedHistory) {
        let filing = history.filing
        found(
            "filing of the runs after the import", Double(history.runs) / filing.seconds, "runs/s",
            note: "the slowest step took \(Figure.text(filing.slowestStep)) ms")
        let bytes = Double(filing.bytesAfter) / Double(history.runs)
        found(
            "size on disk, relative to that before there were added filters", bytes / Self.bytesWithoutAddedFilters, "×",
            .atMost(1.35),
            note: """
                \(Figure.text(bytes)) bytes a run of \(Figure.text(Self.bytesWithoutAddedFilters)); filing is \
                \(Figure.text(bytes - Double(filing.bytesBefore) / Double(history.runs))) of them
                """)
    }

    mutating func foundAdded(_ added: [ProbeSample], plain: [ProbeSample], smallest: [ProbeSample]?) {
        foundPages("the slowest page with one added filter", added, .atMost(2), plain)
        let totals = added.filter { $0.hasTotal }.map(\.costOfTotal)
        found(
            "the dearest total with one added filter", totals.max() ?? 0, "ms", .atMost(2),
            note: "\(added.count { !$0.hasTotal }) of \(added.count) are not exact; median \(Figure.text(totals.median)) ms")
        guard let smallest else { return }
        let before = Dictionary(uniqueKeysWithValues: smallest.map { ($0.name, $0) })
        let growth = added.compactMap { sample in
            before[sample.name].flatMap { $0.rows == sample.rows && $0.page > 0 ? sample.page / $0.page : nil }
        }
        found("growth of a page with one added filter from 10,000 runs, the worst", growth.max() ?? 0, "×", .atMost(1.5))
        found("growth of a page with one added filter from 10,000 runs, median", growth.median, "×")
    }

    /// The slowest of some pages, and their median as a multiple of the page without a filter.
    mutating func foundPages(_ what: String, _ samples: [ProbeSample], _ target: Target, _ plain: [ProbeSample]) {
        let pages = samples.map(\.page)
        let slowest = samples.max { $0.page < $1.page }
        let ratio = pages.median / max(0.000_1, plain.map(\.page).median)
        found(
            what, slowest?.page ?? 0, "ms", target,
            note: """
                \(slowest?.name ?? ""); \(pages.count { $0 > target.bound }) of \(pages.count) above; median \
                \(Figure.text(pages.median)) ms, \(Figure.text(ratio))× a page without a filter
                """)
    }

    mutating func foundFacets(_ probe: StoreProbe) async throws {
        let hour = Duration.seconds(3_600)
        let week = TimeWindow(from: HistoryShape.middle, to: HistoryShape.middle + hour * 168)
        for (name, filter, bound) in [
            ("of a 7-day window", RunFilter(created: week), 10.0),
            ("of failed runs in it", RunFilter(created: week, state: .failed), 10),
            ("of all runs", RunFilter(), Self.longestSearch),
        ] {
            let query = FacetQuery(tenant: probe.tenant, filter: filter, facets: [.state, .configuration, .attribution])
            let (cost, facets) = try await probe.time { try await probe.store.facets(matching: query) }
            let counted = facets.total.exact.map { "\(Figure.count($0)) runs, exact" } ?? "\(facets.total)"
            found("facets by state, workflow and attribution \(name)", cost, "ms", .atMost(bound), note: counted)
        }
    }
}
