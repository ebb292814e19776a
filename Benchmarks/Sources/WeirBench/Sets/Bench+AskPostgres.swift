import PostgresClusterKit
import PostgresStore
import WorkflowModel

extension Bench {
    /// Milliseconds of a page with added filters.
    private static let longestPage = 5.0
    /// With more runs, moving and filing take most of the time.
    private static let mostAsked = 1_000_000

    /// Questions beyond the documented parameters, on PostgreSQL: pages and totals in the store. The set starts its own server and
    /// ends it.
    func askPostgres() async throws -> SetReport {
        let size = min(largest, Self.mostAsked)
        var report = SetReport("ask-postgres", "questions with added filters on PostgreSQL, over \(Figure.count(size)) runs")
        let cluster = try await PostgresCluster.another()
        defer { cluster.end() }
        let database = "asked\(size)"
        let seconds = try await move(try await history(.asked, runs: size), to: database, of: cluster)
        report.found("weir move of this history from an embedded store", Double(size) / seconds, "runs/s")
        Progress.note("filing \(Figure.count(size)) runs on PostgreSQL")
        let filing = try await withStore(in: cluster.url(database)) { store in
            let start = Stopwatch.nanoseconds
            while try await store.fileRunsAtRest() {}
            return Stopwatch.seconds(since: start)
        }
        report.found("filing of the runs after it", Double(size) / filing, "runs/s")
        try await cluster.sql("VACUUM (ANALYZE)", in: database)
        let (plain, added, together) = try await withStore(in: cluster.url(database)) { store in
            let probe = StoreProbe(store: store, tenant: try LoadedHistory.mainTenant)
            return (
                try await probe.samples([FilterCase(name: "no filter", filter: RunFilter())]),
                try await probe.samples(try AskCase.added()), try await probe.samples(try AskCase.addedToDocumented())
            )
        }
        let limit = Target.atMost(Self.longestPage)
        report.foundPages("the slowest page with one added filter", added, limit, plain)
        report.foundPages("the slowest page with an added filter and a state, a type or a window", together, limit, plain)
        let totals = added.filter(\.hasTotal).map(\.costOfTotal)
        report.found(
            "the dearest exact total with one added filter", totals.max() ?? 0, "ms",
            note: "\(added.count { !$0.hasTotal }) of \(added.count) are not exact; median \(Figure.text(totals.median)) ms")
        report.worst = ProbeSample.worst(added + together)
        return report
    }
}
