import Foundation
import SQLiteStore
import WorkflowModel

/// A data directory with history in it, loaded by `weir import` and kept between runs of the benchmark.
struct LoadedHistory: Codable, Sendable {
    static let tenant = "acme"
    static var mainTenant: Tenant {
        get throws {
            guard let tenant = Tenant(tenant) else { throw BenchFailure("There is no such tenant.") }
            return tenant
        }
    }

    var shape: HistoryShape
    /// Of all tenants together.
    var runs: Int
    var directory: String
    var key: BenchKey
    /// Duration of loading the measured tenant.
    var importSeconds: Double
    var filing: Filing

    /// The cost of filing its ended runs.
    struct Filing: Codable, Sendable {
        var seconds: Double
        /// In milliseconds.
        var slowestStep: Double
        /// Of the database file.
        var bytesBefore: Int
        var bytesAfter: Int
    }

    var runsOfMainTenant: Int { shape.runsOfMainTenant(among: runs) }

    /// Takes the history from the cache, or creates it.
    /// - Parameter fingerprint: identifies the layout of the store's rows; a different one needs a new history.
    static func prepare(
        _ shape: HistoryShape, runs: Int, in cache: String, fingerprint: String, with programs: Programs
    ) async throws -> LoadedHistory {
        let directory = "\(cache)/\(shape.rawValue)-\(runs)-\(fingerprint)"
        let description = directory + "/loaded.json"
        if let data = FileManager.default.contents(atPath: description) {
            var history = try JSONDecoder().decode(LoadedHistory.self, from: data)
            history.directory = directory + "/data"
            return history
        }
        // Loaded into a temporary name first, so that an interrupted load is never used.
        let part = directory + ".part"
        try? FileManager.default.removeItem(atPath: part)
        try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
        Progress.note("loading the \(shape.rawValue) history of \(runs) runs")
        let key = try await Blocking.run { try BenchKey.make(programs, data: part + "/data", tenant: tenant) }
        try await loadOtherTenants(shape, runs: runs, into: part + "/data")
        let seconds = try await Blocking.run {
            try load(shape, runs: shape.runsOfMainTenant(among: runs), of: tenant, into: part + "/data", with: programs)
        }
        Progress.note("filing its ended runs")
        let history = LoadedHistory(
            shape: shape, runs: runs, directory: directory + "/data", key: key, importSeconds: seconds,
            filing: try await file(part + "/data"))
        try JSONEncoder().encode(history).write(to: URL(fileURLWithPath: part + "/loaded.json"))
        try? FileManager.default.removeItem(atPath: directory)
        try FileManager.default.moveItem(atPath: part, toPath: directory)
        return history
    }

    /// Files all ended runs, as a service does in the background.
    private static func file(_ data: String) async throws -> Filing {
        func bytes() throws -> Int {
            try FileManager.default.attributesOfItem(atPath: data + "/weir.db")[.size] as? Int ?? 0
        }
        var filing = Filing(seconds: 0, slowestStep: 0, bytesBefore: try bytes(), bytesAfter: 0)
        let store = try await Blocking.run { try SQLiteStore.open(directory: data, time: SystemTime()) }
        do {
            let start = Stopwatch.nanoseconds
            var hasMore = true
            while hasMore {
                let step = Stopwatch.nanoseconds
                hasMore = try await store.fileRunsAtRest()
                filing.slowestStep = max(filing.slowestStep, Stopwatch.seconds(since: step) * 1_000)
            }
            filing.seconds = Stopwatch.seconds(since: start)
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
        filing.bytesAfter = try bytes()
        return filing
    }

    /// Written directly into the store: one import process for each of a thousand tenants would take too long.
    private static func loadOtherTenants(_ shape: HistoryShape, runs: Int, into data: String) async throws {
        let others = shape.otherTenants(among: runs)
        guard !others.isEmpty else { return }
        let store = try await Blocking.run { try SQLiteStore.open(directory: data, time: SystemTime()) }
        do {
            for (name, count) in others {
                guard let tenant = Tenant(name) else { throw BenchFailure("\(name) cannot be a tenant.") }
                let generator = HistoryGenerator(shape: shape, tenant: tenant, count: count)
                for start in stride(from: 0, to: count, by: 1_000) {
                    let batch = (start..<min(count, start + 1_000)).map { ImportedRun(run: generator.run($0)) }
                    _ = try await store.importRuns(batch, into: tenant)
                }
            }
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
    }

    /// Pipes generated runs into `weir import`.
    /// - Parameter behind: the size of the history after which the runs follow; nil for runs spread over the history's time.
    /// - Returns: the seconds measured by the import.
    static func load(
        _ shape: HistoryShape, runs: Int, of tenant: String, into data: String, seed: UInt64 = 0, behind: Int? = nil,
        with programs: Programs
    ) throws -> Double {
        // `weir import` does not create a store.
        if !FileManager.default.fileExists(atPath: data + "/weir.db") {
            try ChildProcess.run(
                programs.weir, ["keys", "create", "--data", data, "--tenant", tenant, "--name", "bench", "--policy", "admin"])
        }
        let writer = try ChildProcess(
            programs.bench,
            ["history", "--shape", shape.rawValue, "--runs", "\(runs)", "--tenant", tenant, "--seed", "\(seed)"]
                + (behind.map { ["--behind", "\($0)"] } ?? []))
        let reader = try ChildProcess(
            programs.weir, ["import", "-", "--tenant", tenant, "--data", data, "--json"], input: writer.outputHandle)
        // Otherwise the writer would not notice that its reader has ended.
        try writer.outputHandle.close()
        let printed = reader.allOutput()
        guard reader.wait() == 0, writer.wait() == 0 else { throw BenchFailure("Importing history into \(data) failed.") }
        let outcome = try JSONDecoder().decode(Outcome.self, from: printed)
        guard outcome.added == runs else { throw BenchFailure("\(outcome.added) of \(runs) runs were imported.") }
        return Double(outcome.elapsed) / 1_000
    }

    private struct Outcome: Decodable {
        var added: Int
        var elapsed: Int

        enum CodingKeys: String, CodingKey {
            case added
            case elapsed = "elapsed_ms"
        }
    }

    /// A copy to write to; the caller removes it.
    func copy(to directory: String) throws -> LoadedHistory {
        try ChildProcess.run("/bin/cp", ["-r", "--reflink=auto", self.directory, directory])
        // Otherwise the measurement waits for the disk, which is still writing the copy.
        sync()
        var copy = self
        copy.directory = directory
        return copy
    }
}

/// Prints progress.
enum Progress {
    static func note(_ text: String) {
        FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
    }
}
