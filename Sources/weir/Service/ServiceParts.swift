import ServiceLifecycle
import WorkflowEngine
import WorkflowModel

/// Starts a service once a gate is open.
struct Waiting: Service {
    let gate: Gate
    let service: any Service

    init(for gate: Gate, then service: any Service) {
        self.gate = gate
        self.service = service
    }

    func run() async throws {
        guard await gate.isOpenBeforeShutdown() else { return }
        try await service.run()
    }
}

/// The engine, from when a gate opens to the shutdown.
struct EngineService: Service {
    let engine: Engine
    let start: Gate

    func run() async throws {
        guard await start.isOpenBeforeShutdown() else { return }
        let engine = engine
        try await withGracefulShutdownHandler {
            try await engine.run()
        } onGracefulShutdown: {
            Task { await engine.shutDown() }
        }
    }
}

/// The scheduler, from when a gate opens to the shutdown.
struct SchedulerService: Service {
    let scheduler: Scheduler
    let start: Gate

    func run() async throws {
        guard await start.isOpenBeforeShutdown() else { return }
        await cancelWhenGracefulShutdown { await scheduler.run() }
    }
}

/// Tells once where the service listens; after that it has nothing to do but to wait for the end.
///
/// It is a service of its own because the API answers nobody before whoever told that it listens has returned.
struct Herald: Service {
    let listening: Gate
    let tell: @Sendable () async throws -> Void

    func run() async throws {
        guard await listening.isOpenBeforeShutdown() else { return }
        try await cancelWhenGracefulShutdown { try await tell() }
        try? await gracefulShutdown()
    }
}

extension Gate {
    /// - Returns: false when the service is to end before the gate was opened.
    func isOpenBeforeShutdown() async -> Bool {
        await cancelWhenGracefulShutdown { await self.pass() }
    }
}
