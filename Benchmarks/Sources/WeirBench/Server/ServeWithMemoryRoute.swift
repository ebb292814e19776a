import ArgumentParser
import Hummingbird
import Logging
import NIOCore
import SQLiteStore
import WorkflowModel
import WorkflowServer

#if canImport(Glibc)
    import Glibc
#endif

/// `weir-bench serve-with-memory-route`: `weir serve --workers 0` with a ``MemoryRoute``.
struct ServeWithMemoryRoute: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve-with-memory-route", abstract: "Serves a data directory, and one route that answers from memory.")

    @Option var data: String
    @Option var port = 0
    @Option var rateLimit = 0
    /// Accepted because `weir serve` accepts it; this program has no engine.
    @Option var workers = 0

    func run() async throws {
        let directory = data
        let store = try await Blocking.run { try SQLiteStore.open(directory: directory, time: SystemTime()) }
        var logger = Logger(label: "weir-bench")
        logger.logLevel = .error
        let application = try await buildApplication(
            ServerDependencies(
                store: store, time: SystemTime(), random: SystemRandom(), zones: SystemScheduleZones(),
                settings: ServerSettings(rateLimit: rateLimit),
                logger: logger),
            address: ServerAddress(host: "127.0.0.1", port: port),
            onServerRunning: { channel in
                print("Listening on http://127.0.0.1:\(channel.localAddress?.port ?? 0)")
                fflush(nil)
            })
        try await ApplicationWithMemoryRoute(base: application, route: MemoryRoute()).runService()
        try await store.close()
    }
}
