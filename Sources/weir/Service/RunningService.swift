import AlertDelivery
import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import NIOCore
import PostgresStore
import SQLiteStore
import ServiceLifecycle
import Synchronization
import TaskRunners
import UnixSignals
import WorkflowEngine
import WorkflowModel
import WorkflowOperations
import WorkflowServer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The composition root: store, control socket, API and engine in one process, started in this order and stopped in reverse.
/// A shared database needs no control socket, because administration commands connect to it directly.
struct RunningService: Sendable {
    let plan: ServicePlan
    let store: any WorkflowStore
    /// The demo's webhook.
    let hook: DemoHook?
    /// Sign-in links that the caller makes and the service accepts.
    let links: SignInLinks
    let secrets: SecretVault

    init(plan: ServicePlan, store: any WorkflowStore, hook: DemoHook? = nil, links: SignInLinks = SignInLinks()) {
        self.plan = plan
        self.store = store
        self.hook = hook
        self.links = links
        secrets = SecretVault(store: store, file: plan.keyFile)
    }

    /// Opens the store of a plan.
    /// - Throws: `StoreError`
    static func openStore(_ plan: ServicePlan) async throws -> any WorkflowStore {
        switch plan.store {
        case .directory(let directory):
            return try await OwnThread.run { try SQLiteStore.open(directory: directory, time: SystemTime()) }
        case .database(let address):
            return try await PostgresStore.open(
                address, replicas: plan.readReplicas, settings: PostgresSettings(connections: plan.databaseConnections),
                time: SystemTime(), random: SystemRandom(), logger: plan.logger("weir.store"))
        }
    }

    /// Runs until a signal: the first one shuts down gracefully, a later one at once; see ``ShutdownSignals``.
    /// - Parameter listening: called once the API listens, with its address; without an API, once the control socket listens.
    func run(_ listening: @escaping @Sendable (String?) async throws -> Void) async throws {
        signal(SIGPIPE, SIG_IGN)
        let descriptors = try DescriptorBudget(plan)
        descriptors.log(plan.logger("weir.server"))
        try await checkSecrets()
        let signals = await UnixSignalsSequence(trapping: ServiceSignals.trapped)
        let commands = plan.logger("weir.commands")
        let containment = try await OwnThread.run { TaskContainment.ofService(logger: commands) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: try await services(descriptors, containment, listening), logger: plan.logger("weir.lifecycle"))
        )
        let watch = Task { await handle(signals, group, containment) }
        defer { watch.cancel() }
        do {
            try await group.run()
        } catch {
            try? await OwnThread.run { containment.end() }
            throw ListenError.failure(error, host: plan.host, port: plan.port)
        }
        try? await OwnThread.run { containment.end() }
    }

    /// Says at the start that secrets cannot be decrypted. Tasks without secrets run all the same.
    /// - Throws: `OperationError` for a key file that the operator has named and that cannot be used.
    private func checkSecrets() async throws {
        var complaint: String?
        do {
            complaint = try await secrets.complaint()
        } catch let error as OperationError where plan.secretsKeyFile == nil {
            complaint = error.message
        }
        guard let complaint else { return }
        plan.logger("weir.secrets").error("secrets cannot be decrypted", metadata: ["reason": "\(complaint)"])
    }

    /// In the order of their start; they stop in reverse.
    private func services(
        _ descriptors: DescriptorBudget, _ containment: TaskContainment,
        _ listening: @escaping @Sendable (String?) async throws -> Void
    ) async throws -> [ServiceGroupConfiguration.ServiceConfiguration] {
        var services: [any Service] = []
        var ready = Gate()
        if case .directory = plan.store {
            let listening = ready
            let control = ControlServer(
                administration: DirectAdministration(
                    store: store, lookup: SystemAddressLookup(time: SystemTime()), secrets: secrets),
                address: try ControlAddress(directory: plan.dataDirectory), cores: Cores.count, logger: plan.logger("weir.control"),
                onListening: { listening.open() })
            services.append(control)
        } else {
            ready.open()
        }
        let address = ListeningAddress()
        if plan.hasAPI {
            let prepared = ready
            ready = Gate()
            services.append(Waiting(for: prepared, then: try await api(at: address, opening: ready, descriptors)))
        }
        // Work begins once the API listens, so that a service whose port is in use changes nothing.
        if plan.workers > 0 {
            services.append(EngineService(engine: try engine(containment, descriptors), start: ready))
            services.append(SchedulerService(scheduler: scheduler, start: ready))
            services.append(TriggerService(work: triggerWork, start: ready))
            services.append(AlertService(sender: alertSender(at: address), start: ready))
        }
        if let filing = store as? any RunFiling {
            let work = FilingWork(filing: filing, time: SystemTime(), logger: plan.logger("weir.filing"))
            services.append(FilingService(work: work, start: ready))
        }
        services.append(BulkService(work: bulkWork, start: ready))
        let announcement = StartupAnnouncement(listening: ready) { try await listening(address.url) }
        return services.map { .init(service: $0) }
            + [.init(service: announcement, failureTerminationBehavior: .gracefullyShutdownGroup)]
    }

    private func api(
        at address: ListeningAddress, opening ready: Gate, _ descriptors: DescriptorBudget
    ) async throws -> any Service {
        var dependencies = ServerDependencies(
            store: store, time: SystemTime(), random: SystemRandom(), zones: SystemScheduleZones(),
            settings: ServerSettings(domain: plan.domain, rateLimit: plan.rateLimit), buckets: buckets,
            logger: plan.logger("weir.server"))
        dependencies.signInLinks = links
        dependencies.secrets = secrets
        dependencies.settings.searchTime = plan.searchTime
        dependencies.settings.alertAddresses = plan.alertAddresses
        dependencies.settings.connections = ConnectionLimits(
            connections: descriptors.connections, connectionsPerAddress: descriptors.connectionsPerAddress)
        dependencies.lookup = SystemAddressLookup(time: SystemTime())
        dependencies.receiverTester = AlertTest(transport: alertTransport, time: SystemTime())
        let host = plan.host
        let application = try await buildApplication(
            dependencies, address: ServerAddress(host: plan.host, port: plan.port),
            onServerRunning: { channel in
                address.set(host: host, port: channel.localAddress?.port ?? 0)
                ready.open()
            })
        return hook.map { HookedApplication(base: application, hook: $0) } ?? application
    }

    /// On a shared store, one limit over all nodes.
    private var buckets: any RequestBuckets {
        guard let shared = store as? any RequestBuckets else { return LocalRequestBuckets() }
        return SharedRequestBuckets(over: shared, time: SystemTime(), logger: plan.logger("weir.server"))
    }

    /// The HTTP client of tasks; it lives as long as the process.
    private static let calls = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPRunner.configuration)

    /// Those of requests through proxies, also as long as the process.
    private static let proxies = Mutex<ProxyClients?>(nil)

    private func proxyClients() throws(CommandFailure) -> ProxyClients {
        let settings = try ServicePlan.proxies(plan.environment)
        return Self.proxies.withLock { proxies in
            let clients = proxies ?? ProxyClients(settings)
            proxies = clients
            return clients
        }
    }

    private func engine(_ containment: TaskContainment, _ descriptors: DescriptorBudget) throws -> Engine {
        let time = SystemTime()
        let processes = ProcessSettings(
            containment: containment, user: plan.taskUser, descriptorLimit: UInt64(descriptors.limit.inherited),
            fileMask: plan.fileMask)
        let commands = CommandRunner(
            environment: CommandEnvironment(inherited: plan.environment, allowed: plan.allowedVariables),
            workDirectory: plan.dataDirectory + "/work", scratchDirectory: plan.dataDirectory + "/scratch", grace: plan.grace,
            processes: processes, time: time, logger: plan.logger("weir.commands"))
        return Engine(
            store: store,
            runners: [
                .command: commands, .http: HTTPRunner(client: Self.calls, proxies: try proxyClients()),
                .workflow: CallRunner(store: store, time: time, random: SystemRandom()),
            ],
            time: time, random: SystemRandom(), secrets: secrets, settings: engineSettings, logger: plan.logger("weir.engine"))
    }

    private var scheduler: Scheduler {
        Scheduler(
            store: store, time: SystemTime(), random: SystemRandom(), zones: SystemScheduleZones(),
            logger: plan.logger("weir.scheduler"))
    }

    private var triggerWork: TriggerWork {
        TriggerWork(store: store, time: SystemTime(), random: SystemRandom(), logger: plan.logger("weir.triggers"))
    }

    private func alertSender(at address: ListeningAddress) -> AlertSender {
        let time = SystemTime()
        let plan = plan
        return AlertSender(
            outbox: store, runs: store,
            transport: alertTransport, time: time, base: plan.alertBase(port: address.port), logger: plan.logger("weir.alerts"))
    }

    private var alertTransport: HTTPAlertTransport {
        HTTPAlertTransport(policy: plan.alertAddresses, lookup: SystemAddressLookup(time: SystemTime()))
    }

    private var bulkWork: BulkWork {
        BulkWork(
            store: store, ownsStoreAlone: engineSettings.ownsStoreAlone, time: SystemTime(), random: SystemRandom(),
            logger: plan.logger("weir.bulk"))
    }

    private var engineSettings: EngineSettings {
        var settings = EngineSettings(
            workers: plan.workers, leaseDuration: plan.lease, grace: plan.grace, outputKept: plan.outputLimit)
        if case .database = plan.store {
            settings.ownsStoreAlone = false
            // Shows operators which node runs a task.
            settings.worker = ProcessInfo.processInfo.hostName
        }
        return settings
    }

    /// How long a graceful shutdown may take after the grace period of commands. It exceeds every deadline within the service.
    private static let shutdownPatience = Duration.seconds(30)

    private func handle(_ signals: UnixSignalsSequence, _ group: ServiceGroup, _ containment: TaskContainment) async {
        var received = ShutdownSignals()
        let time = SystemTime()
        for await signal in signals {
            let status = ServiceSignals.exitCode(for: signal)
            switch received.action(for: signal, at: time.elapsed) {
            case .ignore:
                plan.logger("weir.lifecycle").notice("ignored a signal", metadata: ["signal": "\(signal)"])
            case .shutDown:
                Self.endAtOnce(status, containment, after: plan.grace + Self.shutdownPatience)
                await group.triggerGracefulShutdown()
            case .repeated: continue
            case .endAtOnce:
                Self.endAtOnce(status, containment)
            }
        }
    }

    /// Ends the process if the shutdown hangs. It uses a thread of its own, so that no exhausted thread pool delays it.
    private static func endAtOnce(_ status: Int32, _ containment: TaskContainment, after patience: Duration) {
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: Double(patience.components.seconds))
            endAtOnce(status, containment)
        }
    }

    private static func endAtOnce(_ status: Int32, _ containment: TaskContainment) -> Never {
        containment.endAtOnce()
        // On the log's thread: a reader that does not read must not delay the exit.
        LogWriter.standard.write("weir: stopped at once. Running tasks were killed, and are tried again after the next start.")
        LogWriter.standard.flush(atMost: .milliseconds(200))
        _exit(status)
    }
}
