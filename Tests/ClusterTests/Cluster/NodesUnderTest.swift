import Foundation
import ProgramTestKit
import Synchronization
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

/// Several `weir serve` on one database, with a tenant whose key works on all of them.
///
/// A node is known by its number; one that is started again is another process at another address.
final class NodesUnderTest: Sendable {
    /// How soon the tasks of a node that is gone are taken over.
    static let lease = Duration.seconds(4)

    let directory: TemporaryDirectory
    let tenant: Tenant
    let key: [String: String]
    private let store: [String]
    private let options: [String]
    private let environment: [String: String]
    private let nodes = Mutex<[Int: (process: ServerProcess, client: WorkflowClient)]>([:])

    /// - Parameters:
    ///   - database: its address, as the nodes use it.
    ///   - options: of all nodes, besides those that all tests need.
    ///   - environment: of all nodes, besides what every program needs.
    init(_ count: Int, on database: String, options: [String] = [], environment: [String: String] = [:]) async throws {
        self.environment = environment
        directory = try TemporaryDirectory()
        store = ["--database", database]
        // Its own, so that its processes can be told from those of others on this machine.
        let tenantName = "t" + String(SystemRandom().next(), radix: 36)
        self.tenant = try Tenant(tenantName).orFail("\(tenantName) is a tenant")
        self.options =
            ["--rate-limit", "0", "--workers", "4", "--grace", "1s", "--lease", "\(Self.lease.components.seconds)s"] + options
        key = try await ServerProcess.makeKey(on: store, tenant: tenantName)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count { group.addTask { try await self.start(number) } }
            try await group.waitForAll()
        }
    }

    var numbers: [Int] { nodes.withLock { $0.keys.sorted() } }

    /// Starts a node, for the first time or again.
    func start(_ number: Int, with more: [String] = []) async throws {
        let process = try await ServerProcess.start(on: store, options + more, log: logPath(number), environment: environment)
        let client = process.client(key, transport: ImpatientTransport(patience: .seconds(20)))
        nodes.withLock { $0[number] = (process, client) }
    }

    func process(_ number: Int) throws -> ServerProcess {
        try nodes.withLock { $0[number]?.process }.orFail("There is no node \(number)")
    }

    /// A client of one of the nodes, whichever number is given: for those who go from node to node.
    func client(_ number: Int) throws -> WorkflowClient {
        try nodes.withLock { nodes in
            let numbers = nodes.keys.sorted()
            return numbers.isEmpty ? nil : nodes[numbers[number % numbers.count]]?.client
        }.orFail("There are no nodes")
    }

    func kill(_ number: Int) async throws {
        try await process(number).end(with: SIGKILL)
    }

    /// Ends all nodes in order.
    /// - Returns: their exit codes.
    func end() async throws -> [Int32] {
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for number in numbers {
                let process = try process(number)
                group.addTask { try await process.end(with: SIGTERM) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Stores a workflow of one task.
    /// - Parameters:
    ///   - script: what it does; by default it writes into the ledger and takes that many seconds.
    func apply(_ id: String, script: String = "task.sh", seconds: String = "", attempts: Int = 20) async throws {
        try directory.write(TaskLedger.script, to: "task.sh")
        let text = """
            id: \(id)
            name: \(id)
            type: test.cluster/run
            stages:
              - name: Only
                tasks:
                  - id: only
                    type: test.ledger
                    command: [sh, \(script), "\(seconds)"]
                    retry: {attempts: \(attempts), first_delay: 50ms, max_delay: 1s}

            """
        _ = try await client(0).save(
            ConfigurationSource(text: text, format: .yaml, directory: directory.path), as: id)
    }

    var ledger: TaskLedger { TaskLedger(directory.text(of: "ledger")) }

    /// What the nodes logged: for a test that fails.
    var log: String {
        numbers.map { "--- node \($0)\n" + directory.text(of: "node-\($0).log") }.joined(separator: "\n")
    }

    private func logPath(_ number: Int) -> String { directory.path + "/node-\(number).log" }
}

struct Missing: Error, CustomStringConvertible {
    let description: String
}

extension Optional {
    /// - Throws: ``Missing`` where there is nothing.
    func orFail(_ why: @autoclosure () -> String) throws -> Wrapped {
        guard let self else { throw Missing(description: why()) }
        return self
    }
}
