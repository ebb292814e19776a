import Logging
import WorkflowModel

extension Engine {
    /// Claims tasks while workers are free, each time the bell rings.
    func claimUntilShutDown(_ execute: (ClaimedTask, AttemptHandle) -> Void) async {
        bell.ring()
        for await _ in bell.rings {
            while await claim(execute) {}
            if isShuttingDown { return }
        }
    }

    /// - Returns: whether the claim was full, so that more tasks may be ready.
    private func claim(_ execute: (ClaimedTask, AttemptHandle) -> Void) async -> Bool {
        let limit = min(settings.workers - attempts.count, EngineSettings.largestClaim)
        guard limit > 0, !isShuttingDown else { return false }
        // A claimed task has already begun an attempt. The next poll tries again.
        guard runners.values.allSatisfy(\.canStart) else { return false }
        let now = time.now
        let expiry = now + settings.leaseDuration
        let leaseEnd = time.elapsed + settings.leaseDuration
        do {
            let claimed = try await store.claimTasksOfAllTenants(TaskClaim(limit: limit, worker: worker, until: expiry), at: now)
            for task in claimed {
                let handle = AttemptHandle(isClosing: task.soFar != nil)
                // The shutdown began during the claim: the attempt ends as every other one does.
                if isShuttingDown { handle.end(.shutDown) }
                attempts[task.lease] = handle
                leaseEnds[task.lease] = leaseEnd
                // After a slow answer the lease may be nearly over: then the work does not start.
                enforceLeaseEnd(of: task.lease, handle)
                execute(task, handle)
            }
            return claimed.count == limit
        } catch {
            // The poll tries again. Tasks that the store claimed although the answer was lost are rescued when their leases expire.
            logger.warning("could not claim tasks", metadata: error.logMetadata)
            return false
        }
    }

    /// Polls for changes without a signal: work of other processes, due retries, overdue runs.
    func pollPeriodically() async {
        while true {
            await setAlarmForNextReadyTask()
            await warnOfOverdueRuns()
            await endClosing()
            do { try await time.sleep(for: settings.pollInterval) } catch { return }
            bell.ring()
        }
    }

    private func setAlarmForNextReadyTask() async {
        do {
            if let instant = try await store.nextReadyTimeOfAllTenants(after: time.now) { setAlarm(at: instant) }
        } catch {
            logUnlessCancelled(error, "could not read when the next task will be ready")
        }
    }

    private func warnOfOverdueRuns() async {
        do {
            for run in try await store.newlyOverdueRunsOfAllTenants(at: time.now) {
                logger.warning(
                    "a run exceeds the `warn_after` of its configuration",
                    metadata: [
                        "tenant": "\(run.tenant)", "run": "\(run.id)", "name": "\(run.name)",
                        "warn_after_ms": "\(run.warnAfter.milliseconds)",
                    ])
            }
        } catch {
            logUnlessCancelled(error, "could not read the overdue runs")
        }
    }

    /// Any node does this for all runs. A worker that executes such a task learns of it by a signal, or when it renews its lease.
    func endClosing() async {
        do {
            for run in try await store.endClosingOfAllTenants(at: time.now, limit: EngineSettings.mostClosingsEnded) {
                logger.warning(
                    "the closing tasks of a stopped run exceed the `after_stop` of its configuration; stopping them",
                    metadata: ["run": "\(run)"])
            }
        } catch {
            logUnlessCancelled(error, "could not end the closing tasks of stopped runs")
        }
    }

    /// Wakes the engine at that instant, unless an earlier alarm is set.
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
        // Cancelled after it woke: a newer alarm has replaced this one.
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
