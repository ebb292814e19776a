import Foundation
import ProgramTestKit
import Synchronization
import WorkflowClient
import WorkflowModel
import WorkflowTestKit

/// Several `weir serve` processes on one database, and a key that works on all of them.
///
/// A node is identified by its number. A restarted node is another process at another address.
final class NodesUnderTest: Sendable {
    /// The lease duration: when the tasks of a dead node are reassigned.
    static let lease = Duration.seconds(4)

    let directory: TemporaryDirectory
    let tenant: Tenant
    let key: [String: String]
    private let store: [String]
    private let options: [String]
    private let environment: [String: String]
    private let nodes = Mutex<[Int: (process: ServerProcess, client: WorkflowClient)]>([:])

    /// - Parameters:
    ///   - database: its address for the nodes.
    ///   - options: additional options of all nodes.
    ///   - environment: additional variables of all nodes.
    init(_ count: Int, on database: String, options: [String] = [], environment: [String: String] = [:]) async throws {
        self.environment = environment
        directory = try TemporaryDirectory()
        store = ["--database", database]
        // A directory of its own identifies its processes on this machine.
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

    /// Starts or restarts a node.
    func start(_ number: Int, with more: [String] = []) async throws {
        let process = try await ServerProcess.start(on: store, options + more, log: logPath(number), environment: environment)
        let client = process.client(key, transport: ImpatientTransport(patience: .seconds(20)))
        nodes.withLock { $0[number] = (process, client) }
    }

    func process(_ number: Int) throws -> ServerProcess {
        try nodes.withLock { $0[number]?.process }.orFail("There is no node \(number)")
    }

    /// A client of a node; the number is taken modulo the number of nodes.
    func client(_ number: Int) throws -> WorkflowClient {
        try nodes.withLock { nodes in
            let numbers = nodes.keys.sorted()
            return numbers.isEmpty ? nil : nodes[numbers[number % numbers.count]]?.client
        }.orFail("There are no nodes")
    }

    func kill(_ number: Int) async throws {
        try await process(number).end(with: SIGKILL)
    }

    /// Shuts down all nodes gracefully.
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
    ///   - script: the command; by default it writes into the ledger and takes this many seconds.
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

    /// The logs of the nodes, for failure messages.
    var log: String {
        numbers.map { "--- node \($0)\n" + directory.text(of: "node-\($0).log") }.joined(separator: "\n")
    }

    private func logPath(_ number: Int) -> String { directory.path + "/node-\(number).log" }
}

struct Missing: Error, CustomStringConvertible {
    let description: String
}

extension Optional {
    /// - Throws: ``Missing`` for nil.
    func orFail(_ why: @autoclosure () -> String) throws -> Wrapped {
        guard let self else { throw Missing(description: why()) }
        return self
    }
}
