import Synchronization
import WorkflowModel

@testable import WorkflowOperations

/// The bulk operations of a simulation, and what is known about them.
struct SimulatedBulk {
    /// A step that a node has decided on, which other steps may precede.
    struct Step {
        var run: RunID
        var act: BulkAct
        /// The new run of an act that reruns the run.
        var rerun: Simulation.Submitted?
    }

    /// A node in its turn. Its decisions are the real ones.
    struct Node {
        var operation: BulkOperation
        var turn: BulkTurn
        var next: Step?
    }

    let time = SimulatedTime()
    /// nil for a node without a turn.
    var nodes: [Node?] = [nil, nil]
    /// The operations, and the runs that were there when each was requested.
    var requested: [BulkID: (operation: BulkOperation, runs: [RunID])] = [:]
    var receipts: [BulkID: [BulkReceipt]] = [:]
    /// Operations that have ended, as they were first seen. They never change.
    var ended: [BulkID: BulkOperation] = [:]
    var deleted: Set<RunID> = []
    /// Runs of which a receipt says that they are stopped.
    var stopped: Set<RunID> = []
    /// The runs that receipts say were rerun.
    var rerun: Set<RunID> = []

    var running: [BulkID] { requested.keys.filter { ended[$0] == nil }.sorted { $0.rawValue < $1.rawValue } }
}

/// The times of a simulation, for code that reads a clock.
final class SimulatedTime: TimeSource {
    private let times = Mutex((now: Timestamp(milliseconds: 0), elapsed: Duration.zero))

    var now: Timestamp { times.withLock { $0.now } }
    var elapsed: Duration { times.withLock { $0.elapsed } }

    func set(_ now: Timestamp, _ elapsed: Duration) {
        times.withLock { $0 = (now, elapsed) }
    }

    func sleep(for duration: Duration) async throws {
        throw CancellationError()
    }
}
