import AlertDelivery
import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import NIOCore
import PostgresStore
import SQLiteStore
import ServiceLifecycle
import TaskRunners
import UnixSignals
import WorkflowEngine
import WorkflowModel
import WorkflowServer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The composition root: store, control socket, API and engine in one process, started in this order and ended in reverse.
/// A database that nodes share needs no control socket: whoever administers it reaches it as this process does.
struct RunningService: Sendable {
    let plan: ServicePlan
    let store: any WorkflowStore
    /// What the demo adds.
    var hook: DemoHook?
    /// Those that the service knows are made by whoever starts it.
    var links = SignInLinks()

    /// Opens the store of a plan.
    /// - Throws: `StoreError`
    static func openStore(_ plan: ServicePlan) async throws -> any WorkflowStore {
        switch plan.store {
        case .directory(let directory):
            return try await OwnThread.run { try SQLiteStore.open(directory: directory) }
        case .database(let address):
            return try await PostgresStore.open(
                address, replicas: plan.readReplicas, settings: PostgresSettings(connections: plan.databaseConnections),
                time: SystemTime(), random: SystemRandom(), logger: plan.logger("weir.store"))
        }
    }

    /// Runs until a signal ends it: the first one in order, the second one at once.
    /// - Parameter listening: called once the API listens, with its address; without an API, once the control socket does.
    func run(_ listening: @escaping @Sendable (String?) async throws -> Void) async throws {
        signal(SIGPIPE, SIG_IGN)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: try await services(listening), logger: plan.logger("weir.lifecycle"))
        )
        let watch = Task { await Self.heed(signals, group) }
        defer { watch.cancel() }
        do {
            try await group.run()
        } catch {
            throw ListeningTrouble.failure(error, host: plan.host, port: plan.port)
        }
    }

    /// In the order in which they start; they end in reverse.
    private func services(
        _ listening: @escaping @Sendable (String?) async throws -> Void
    ) async throws -> [ServiceGroupConfiguration.ServiceConfiguration] {
        var services: [any Service] = []
        var ready = Gate()
        if case .directory = plan.store {
            let control = ControlServer(
                administration: DirectAdministration(store: store), address: try ControlAddress(directory: plan.dataDirectory),
                logger: plan.logger("weir.control"), listening: ready)
            services.append(control)
        } else {
            ready.open()
        }
        let address = ListeningAddress()
        if plan.hasAPI {
            let prepared = ready
            ready = Gate()
            services.append(Waiting(for: prepared, then: try await api(at: address, opening: ready)))
        }
        // Work begins once the API listens, so that a service whose port is taken touches nothing.
        if plan.workers > 0 {
            services.append(EngineService(engine: engine, start: ready))
            services.append(SchedulerService(scheduler: scheduler, start: ready))
            services.append(AlertService(sender: alertSender(at: address), start: ready))
        }
        let herald = Herald(listening: ready) { try await listening(address.url) }
        return services.map { .init(service: $0) }
            + [.init(service: herald, failureTerminationBehavior: .gracefullyShutdownGroup)]
    }

    private func api(at address: ListeningAddress, opening ready: Gate) async throws -> any Service {
        var dependencies = ServerDependencies(
            store: store, time: SystemTime(), random: SystemRandom(), zones: SystemScheduleZones(),
            settings: ServerSettings(domain: plan.domain, rateLimit: plan.rateLimit), buckets: buckets,
            logger: plan.logger("weir.server"))
        dependencies.signInLinks = links
        dependencies.settings.alertAddresses = plan.alertAddresses
        dependencies.lookup = SystemAddressLookup(time: SystemTime())
        let host = plan.host
        let application = try await buildApplication(
            dependencies, address: ServerAddress(host: plan.host, port: plan.port),
            onServerRunning: { channel in
                address.set(host: host, port: channel.localAddress?.port ?? 0)
                ready.open()
            })
        return hook.map { HookedApplication(base: application, hook: $0) } ?? application
    }

    /// One limit over all nodes, where there may be several.
    private var buckets: any RequestBuckets {
        guard let shared = store as? any RequestBuckets else { return LocalRequestBuckets() }
        return SharedRequestBuckets(over: shared, time: SystemTime(), logger: plan.logger("weir.server"))
    }

    /// What HTTP tasks call with: there as long as the program is.
    private static let calls = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPRunner.configuration)

    private var engine: Engine {
        let time = SystemTime()
        let commands = CommandRunner(
            environment: CommandEnvironment(inherited: plan.environment, allowed: plan.allowedVariables),
            workDirectory: plan.dataDirectory + "/work", scratchDirectory: plan.dataDirectory + "/scratch", grace: plan.grace,
            time: time, logger: plan.logger("weir.commands"))
        return Engine(
            store: store, runners: [.command: commands, .http: HTTPRunner(client: Self.calls)], time: time, random: SystemRandom(),
            settings: engineSettings, logger: plan.logger("weir.engine"))
    }

    private var scheduler: Scheduler {
        Scheduler(
            store: store, time: SystemTime(), random: SystemRandom(), zones: SystemScheduleZones(),
            logger: plan.logger("weir.scheduler"))
    }

    private func alertSender(at address: ListeningAddress) -> AlertSender {
        let time = SystemTime()
        let plan = plan
        return AlertSender(
            store: store,
            transport: HTTPAlertTransport(policy: plan.alertAddresses, lookup: SystemAddressLookup(time: time)), time: time,
            base: plan.alertBase(port: address.port), logger: plan.logger("weir.alerts"))
    }

    private var engineSettings: EngineSettings {
        var settings = EngineSettings(workers: plan.workers, leaseDuration: plan.lease, outputKept: plan.outputLimit)
        if case .database = plan.store {
            settings.ownsStoreAlone = false
            // So that an operator sees which node holds a task.
            settings.worker = ProcessInfo.processInfo.hostName
        }
        return settings
    }

    private static func heed(_ signals: UnixSignalsSequence, _ group: ServiceGroup) async {
        var isEnding = false
        for await signal in signals {
            if isEnding {
                Console.standard.note("weir: ended at once; what was running is ended and tried again at the next start.")
                _exit(128 + (signal == .sigint ? SIGINT : SIGTERM))
            }
            isEnding = true
            await group.triggerGracefulShutdown()
        }
    }
}
