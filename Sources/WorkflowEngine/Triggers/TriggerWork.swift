public import Logging
public import WorkflowModel

/// Decides about the firings of triggers after other workflows, and starts their runs.
///
/// Any number of nodes may work on one store, without claiming anything. The first decision is written together with its run, and later
/// ones are rejected. A node that dies leaves nothing to take over.
public actor TriggerWork {
    private let store: any TriggerStore & ConfigurationStore & RunStore
    private let time: any TimeSource
    private let random: any RandomSource
    private let logger: Logger
    private let bell = Bell()
    private var sleeper: Task<Void, Never>?
    private var configurations: [ConfigurationVersionID: WorkflowConfiguration] = [:]

    public init(
        store: any TriggerStore & ConfigurationStore & RunStore, time: any TimeSource, random: any RandomSource, logger: Logger
    ) {
        self.store = store
        self.time = time
        self.random = random
        self.logger = logger
    }

    /// Works until the surrounding task is cancelled.
    public func run() async {
        let signals = store.signals()
        let listener = Task {
            for await signal in signals where signal == .triggers { bell.ring() }
        }
        bell.ring()
        for await _ in bell.rings {
            sleeper?.cancel()
            await decideWhatWaits()
            if Task.isCancelled { break }
            setAlarm()
        }
        listener.cancel()
        sleeper?.cancel()
    }

    /// Decides until nothing waits, or until another node is faster.
    package func decideWhatWaits() async {
        do {
            while !Task.isCancelled {
                let waiting = try await store.waitingFiringsOfAllTenants(at: time.now, limit: TriggerLimits.firingsAtOnce)
                guard !waiting.isEmpty else { return }
                // Nodes that begin at different places decide about the same firing less often.
                let begin = Int(random.next() % UInt64(waiting.count))
                var hasDecided = false
                for firing in waiting[begin...] + waiting[..<begin] {
                    if Task.isCancelled { return }
                    hasDecided = await decide(firing) || hasDecided
                }
                guard hasDecided else { return }
            }
        } catch {
            logUnlessCancelled(error, "could not read which triggers have fired")
        }
    }

    /// - Returns: whether a decision was written.
    private func decide(_ firing: TriggerFiring) async -> Bool {
        do {
            let now = time.now
            guard case .recorded(let recorded) = try await store.record(try await decision(about: firing, at: now), at: now) else {
                return false
            }
            log(recorded)
            return true
        } catch {
            logUnlessCancelled(error, "could not decide about the firing of a trigger")
            return false
        }
    }

    /// Reads what the decision needs, and decides. Nothing is written.
    package func decision(about firing: TriggerFiring, at now: Timestamp) async throws -> FiringDecision {
        guard case .run(let id, let source, let state) = firing.cause else {
            return firing.ended(.failed, "The call of the webhook was not handled to its end.", at: now)
        }
        guard let version = try await store.configuration(firing.configuration, of: firing.tenant) else {
            return firing.ended(.failed, "The workflow was deleted before the trigger could start a run.", at: now)
        }
        guard let configuration = read(version) else { return firing.postponed(until: now + TriggerLimits.retryInterval) }
        guard let run = try await store.run(id, of: firing.tenant)?.run else {
            return firing.ended(.failed, "The run \(id) was deleted before the trigger could start a run.", at: now)
        }
        return firing.decided(
            by: configuration.trigger(after: source.text, in: state), of: configuration, version: version,
            values: TriggerValues(of: run), range: run.origin.range, at: now, random: random)
    }

    /// nil for a version that this version of the program cannot read.
    private func read(_ version: ConfigurationVersion) -> WorkflowConfiguration? {
        if let known = configurations[version.id] { return known }
        do {
            let configuration = try ConfigurationReader.ofAcceptedText.read(version.source, file: version.configuration)
            if configurations.count >= SchedulerLimits.versionsKept { configurations = [:] }
            configurations[version.id] = configuration
            return configuration
        } catch {
            logger.error(
                "cannot read a configuration; its triggers start runs once it can be read",
                metadata: [
                    "tenant": "\(version.tenant)", "configuration": "\(version.configuration)", "version": "\(version.id)",
                    "reason": "\(error.problems.first.map { "\($0)" } ?? "")",
                ])
            return nil
        }
    }

    private func setAlarm() {
        let (time, bell) = (time, bell)
        sleeper = Task {
            guard (try? await time.sleep(for: TriggerLimits.pollInterval)) != nil else { return }
            bell.ring()
        }
    }

    private func log(_ firing: TriggerFiring) {
        let metadata: Logger.Metadata = [
            "tenant": "\(firing.tenant)", "configuration": "\(firing.configuration)", "firing": "\(firing.id)",
            "run": "\(firing.run?.rawValue ?? "-")", "reason": "\(firing.note ?? "-")",
        ]
        switch firing.outcome {
        case .started: logger.info("a trigger started a run", metadata: metadata)
        case .paused: logger.info("a trigger of a paused workflow started no run", metadata: metadata)
        case .refused, .cut, .failed: logger.warning("a trigger started no run", metadata: metadata)
        case .waiting: break
        }
    }

    private func logUnlessCancelled(_ error: any Error, _ message: Logger.Message) {
        if Task.isCancelled { return }
        logger.warning(message, metadata: error.logMetadata)
    }
}
