import Foundation

/// What all measurements share: programs, histories, places and lengths.
struct Bench: Sendable {
    let programs: Programs
    /// Sizes of the easy history, smallest first.
    let sizes: [Int]
    /// Where histories are kept between runs of the benchmark.
    let cache: String
    let fingerprint: String
    /// A directory of this run's own, removed at its end.
    let scratch: String
    /// How long each load is recorded.
    let seconds: Double

    var largest: Int { sizes.last ?? 10_000 }

    func history(_ shape: HistoryShape, runs: Int) async throws -> LoadedHistory {
        try await LoadedHistory.prepare(shape, runs: runs, in: cache, fingerprint: fingerprint, with: programs)
    }

    /// Runs `body` with a server, on a thread of its own, and ends the server.
    func withServer<Value: Sendable>(
        verb: [String] = ["serve"], data: String, key: BenchKey, workers: Int = 0, token: String? = nil,
        _ body: @escaping @Sendable (MeasuredServer) throws -> Value
    ) async throws -> Value {
        try await Blocking.run {
            let server = try MeasuredServer.start(programs, verb: verb, data: data, key: key, workers: workers, token: token)
            defer { server.child.end() }
            return try body(server)
        }
    }

    /// A fresh data directory with one configuration, whose one task does nothing.
    func emptyData(_ name: String) async throws -> (directory: String, key: BenchKey) {
        let directory = "\(scratch)/\(name)"
        let key = try await Blocking.run { try BenchKey.make(programs, data: directory) }
        return (directory, key)
    }
}

/// A set of measurements that can be asked for by name.
enum BenchSet: String, CaseIterable, Sendable {
    case pages, growth, hard, walk, starts, engine, processes, writes, `import`, startup, postgres

    func measure(_ bench: Bench) async throws -> SetReport {
        switch self {
        case .pages: try await bench.pages()
        case .growth: try await bench.growth()
        case .hard: try await bench.hard()
        case .walk: try await bench.walk()
        case .starts: try await bench.starts()
        case .engine: try await bench.engine()
        case .processes: try await bench.processes()
        case .writes: try await bench.writes()
        case .import: try await bench.importing()
        case .startup: try await bench.startup()
        case .postgres: try await bench.postgres()
        }
    }
}
