import Foundation
import Logging
import PostgresClusterKit
import PostgresStore
import WorkflowAPI
import WorkflowModel

extension Bench {
    /// Connections of `pgbench`, of the store, and of the service's clients.
    static let databaseConnections = 8
    /// Target ratio to the throughput of `pgbench` with the best statement for the same rows.
    static let ofHandWritten = 0.60

    /// Pages and totals on PostgreSQL, compared with hand-written statements for the same rows, sent by `pgbench` over as many
    /// connections; also the cost of pages and totals by size. The set starts its own server and ends it.
    func postgres() async throws -> SetReport {
        var report = SetReport("postgres", "the store on PostgreSQL, \(sizes.map(Figure.count).joined(separator: ", ")) runs")
        let cluster = try await PostgresCluster.another()
        defer { cluster.end() }
        var (smallest, last): ([ProbeSample], [ProbeSample]) = ([], [])
        for size in sizes {
            let database = "runs\(size)"
            let history = try await history(.easy, runs: size)
            let seconds = try await move(history, to: database, of: cluster)
            Progress.note("probing \(Figure.count(size)) runs on PostgreSQL")
            last = try await withStore(in: cluster.url(database)) { store in
                try await StoreProbe.samples(of: store, shape: .easy)
            }
            if smallest.isEmpty { smallest = last }
            report.addSeries(of: last, size: size, plots: "postgres-")
            if size == largest {
                try await compare(history, in: database, of: cluster, report: &report)
                report.found("weir move from an embedded store", Double(size) / seconds, "runs/s")
            }
        }
        report.foundBounds(of: last)
        report.worst += ProbeSample.worst(last)
        report.foundGrowth(from: smallest, to: last, sizes: sizes, withTotals: true)
        return report
    }

    /// - Returns: the duration of the move, in seconds.
    func move(_ history: LoadedHistory, to database: String, of cluster: PostgresCluster) async throws -> Double {
        Progress.note("moving \(Figure.count(history.runs)) runs to PostgreSQL")
        try await cluster.sql("CREATE DATABASE \(database)")
        let (programs, url) = (programs, cluster.url(database))
        let start = Stopwatch.nanoseconds
        _ = try await Blocking.run {
            try ChildProcess.run(programs.weir, ["move", "--from", history.directory, "--to", url, "--json"])
        }
        let seconds = Stopwatch.seconds(since: start)
        // The server would do this itself some minutes later.
        try await cluster.sql("VACUUM (ANALYZE)", in: database)
        return seconds
    }

    func withStore<Value>(in url: String, _ body: (PostgresStore) async throws -> Value) async throws -> Value {
        var logger = Logger(label: "weir-bench")
        logger.logLevel = .error
        // Without a statement timeout: a slow statement is a result here, not an error.
        let settings = PostgresSettings(
            connections: Self.databaseConnections, statementTimeout: .seconds(600), longestSilence: .seconds(660))
        let store = try await PostgresStore.open(
            try DatabaseAddress(url), settings: settings, time: SystemTime(), random: SystemRandom(), logger: logger)
        do {
            let value = try await body(store)
            try await store.close()
            return value
        } catch {
            try? await store.close()
            throw error
        }
    }

    /// Three rounds, in turn, so that other activity of the machine affects all alike.
    private func compare(
        _ history: LoadedHistory, in database: String, of cluster: PostgresCluster, report: inout SetReport
    ) async throws {
        let url = cluster.url(database)
        let hand = try await HandWrittenSQL(cluster: cluster, database: database, seconds: seconds)
        let pages: [(name: String, script: String, withTotal: Bool)] = [
            ("a page", hand.page, false), ("a page with its total", hand.page + hand.total, true),
        ]
        for page in pages {
            Progress.note("comparing \(page.name) with what pgbench reaches")
            var rounds: [(theirs: Double, ours: Double, service: LoadResult)] = []
            for _ in 0..<3 {
                let theirs = try await hand.rate(of: page.script)
                let ours = try await withStore(in: url) { try await rate(of: $0, withTotal: page.withTotal) }
                rounds.append((theirs, ours, try await load(history, database: url, withTotal: page.withTotal)))
            }
            let (theirs, ours) = (rounds.map(\.theirs).median, rounds.map(\.ours).median)
            let service = rounds.map(\.service.perSecond).median
            report.found(
                "\(page.name) in the store, of what pgbench reaches over \(Self.databaseConnections) connections",
                rounds.map { $0.ours / $0.theirs }.median, "×", .atLeast(Self.ofHandWritten),
                note: "\(Figure.text(ours))/s of \(Figure.text(theirs))/s, medians of three rounds")
            report.found(
                "\(page.name) over HTTP, of that", rounds.map { $0.service.perSecond / $0.theirs }.median, "×",
                .atLeast(Self.ofHandWritten),
                note: "\(Figure.text(service))/s by as many clients; the token is checked, and the page is JSON")
            report.latencies += rounds.last.map(\.service.latencies) ?? []
        }
    }

    /// Pages per second of the store, over all its connections.
    private func rate(of store: PostgresStore, withTotal: Bool) async throws -> Double {
        let query = RunQuery(tenant: try LoadedHistory.mainTenant, limit: StoreProbe.limit, withTotal: withTotal)
        let (start, seconds) = (Stopwatch.nanoseconds, seconds)
        let pages = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<Self.databaseConnections {
                group.addTask {
                    var pages = 0
                    while Stopwatch.seconds(since: start) < seconds {
                        _ = try await store.runs(matching: query)
                        pages += 1
                    }
                    return pages
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(pages) / Stopwatch.seconds(since: start)
    }

    /// The throughput of `weir serve` on that database.
    private func load(_ history: LoadedHistory, database: String, withTotal: Bool) async throws -> LoadResult {
        let (seconds, programs) = (seconds, programs)
        let options = ["--database", database, "--database-connections", "\(Self.databaseConnections)"]
        return try await withServer(verb: ["serve"] + options, data: "\(scratch)/node", key: history.key) { server in
            let path = "\(Paths.runs)?limit=\(StoreProbe.limit)\(withTotal ? "&with_total=true" : "")"
            let plan = server.plan(
                [("a page\(withTotal ? " with its total" : ""), over HTTP", server.get(path), 200)],
                connections: Self.databaseConnections, seconds: seconds)
            return try server.load(plan, from: programs)
        }
    }
}
