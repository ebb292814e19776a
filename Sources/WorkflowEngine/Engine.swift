public import Logging
public import WorkflowModel

/// Claims tasks that are ready, executes them, renews their leases, and rescues tasks of lost workers.
///
/// ``run()`` works until it is cancelled or ``shutDown()`` is called. Decisions are made in the store (by `RunProgress`) and in
/// `AttemptDecision`; the engine only carries them out.
public actor Engine {
    let store: any WorkStore & ConfigurationStore
    let runners: [ExecutionType: any TaskRunner]
    let time: any TimeSource
    let random: any RandomSource
    let settings: EngineSettings
    let logger: Logger
    /// The holder of this engine's leases. Unique for each process and each start.
    let worker: String
    let definitions: DefinitionCache
    let secrets: any SecretSource
    let bell = Bell()

    /// Attempts that are running.
    var attempts: [Lease: AttemptHandle] = [:]
    /// The known end of each lease, by `TimeSource.elapsed`. Counted from before the claim or the renewal was sent, because the store
    /// may have applied it at any moment after that.
    var leaseEnds: [Lease: Duration] = [:]
    /// The next check of the leases, by `TimeSource.elapsed`, and its sleeping task.
    var leaseAlarm: (instant: Duration, sleeper: Task<Void, Never>)?
    /// When the next delayed task becomes ready, and the sleeping task that wakes the engine then.
    var alarm: (instant: Timestamp, sleeper: Task<Void, Never>)?
    private(set) var isShuttingDown = false

    /// - Parameters:
    ///  - runners: one per execution type; tasks of other types fail with a message that says so.
    ///  - logger: receives events for operators, never the output of tasks.
    public init(
        store: any WorkStore & ConfigurationStore, runners: [ExecutionType: any TaskRunner], time: any TimeSource,
        random: any RandomSource, secrets: (any SecretSource)? = nil,
        settings: EngineSettings = EngineSettings(), logger: Logger
    ) {
        self.secrets = secrets ?? NoSecrets()
        self.store = store
        self.runners = runners
        self.time = time
        self.random = random
        self.settings = settings
        self.logger = logger
        worker = settings.worker + "-" + String(random.next(), radix: 36)
        definitions = DefinitionCache(store: store, limit: EngineSettings.versionsKept)
    }

    /// Works until it is shut down. Call it once.
    ///
    /// Cancelling the surrounding task is a graceful shutdown, the same as ``shutDown()``: the engine claims no more tasks and
    /// terminates running work (SIGTERM, grace, SIGKILL for commands). It writes their output and reports `weir.worker/lost`, so that
    /// the tasks are retried where their definitions allow. Returns when all attempts have ended.
    /// - Throws: `StoreError` when the tasks of the previous process cannot be read for a reason other than an unreachable store.
    public func run() async throws {
        // An unstructured task: cancellation must not interrupt what a shutdown still has to write.
        let work = Task { try await workUntilShutDown() }
        try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            Task { await shutDown() }
        }
    }

    /// Stops claiming and terminates all running work. ``run()`` returns when all attempts have ended.
    public func shutDown() {
        guard !isShuttingDown else { return }
        isShuttingDown = true
        logger.info("shutting down", metadata: ["tasks": "\(attempts.count)"])
        for handle in attempts.values { handle.end(.shutDown) }
        bell.ring()
    }

    private func workUntilShutDown() async throws {
        let signals = store.signals()
        // Deadlines that passed while no service ran: before the tasks of its previous process are tried again.
        await endClosing()
        if settings.ownsStoreAlone {
            try await recoverPreviousProcess()
        } else {
            await endOrphans()
        }
        let pipeline = AttemptPipeline(
            store: store, runners: runners, time: time, random: random, settings: settings, definitions: definitions,
            secrets: secrets,
            logger: logger)
        await withDiscardingTaskGroup { background in
            background.addTask { await self.handle(signals) }
            background.addTask { await self.keepLeases() }
            background.addTask { await self.rescuePeriodically() }
            background.addTask { await self.pollPeriodically() }
            // Ends with the last attempt.
            await withDiscardingTaskGroup { group in
                await self.claimUntilShutDown { claimed, handle in
                    group.addTask {
                        let again = await pipeline.execute(claimed, handle: handle)
                        await self.ended(claimed.lease, again: again)
                    }
                }
            }
            background.cancelAll()
        }
        alarm?.sleeper.cancel()
        leaseAlarm?.sleeper.cancel()
    }

    private func handle(_ signals: AsyncStream<StoreSignal>) async {
        for await signal in signals {
            switch signal {
            case .work: bell.ring()
            case .stop(let run): await stop(run)
            case .endings(let run): await renew(attempts.keys.filter { $0.run == run })
            case .schedules, .triggers: break
            }
        }
    }

    /// A closing task goes on after a stop, until its time is over: the store says which of the two it is.
    private func stop(_ run: RunID) async {
        var closing: [Lease] = []
        for (lease, handle) in attempts where lease.run == run {
            if handle.isClosing { closing.append(lease) } else { handle.end(.stopRequested) }
        }
        if !closing.isEmpty { await renew(closing) }
    }

    private func ended(_ lease: Lease, again: Timestamp?) {
        attempts[lease] = nil
        leaseEnds[lease] = nil
        if let again { setAlarm(at: again) }
        bell.ring()
    }
}
