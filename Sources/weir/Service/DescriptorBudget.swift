import Logging
import TaskRunners
import WorkflowServer

/// Divides the file descriptors of the process between client connections and everything else.
///
/// The reserve must suffice at any time. Without a free descriptor, commands cannot start, and libdispatch ends the process: its
/// thread monitor opens a file in `/proc` every second.
struct DescriptorBudget: Hashable, Sendable {
    /// Descriptors per worker: pipes, the process descriptor and files of a command, or the socket of an HTTP call.
    static let perWorker = 12
    /// Descriptors per event loop.
    static let perLoop = 3
    /// Standard streams, the store, listening sockets, alerts, time zones, and refused connections.
    static let base = 96 + ConnectionLimits.refusals
    /// The least number of client connections.
    static let fewestConnections = 16
    /// The limit that is requested from the system at least.
    static let usual = 65_536

    var limit: DescriptorLimit
    /// Descriptors reserved for everything except client connections.
    var reserve: Int
    /// The most client connections.
    var connections: Int
    var connectionsPerAddress: Int

    /// - Throws: ``CommandFailure`` when the limit is too low.
    init(_ plan: ServicePlan, cores: Int = Cores.count, raise: (Int) -> DescriptorLimit = DescriptorLimit.raise(to:)) throws {
        let sessions =
            if case .database = plan.store { (plan.databaseConnections + 2) * (1 + plan.readReplicas.count) } else { 0 }
        reserve = Self.base + cores * Self.perLoop + plan.workers * Self.perWorker + sessions
        let wanted = plan.hasAPI ? plan.mostConnections ?? ConnectionLimits.mostConnections : 0
        limit = raise(max(Self.usual, reserve + wanted))
        let left = limit.current - reserve
        let needed = reserve + (plan.hasAPI ? min(Self.fewestConnections, wanted) : 0)
        guard limit.current >= needed else {
            throw CommandFailure(
                .settings,
                "The limit of open files is \(limit.current), but \(plan.workers) workers need \(needed). "
                    + "Raise the limit (ulimit -n, LimitNOFILE of systemd) or lower --workers.")
        }
        connections = min(wanted, max(left, 0))
        connectionsPerAddress = min(plan.mostConnectionsPerAddress ?? max(1, connections / 2), max(1, connections))
    }
}

extension DescriptorBudget {
    /// Logs the limits, so that an operator sees which one to raise.
    func log(_ logger: Logger) {
        logger.notice(
            "Limits of open files and connections",
            metadata: [
                "open_files": "\(limit.current)", "inherited": "\(limit.inherited)", "reserved": "\(reserve)",
                "connections": "\(connections)", "per_address": "\(connectionsPerAddress)",
            ])
    }
}
