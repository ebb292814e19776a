import ServiceLifecycle
import WorkflowOperations

/// Files ended runs from the opening of a gate until shutdown.
struct FilingService: Service {
    let work: FilingWork
    let start: Gate

    func run() async throws {
        guard await start.isOpenBeforeShutdown() else { return }
        await cancelWhenGracefulShutdown { await work.run() }
    }
}
