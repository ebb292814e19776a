public import Logging
public import WorkflowModel

/// Claims tasks that are ready and executes them, keeps their leases, and rescues those whose workers are gone.
///
/// It lives in ``run()`` until that is cancelled or ``shutDown()`` is called. What happens next is decided in the store
/// (by `RunProgress`) and in `AttemptDecision`; the engine only drives.
public actor Engine {
    let store: any WorkflowStore
    let runners: [ExecutionType: any TaskRunner]
    let time: any TimeSource
    let random: any RandomSource
    let settings: EngineSettings
    let logger: Logger
    /// The name that leases are held under; no other life of any process has the same.
    let worker: String
    let definitions: DefinitionCache
    let bell = Bell()

    /// What is being executed.
    var attempts: [Lease: AttemptHandle] = [:]
    /// Until when the leases of all attempts hold at least, as far as is known here.
    var leasesHoldUntil: [Lease: Timestamp] = [:]
    /// When the next task that waits for its time will be ready, and who wakes the engine then.
    var alarm: (instant: Timestamp, sleeper: Task<Void, Never>)?
    private(set) var isShuttingDown = false

    /// - Parameters:
    ///   - runners: what executes the tasks of each type; tasks of other types fail with a message that says so.
    ///   - logger: told of everything that an operator may want to know, never of what a task printed.
    public init(
        store: any WorkflowStore, runners: [ExecutionType: any TaskRunner], time: any TimeSource, random: any RandomSource,
        settings: EngineSettings = EngineSettings(), logger: Logger
    ) {
        self.store = store
        self.runners = runners
        self.time = time
        self.random = random
        self.settings = settings
        self.logger = logger
        worker = settings.worker + "-" + String(random.next(), radix: 36)
        definitions = DefinitionCache(store: store, limit: EngineSettings.versionsKept)
    }

    /// Works until it is shut down; to be called once.
    ///
    /// Cancelling the surrounding task is a graceful shutdown, the same as ``shutDown()``: no more claims, work under way
    /// is told to end (TERM, grace, KILL for commands), its output is written and its end is reported as `weir.worker/lost`,
    /// so that it is tried again where its definition allows that. Returns when nothing is left.
    /// - Throws: `StoreError` when what a former life left cannot be found out for another reason than an unreachable store.
    public func run() async throws {
        // A task of its own: cancellation must not cut short what a shutdown still has to write.
        let life = Task { try await live() }
        try await withTaskCancellationHandler {
            try await life.value
        } onCancel: {
            Task { await shutDown() }
        }
    }

    /// Stops claiming and tells everything under way to end. ``run()`` returns when nothing is left.
    public func shutDown() {
        guard !isShuttingDown else { return }
        isShuttingDown = true
        logger.info("shutting down", metadata: ["tasks": "\(attempts.count)"])
        for handle in attempts.values { handle.end(.shutDown) }
        bell.ring()
    }

    private func live() async throws {
        let signals = store.signals()
        if settings.ownsStoreAlone {
            try await takeOverFromFormerLife()
        } else {
            await endOrphans()
        }
        let pipeline = AttemptPipeline(
            store: store, runners: runners, time: time, random: random, settings: settings, definitions: definitions,
            logger: logger)
        await withDiscardingTaskGroup { background in
            background.addTask { await self.heed(signals) }
            background.addTask { await self.keepLeases() }
            background.addTask { await self.rescueFromTimeToTime() }
            background.addTask { await self.lookFromTimeToTime() }
            // Ends when the last attempt has.
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
    }

    private func heed(_ signals: AsyncStream<StoreSignal>) async {
        for await signal in signals {
            switch signal {
            case .work: bell.ring()
            case .stop(let run): stop(run)
            case .schedules: break
            }
        }
    }

    private func stop(_ run: RunID) {
        for (lease, handle) in attempts where lease.run == run { handle.end(.stopRequested) }
    }

    private func ended(_ lease: Lease, again: Timestamp?) {
        attempts[lease] = nil
        leasesHoldUntil[lease] = nil
        if let again { setAlarm(at: again) }
        bell.ring()
    }
}
