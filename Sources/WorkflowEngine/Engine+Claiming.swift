import Logging
import WorkflowModel

extension Engine {
    /// Claims whenever there may be something to claim and somebody to execute it.
    func claimUntilShutDown(_ execute: (ClaimedTask, AttemptHandle) -> Void) async {
        bell.ring()
        for await _ in bell.rings {
            while await claim(execute) {}
            if isShuttingDown { return }
        }
    }

    /// - Returns: whether there may be more to claim at once.
    private func claim(_ execute: (ClaimedTask, AttemptHandle) -> Void) async -> Bool {
        let limit = min(settings.workers - attempts.count, EngineSettings.largestClaim)
        guard limit > 0, !isShuttingDown else { return false }
        let now = time.now
        let expiry = now + settings.leaseDuration
        do {
            let claimed = try await store.claimTasksOfAllTenants(limit: limit, worker: worker, until: expiry, at: now)
            for task in claimed {
                let handle = AttemptHandle()
                // Claimed while the shutdown began: given back in the ordinary way.
                if isShuttingDown { handle.end(.shutDown) }
                attempts[task.lease] = handle
                leasesHoldUntil[task.lease] = expiry
                execute(task, handle)
            }
            return claimed.count == limit
        } catch {
            // The poll tries again. What the store may have claimed for us without telling expires and is rescued.
            logger.warning("could not claim tasks", metadata: error.logMetadata)
            return false
        }
    }

    /// Looks for what no signal tells of: work of other processes, retries that are due, overdue runs.
    func lookFromTimeToTime() async {
        while true {
            await setAlarmForNextReadyTask()
            await warnOfOverdueRuns()
            do { try await time.sleep(for: settings.pollInterval) } catch { return }
            bell.ring()
        }
    }

    private func setAlarmForNextReadyTask() async {
        do {
            if let instant = try await store.nextReadyTimeOfAllTenants(after: time.now) { setAlarm(at: instant) }
        } catch {
            logUnlessCancelled(error, "could not find out when the next task will be ready")
        }
    }

    private func warnOfOverdueRuns() async {
        do {
            for run in try await store.newlyOverdueRunsOfAllTenants(at: time.now) {
                logger.warning(
                    "a run takes longer than its configuration said it should",
                    metadata: [
                        "tenant": "\(run.tenant)", "run": "\(run.id)", "name": "\(run.name)",
                        "warn_after_ms": "\(run.warnAfter.milliseconds)",
                    ])
            }
        } catch {
            logUnlessCancelled(error, "could not look for overdue runs")
        }
    }

    /// Has the engine woken at that instant, unless it will be before.
    func setAlarm(at instant: Timestamp) {
        if let alarm, alarm.instant <= instant { return }
        alarm?.sleeper.cancel()
        let wait = max(instant - time.now, .zero)
        let sleeper = Task {
            do { try await time.sleep(for: wait) } catch { return }
            await alarmWentOff()
        }
        alarm = (instant, sleeper)
    }

    private func alarmWentOff() async {
        // Cancelled just when it woke: another one has taken its place.
        if Task.isCancelled { return }
        alarm = nil
        bell.ring()
        await setAlarmForNextReadyTask()
    }

    func logUnlessCancelled(_ error: any Error, _ message: Logger.Message) {
        if Task.isCancelled { return }
        logger.warning(message, metadata: error.logMetadata)
    }
}

extension Error {
    var logMetadata: Logger.Metadata {
        if let error = self as? StoreError { return ["reason": "\(error.message)"] }
        return ["cause": "\(self)"]
    }
}
