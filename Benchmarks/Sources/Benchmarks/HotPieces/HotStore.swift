import Foundation
import SQLiteStore
import WorkflowModel

/// An embedded store in a temporary directory, with some history and a configuration.
struct HotStore: Sendable {
    static let runs = 20_000
    static let start = Timestamp(milliseconds: 1_700_000_000_000)
    static let source = """
        id: bench
        name: Bench
        type: bench.group/run
        stages:
          - name: Load
            tasks:
              - {id: orders, type: bench.load, command: [/usr/bin/true]}
              - {id: customers, type: bench.load, command: [/usr/bin/true]}
          - name: Join
            tasks:
              - {id: join, type: bench.join, command: [/usr/bin/true], needs: [orders, customers]}
        """
    static var tenant: Tenant {
        guard let tenant = Tenant("acme") else { preconditionFailure("That is a name for a tenant.") }
        return tenant
    }

    let store: SQLiteStore
    let directory: String
    let configuration: WorkflowConfiguration
    let version: ConfigurationVersion

    /// Close it with ``close()``.
    static func open() async throws -> HotStore {
        let directory = NSTemporaryDirectory() + "/weir-pieces-\(UUID().uuidString)"
        let store = try SQLiteStore.open(directory: directory, time: SystemTime())
        for first in stride(from: 0, to: runs, by: 1_000) {
            _ = try await store.importRuns((first..<first + 1_000).map { ImportedRun(run: run($0)) }, into: tenant)
        }
        let source = ConfigurationSource(text: source, format: .yaml, directory: nil)
        let configuration = try ConfigurationReader().read(source, file: "bench.yaml")
        let time = SystemTime()
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: time.now, using: SystemRandom()), tenant: tenant, configuration: configuration.id,
            name: configuration.name, type: configuration.type, source: source, author: Principal(id: "bench", name: "Bench"))
        let saved = try await store.saveConfiguration(draft, at: time.now)
        return HotStore(store: store, directory: directory, configuration: configuration, version: saved.version)
    }

    func close() async throws {
        try await store.close()
        try FileManager.default.removeItem(atPath: directory)
    }

    /// A run of the history, one minute after the previous one.
    static func run(_ number: Int) -> WorkflowRun {
        let created = start + .seconds(60 * number)
        let hasFailed = number % 7 == 0
        let digits = String(number)
        return WorkflowRun(
            id: RunID(rawValue: "wf-20231114-" + String(repeating: "0", count: 8 - digits.count) + digits + "-abcdef"),
            tenant: tenant, name: "Workflow \(number % 50)", type: number % 3 == 0 ? "courier.group/run" : "ingest.load",
            state: hasFailed ? .failed : .succeeded, createdAt: created, endedAt: created + .seconds(90),
            principal: Principal(id: "u-\(number % 8)", name: "Night shift", email: "night@example.com"),
            error: hasFailed
                ? RunError(
                    attribution: .customer, type: "weir.task.command/exit",
                    message: "Load orders: the command ended with exit code 3")
                : nil)
    }

    func plan() throws -> RunPlan {
        try RunPlan(
            configuration, version: version, for: RunRequest(principal: Principal(id: "bench", name: "Bench")),
            at: SystemTime().now, random: SystemRandom())
    }
}
