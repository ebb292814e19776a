import PostgresClusterKit
import SQLiteStore
import Synchronization
import VolumeKit
import WorkflowModel

extension Bench {
    /// Milliseconds of a commit in a run with 10 groups of 1,000 items.
    private static let longestCommit = 2.0
    /// The cost of such a commit, relative to one in a run with 10 groups of 10.
    private static let mostGrowth = 1.5

    /// The ends of items: commits one after the other in runs with few and with many items, then 100,000 items over 100 runs. The set
    /// starts its own PostgreSQL server and ends it.
    func items() async throws -> SetReport {
        var report = SetReport("items", "tasks that run once for each of several items, in process")
        let directory = "\(scratch)/items"
        let store = try await Blocking.run { try SQLiteStore.open(directory: directory, time: SystemTime()) }
        let embedded = try await ItemFigures.measured(in: store, named: "embedded")
        try await store.close()
        report.found(embedded, on: "embedded store")
        let cluster = try await PostgresCluster.another()
        defer { cluster.end() }
        try await cluster.sql("CREATE DATABASE items")
        let shared = try await withStore(in: cluster.url("items")) { store in
            try await ItemFigures.measured(in: store, named: "PostgreSQL")
        }
        report.found(shared, on: "PostgreSQL")
        report.latencies = [embedded.few, embedded.many, shared.few, shared.many]
        return report
    }

    fileprivate static var targetOfCommit: Target { .atMost(longestCommit) }
    fileprivate static var targetOfGrowth: Target { .atMost(mostGrowth) }
}

/// The cost of items in one store.
private struct ItemFigures: Sendable {
    /// Commits of ends, one after the other, in runs with 10 groups of 10 items, and of 1,000.
    var few: Latencies
    var many: Latencies
    /// Items per second of 100 runs with 10 groups of 100, and how many were driven.
    var perSecond: Double
    var driven: Int

    static func measured(in store: any WorkflowStore, named name: String) async throws -> ItemFigures {
        Progress.note("ending items on the \(name) store")
        let few = try await commits(ItemVolume(runs: 20, groups: 10, items: 10), in: store, "\(name), a commit of 10 × 10 items")
        let many = try await commits(
            ItemVolume(runs: 1, groups: 10, items: 1_000), in: store, "\(name), a commit of 10 × 1,000 items")
        let whole = ItemVolume(runs: 100, groups: 10, items: 100, failing: 10)
        let start = Stopwatch.nanoseconds
        try await drive(whole, in: store)
        return ItemFigures(
            few: few, many: many, perSecond: Double(whole.total) / Stopwatch.seconds(since: start), driven: whole.total)
    }

    /// Each commit with the time that it takes alone.
    private static func commits(_ volume: ItemVolume, in store: any WorkflowStore, _ name: String) async throws -> Latencies {
        var volume = volume
        volume.lanes = 1
        let recording = Mutex(Recording())
        try await drive(volume, in: store) { events, lease, now in
            let began = Stopwatch.nanoseconds
            let receipt = try await store.commit(events, under: lease, at: now)
            let ended = Stopwatch.nanoseconds
            recording.withLock { $0.record(nanoseconds: ended - began) }
            return receipt
        }
        return recording.withLock { $0.summary(name) }
    }

    /// - Throws: ``BenchFailure`` when an item was lost or ran twice, or a count is wrong.
    private static func drive(_ volume: ItemVolume, in store: any WorkflowStore, _ commit: ItemVolume.Commit? = nil) async throws {
        let (tenant, now) = (try LoadedHistory.mainTenant, SystemTime().now)
        let runs = try await volume.start(in: store, of: tenant, at: now, random: SystemRandom())
        let complaints = try await volume.drive(runs, in: store, of: tenant, from: now, commit: commit)
        if let first = complaints.first { throw BenchFailure(first) }
    }
}

extension SetReport {
    fileprivate mutating func found(_ figures: ItemFigures, on store: String) {
        found(
            "\(store): the end of an item in a run with 10 × 1,000 items, median", figures.many.median / 1_000, "ms",
            Bench.targetOfCommit, note: "99%: \(Figure.text(figures.many.p99 / 1_000)) ms; one commit after the other")
        found(
            "\(store): relative to a run with 10 × 10 items", figures.many.median / figures.few.median, "×", Bench.targetOfGrowth,
            note: "\(Figure.text(figures.many.median / 1_000)) ms and \(Figure.text(figures.few.median / 1_000)) ms")
        found(
            "\(store): items that end, over 100 runs", figures.perSecond, "items/s",
            note: "\(Figure.count(figures.driven)) items, 16 commits at the same time; claims and checks included")
    }
}
