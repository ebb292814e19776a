import Logging
import Synchronization
import WorkflowModel

/// The standbys that answer reads.
final class ReadReplicas: Sendable {
    let replicas: [ReadReplica]
    private let log: PrimaryLog
    /// Counts reads, so that equally busy replicas take turns.
    private let turns = Atomic(0)

    /// - Parameter primary: the pool of the primary.
    init(_ sessions: [Session], primary: ConnectionPool, time: any TimeSource, logger: Logger) {
        let log = PrimaryLog(pool: primary)
        self.log = log
        replicas = sessions.map { ReadReplica(session: $0, log: log, time: time, logger: logger) }
    }

    /// Reads from a replica that has everything that was acknowledged before this call.
    func read<Value: Sendable>(
        consistently: Bool, _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> ReplicaAnswer<Value> {
        guard let replica = next() else { return .none }
        let position: LogPosition
        do {
            position = try await log.position()
        } catch is PostgresFailure {
            return .none
        }
        return try await replica.read(behind: position, consistently: consistently, body)
    }

    func close() async {
        for replica in replicas { await replica.close() }
    }

    /// The least busy of the replicas in use.
    private func next() -> ReadReplica? {
        let turn = turns.add(1, ordering: .relaxed).newValue & Int.max
        let inTurn = replicas.indices.map { replicas[(turn + $0) % replicas.count] }
        return inTurn.filter(\.isUsed).min { $0.inProgress < $1.inProgress }
    }
}
