public import Logging
public import WorkflowModel

/// Starts the runs of schedules, and accounts for every tick of theirs.
///
/// Any number of them may work over one store, on as many nodes: nothing is claimed. Each decides what is due from what the
/// store says and offers that decision; the first one is written, with its runs, and all others come too late. So there is
/// nothing to take over from one that dies.
public actor Scheduler {
    private let store: any WorkflowStore
    private let time: any TimeSource
    private let random: any RandomSource
    private let zones: any ScheduleZones
    private let logger: Logger
    private let bell = Bell()
    private var sleeper: Task<Void, Never>?
    private var versions: [ConfigurationVersionID: ReadSchedules] = [:]

    public init(
        store: any WorkflowStore, time: any TimeSource, random: any RandomSource, zones: any ScheduleZones, logger: Logger
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
        let heed = Task {
            for await signal in signals where signal == .schedules { bell.ring() }
        }
        bell.ring()
        for await _ in bell.rings {
            // While it is at it there is nothing to be woken for.
            sleeper?.cancel()
            let isThrough = await decideWhatIsDue()
            if Task.isCancelled { break }
            await setAlarm(isThrough: isThrough)
        }
        heed.cancel()
        sleeper?.cancel()
    }

    /// Decides until nothing is due, or somebody else is at it.
    /// - Returns: whether nothing was left.
    private func decideWhatIsDue() async -> Bool {
        do {
            while !Task.isCancelled {
                let due = try await store.dueSchedulesOfAllTenants(
                    at: time.now, limit: SchedulerLimits.configurationsAtOnce)
                guard !due.isEmpty else { return true }
                // Several who begin in different places get into each other's way less.
                let begin = Int(random.next() % UInt64(due.count))
                var hasDecided = false
                for standing in due[begin...] + due[..<begin] {
                    if Task.isCancelled { return false }
                    hasDecided = await decide(standing) || hasDecided
                }
                guard hasDecided else { return false }
            }
        } catch {
            logUnlessCancelled(error, "could not find out which schedules are due")
        }
        return false
    }

    /// - Returns: whether anything was written.
    private func decide(_ standing: ScheduleStanding) async -> Bool {
        do {
            let now = time.now
            let decision: ScheduleDecision
            do {
                let versions = try await versions(of: standing)
                decision = TickDecision(standing, versions: versions, now: now)
                    .planned(from: standing, versions: versions, at: now, random: random)
            } catch let error as UnreadableSchedules {
                logger.error(
                    "cannot tell when a configuration is to run; its ticks are made up for when it can be read",
                    metadata: [
                        "tenant": "\(standing.tenant)", "configuration": "\(standing.configuration)", "reason": "\(error.message)",
                    ])
                decision = ScheduleDecision(
                    tenant: standing.tenant, configuration: standing.configuration, revision: standing.revision,
                    decidedUntil: standing.decidedUntil, wakeAt: now + SchedulerLimits.retryInterval, waitsForRun: false)
            }
            guard try await store.record(decision, at: now) else { return false }
            log(decision)
            return true
        } catch {
            logUnlessCancelled(error, "could not decide about a schedule")
            return false
        }
    }

    private func versions(of standing: ScheduleStanding) async throws -> [ConfigurationVersionID: ReadSchedules] {
        var read: [ConfigurationVersionID: ReadSchedules] = [:]
        for stretch in standing.stretches {
            if let known = versions[stretch.version] {
                read[stretch.version] = known
                continue
            }
            let schedules = try await ReadSchedules.read(stretch.version, of: standing.tenant, from: store, zones: zones)
            if versions.count >= SchedulerLimits.versionsKept { versions = [:] }
            versions[stretch.version] = schedules
            read[stretch.version] = schedules
        }
        return read
    }

    /// Wakes when the next schedule is due, and from time to time.
    private func setAlarm(isThrough: Bool) async {
        var wait = SchedulerLimits.pollInterval
        let least = isThrough ? Duration.milliseconds(1) : SchedulerLimits.pause
        do {
            if let next = try await store.nextScheduleTimeOfAllTenants() { wait = min(wait, max(next - time.now, least)) }
        } catch {
            logUnlessCancelled(error, "could not find out when the next schedule is due")
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
