import SQLiteStore
import WorkflowModel

/// What one page of one combination of filters cost the store.
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

    var name: String { "\(filter.name); \(place.rawValue)" }
    var costOfTotal: Double { max(0, pageWithTotal - page) }
}

/// Measures the store itself, without a server around it: every combination of filters, on three pages each.
struct StoreProbe: Sendable {
    let store: any WorkflowStore
    let tenant: Tenant
    static let limit = 12

    static func samples(_ history: LoadedHistory) async throws -> [ProbeSample] {
        let directory = history.directory
        let store = try await Blocking.run { try SQLiteStore.open(directory: directory) }
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
        let probe = StoreProbe(store: store, tenant: try LoadedHistory.mainTenant)
        var samples: [ProbeSample] = []
        for filter in FilterCase.all(of: shape) { samples += try await probe.samples(filter) }
        return samples
    }

    private func samples(_ filter: FilterCase) async throws -> [ProbeSample] {
        var samples: [ProbeSample] = []
        for place in ProbeSample.Place.allCases {
            guard let cursor = try await cursor(place, filter.filter, middle: filter.middle) else { continue }
            var query = RunQuery(tenant: tenant, filter: filter.filter, limit: Self.limit, after: cursor.after)
            let (page, found) = try await time(query)
            query.withTotal = true
            let (pageWithTotal, counted) = try await time(query)
            samples.append(
                ProbeSample(
                    filter: filter, place: place, rows: found.runs.count, page: page, pageWithTotal: pageWithTotal,
                    total: counted.total ?? 0))
        }
        return samples
    }

    private struct Start {
        var after: RunCursor?
    }

    /// - Returns: nil where the list has no such page.
    private func cursor(_ place: ProbeSample.Place, _ filter: RunFilter, middle: Timestamp) async throws -> Start? {
        switch place {
        case .first: return Start(after: nil)
        case .middle: return Start(after: RunCursor(order: filter.order, time: middle, id: RunID(rawValue: "wf-")))
        case .last:
            let bottom = RunCursor(order: filter.order, time: .earliest, id: RunID(rawValue: ""))
            let oldest = try await store.runs(
                matching: RunQuery(tenant: tenant, filter: filter, limit: Self.limit + 1, before: bottom))
            guard oldest.runs.count > Self.limit, let first = oldest.runs.first else { return nil }
            return RunCursor(of: first, in: filter.order).map { Start(after: $0) }
        }
    }

    /// The median of several tries, in milliseconds; of one, where one takes long.
    private func time(_ query: RunQuery) async throws -> (Double, RunPage) {
        var times: [Double] = []
        var page = RunPage(runs: [])
        let start = Stopwatch.nanoseconds
        repeat {
            let began = Stopwatch.nanoseconds
            page = try await store.runs(matching: query)
            times.append(Stopwatch.seconds(since: began) * 1_000)
        } while times.count < 21 && Stopwatch.seconds(since: start) < 0.5
        // The first one fills caches, unless it is all there is.
        if times.count > 3 { times.removeFirst() }
        return (times.sorted()[times.count / 2], page)
    }
}
