import Foundation

/// Shared settings of all measurements: programs, histories, directories and durations.
struct Bench: Sendable {
    let programs: Programs
    /// Sizes of the easy history, smallest first.
    let sizes: [Int]
    /// The directory of cached histories.
    let cache: String
    let fingerprint: String
    /// The temporary directory of this benchmark, removed at the end.
    let scratch: String
    /// The duration of each recorded load.
    let seconds: Double

    var largest: Int { sizes.last ?? 10_000 }

    func history(_ shape: HistoryShape, runs: Int) async throws -> LoadedHistory {
        try await LoadedHistory.prepare(shape, runs: runs, in: cache, fingerprint: fingerprint, with: programs)
    }

    /// Runs `body` with a server, on its own thread, and ends the server.
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

    /// A new data directory with one configuration, whose only task does nothing.
    func emptyData(_ name: String) async throws -> (directory: String, key: BenchKey) {
        let directory = "\(scratch)/\(name)"
        let key = try await Blocking.run { try BenchKey.make(programs, data: directory) }
        return (directory, key)
    }
}

/// A set of measurements that can be selected by name.
enum BenchSet: String, CaseIterable, Sendable {
    case pages, growth, hard, walk, starts, engine, items, processes, writes, `import`, startup, ask, postgres
    case askPostgres = "ask-postgres"

    func measure(_ bench: Bench) async throws -> SetReport {
        switch self {
        case .pages: try await bench.pages()
        case .growth: try await bench.growth()
        case .hard: try await bench.hard()
        case .walk: try await bench.walk()
        case .starts: try await bench.starts()
        case .engine: try await bench.engine()
        case .items: try await bench.items()
        case .processes: try await bench.processes()
        case .writes: try await bench.writes()
        case .import: try await bench.importing()
        case .startup: try await bench.startup()
        case .ask: try await bench.ask()
        case .postgres: try await bench.postgres()
        case .askPostgres: try await bench.askPostgres()
        }
    }
}
