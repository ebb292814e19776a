public import Logging
public import WorkflowModel

/// Starts the runs of schedules and records the outcome of every tick.
///
/// Any number of schedulers may work on one store, on as many nodes, without claiming anything. Each one derives the due ticks from
/// the store and submits its decision. The first decision is written together with its runs, and later ones are rejected. A scheduler
/// that dies leaves nothing to take over.
public actor Scheduler {
    private let store: any ScheduleStore & ConfigurationStore
    private let time: any TimeSource
    private let random: any RandomSource
    private let zones: any ScheduleZones
    private let logger: Logger
    private let bell = Bell()
    private var sleeper: Task<Void, Never>?
    private var versions: [ConfigurationVersionID: ReadSchedules] = [:]

    public init(
        store: any ScheduleStore & ConfigurationStore, time: any TimeSource, random: any RandomSource, zones: any ScheduleZones,
        logger: Logger
    ) {
        self.store = store
        self.time = time
        self.random = random
        self.zones = zones
        self.logger = logger
    }

    /// Works until the surrounding task is cancelled.
    public func run() async {
        let signals = store.signals()
        let listener = Task {
            for await signal in signals where signal == .schedules { bell.ring() }
        }
        bell.ring()
        for await _ in bell.rings {
            // The alarm is needed only while the scheduler sleeps.
            sleeper?.cancel()
            let isThrough = await decideWhatIsDue()
            if Task.isCancelled { break }
            await setAlarm(isThrough: isThrough)
        }
        listener.cancel()
        sleeper?.cancel()
    }

    /// Decides until nothing is due, or until another scheduler is faster.
    /// - Returns: whether all due ticks are decided.
    private func decideWhatIsDue() async -> Bool {
        do {
            while !Task.isCancelled {
                let due = try await store.dueSchedulesOfAllTenants(
                    at: time.now, limit: SchedulerLimits.configurationsAtOnce)
                guard !due.isEmpty else { return true }
                // Schedulers that begin at different places conflict less often.
                let begin = Int(random.next() % UInt64(due.count))
                var hasDecided = false
                for scheduleProgress in due[begin...] + due[..<begin] {
                    if Task.isCancelled { return false }
                    hasDecided = await decide(scheduleProgress) || hasDecided
                }
                guard hasDecided else { return false }
            }
        } catch {
            logUnlessCancelled(error, "could not read which schedules are due")
        }
        return false
    }

    /// - Returns: whether a decision was written.
    private func decide(_ scheduleProgress: ScheduleProgress) async -> Bool {
        do {
            let now = time.now
            let decision: ScheduleDecision
            do {
                let versions = try await versions(of: scheduleProgress)
                decision = TickDecision(scheduleProgress, versions: versions, now: now)
                    .planned(from: scheduleProgress, versions: versions, at: now, random: random)
            } catch let error as UnreadableSchedules {
                logger.error(
                    "cannot read the schedules of a configuration; its ticks are caught up once they can be read",
                    metadata: [
                        "tenant": "\(scheduleProgress.tenant)", "configuration": "\(scheduleProgress.configuration)",
                        "reason": "\(error.message)",
                    ])
                decision = ScheduleDecision(
                    tenant: scheduleProgress.tenant, configuration: scheduleProgress.configuration,
                    revision: scheduleProgress.revision,
                    decidedUntil: scheduleProgress.decidedUntil, wakeAt: now + SchedulerLimits.retryInterval, waitsForRun: false)
            }
            guard try await store.record(decision, at: now) else { return false }
            log(decision)
            return true
        } catch {
            logUnlessCancelled(error, "could not decide the ticks of a schedule")
            return false
        }
    }

    private func versions(of scheduleProgress: ScheduleProgress) async throws -> [ConfigurationVersionID: ReadSchedules] {
        var read: [ConfigurationVersionID: ReadSchedules] = [:]
        for stretch in scheduleProgress.stretches {
            if let known = versions[stretch.version] {
                read[stretch.version] = known
                continue
            }
            let schedules = try await ReadSchedules.read(stretch.version, of: scheduleProgress.tenant, from: store, zones: zones)
            if versions.count >= SchedulerLimits.versionsKept { versions = [:] }
            versions[stretch.version] = schedules
            read[stretch.version] = schedules
        }
        return read
    }

    /// Wakes the scheduler when the next schedule is due, and periodically.
    private func setAlarm(isThrough: Bool) async {
        var wait = SchedulerLimits.pollInterval
        let least = isThrough ? Duration.milliseconds(1) : SchedulerLimits.pause
        do {
            if let next = try await store.nextScheduleTimeOfAllTenants() { wait = min(wait, max(next - time.now, least)) }
        } catch {
            logUnlessCancelled(error, "could not read when the next schedule is due")
        }
        let (time, bell, duration) = (time, bell, wait)
        sleeper = Task {
            guard (try? await time.sleep(for: duration)) != nil else { return }
            bell.ring()
        }
    }

    private func log(_ decision: ScheduleDecision) {
        for tick in decision.ticks where tick.outcome != .merged {
            let metadata: Logger.Metadata = [
                "tenant": "\(tick.tenant)", "configuration": "\(tick.configuration)", "schedule": "\(tick.schedule)",
                "instant": "\(tick.instant.iso8601)", "reason": "\(tick.reason?.rawValue ?? "-")",
                "run": "\(tick.run?.rawValue ?? "-")",
            ]
            switch tick.outcome {
            case .started: logger.info("a schedule started a run", metadata: metadata)
            case .missed: logger.warning("a tick of a schedule was missed", metadata: metadata)
            case .skipped: logger.info("a tick of a schedule was skipped", metadata: metadata)
            case .waiting, .merged: break
            }
        }
    }

    private func logUnlessCancelled(_ error: any Error, _ message: Logger.Message) {
        if Task.isCancelled { return }
        logger.warning(message, metadata: error.logMetadata)
    }
}
