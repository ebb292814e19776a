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

/// Runs the engine from the opening of a gate until shutdown.
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

/// Runs the scheduler from the opening of a gate until shutdown.
struct SchedulerService: Service {
    let scheduler: Scheduler
    let start: Gate

    func run() async throws {
        guard await start.isOpenBeforeShutdown() else { return }
        await cancelWhenGracefulShutdown { await scheduler.run() }
    }
}

struct TriggerService: Service {
    let work: TriggerWork
    let start: Gate

    func run() async throws {
        guard await start.isOpenBeforeShutdown() else { return }
        await cancelWhenGracefulShutdown { await work.run() }
    }
}

/// Announces the address of the service once, then waits for shutdown.
///
/// It is a service of its own, because the API answers no request before its `onServerRunning` has returned.
struct StartupAnnouncement: Service {
    let listening: Gate
    let announce: @Sendable () async throws -> Void

    func run() async throws {
        guard await listening.isOpenBeforeShutdown() else { return }
        try await cancelWhenGracefulShutdown { try await announce() }
        try? await gracefulShutdown()
    }
}

extension Gate {
    /// - Returns: false when the shutdown begins before the gate is open.
    func isOpenBeforeShutdown() async -> Bool {
        await cancelWhenGracefulShutdown { await self.pass() }
    }
}
