import ServiceLifecycle
import WorkflowOperations

/// Works on bulk operations from the opening of a gate until shutdown.
struct BulkService: Service {
    let work: BulkWork
    let start: Gate

    func run() async throws {
        guard await start.isOpenBeforeShutdown() else { return }
        await cancelWhenGracefulShutdown { await work.run() }
    }
}
