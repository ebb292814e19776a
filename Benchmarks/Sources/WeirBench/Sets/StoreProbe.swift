import SQLiteStore
import WorkflowModel

/// The cost of one page of one combination of filters in the store.
struct ProbeSample: Sendable {
    enum Place: String, CaseIterable, Sendable {
        case first = "first page"
        case middle = "a page from the middle"
        case last = "last page"
    }

    var filter: FilterCase
    var place: Place
    /// Runs on the page.
    var rows: Int
    /// In milliseconds, without and with the total.
    var page: Double
    var pageWithTotal: Double
    var total: Int
    /// Whether the total is exact. A search for other filters counts within its budget.
    var hasTotal = true

    var name: String { "\(filter.name); \(place.rawValue)" }
    var costOfTotal: Double { max(0, pageWithTotal - page) }
}

/// Measures the store without a server: every combination of filters, three pages each.
struct StoreProbe: Sendable {
    let store: any WorkflowStore
    let tenant: Tenant
    static let limit = 12

    static func samples(_ history: LoadedHistory) async throws -> [ProbeSample] {
        let directory = history.directory
        let store = try await Blocking.run { try SQLiteStore.open(directory: directory, time: SystemTime()) }
        do {
            let samples = try await samples(of: store, shape: history.shape)
            try await store.close()
            return samples
        } catch {
            try? await store.close()
            throw error
        }
    }

    static func samples(of store: any WorkflowStore, shape: HistoryShape) async throws -> [ProbeSample] {
        try await StoreProbe(store: store, tenant: try LoadedHistory.mainTenant).samples(FilterCase.all(of: shape))
    }

    func samples(_ cases: [FilterCase]) async throws -> [ProbeSample] {
        var samples: [ProbeSample] = []
        for filter in cases { samples += try await self.samples(filter) }
        return samples
    }

    private func samples(_ filter: FilterCase) async throws -> [ProbeSample] {
        var samples: [ProbeSample] = []
        for place in ProbeSample.Place.allCases {
            guard let cursor = try await cursor(place, filter.filter, middle: filter.middle) else { continue }
            var query = RunQuery(tenant: tenant, filter: filter.filter, limit: Self.limit, after: cursor.after)
            let (page, found) = try await time { [query] in try await store.runs(matching: query) }
            query.withTotal = true
            let (pageWithTotal, counted) = try await time { [query] in try await store.runs(matching: query) }
            samples.append(
                ProbeSample(
                    filter: filter, place: place, rows: found.runs.count, page: page, pageWithTotal: pageWithTotal,
                    total: counted.total?.exact ?? 0, hasTotal: counted.total?.exact != nil))
        }
        return samples
    }

    private struct Start {
        var after: RunCursor?
    }

    /// - Returns: nil when the list has no such page.
    private func cursor(_ place: ProbeSample.Place, _ filter: RunFilter, middle: Timestamp) async throws -> Start? {
        switch place {
        case .first: return Start(after: nil)
        case .middle: return Start(after: RunCursor(key: filter.sortKey, value: middle.milliseconds, id: RunID(rawValue: "wf-")))
        case .last:
            let bottom = RunCursor(key: filter.sortKey, value: Timestamp.earliest.milliseconds, id: RunID(rawValue: ""))
            let oldest = try await store.runs(
                matching: RunQuery(tenant: tenant, filter: filter, limit: Self.limit + 1, before: bottom))
            guard oldest.runs.count > Self.limit, let first = oldest.runs.first else { return nil }
            return RunCursor(of: first, by: filter.sortKey).map { Start(after: $0) }
        }
    }

    /// The median of several tries, in milliseconds, or a single slow one; and the last answer.
    func time<Answer>(_ ask: () async throws -> Answer) async throws -> (Double, Answer) {
        var times: [Double] = []
        let start = Stopwatch.nanoseconds
        while true {
            let began = Stopwatch.nanoseconds
            let answer = try await ask()
            times.append(Stopwatch.seconds(since: began) * 1_000)
            guard times.count >= 21 || Stopwatch.seconds(since: start) >= 0.5 else { continue }
            // The first try fills caches, unless it is the only one.
            if times.count > 3 { times.removeFirst() }
            return (times.sorted()[times.count / 2], answer)
        }
    }
}
