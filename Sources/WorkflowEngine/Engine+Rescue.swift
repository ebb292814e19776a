import Logging
import WorkflowModel

extension Engine {
    /// Ends the processes that the previous process of this service left behind, and retries or fails their tasks.
    /// - Throws: `StoreError` unless the store is only unreachable: then it tries again.
    func recoverPreviousProcess() async throws {
        var pause = EngineSettings.firstStorePause
        while !isShuttingDown {
            do {
                let left = try await store.leasesOfAllTenants(notHeldBy: worker)
                guard !left.isEmpty else { return }
                let tasks = Set(left.map(\.lease.task))
                for runner in runners.values { await runner.endLeftovers(of: tasks) }
                for abandoned in left {
                    try await rescue(
                        abandoned, because: "The server stopped while the task was running.", ifExpiredBy: nil)
                }
                return
            } catch let error as StoreError where error.code == .unavailable {
                logger.warning("could not recover the tasks of the previous process; trying again", metadata: error.logMetadata)
            }
            try? await time.sleep(for: pause)
            pause = min(pause * 2, EngineSettings.longestStorePause)
        }
    }

    /// Rescues tasks with expired leases, periodically.
    func rescuePeriodically() async {
        while true {
            do { try await time.sleep(for: settings.rescueInterval) } catch { return }
            // Before the rescue: a rescued task may start on this node immediately.
            if !settings.ownsStoreAlone { await endOrphans() }
            await rescueAbandonedTasks()
        }
    }

    /// Ends the processes of services on this machine that died, even when another node takes over their tasks.
    func endOrphans() async {
        for runner in runners.values { await runner.endOrphans() }
    }

    private func rescueAbandonedTasks() async {
        let now = time.now
        do {
            for abandoned in try await store.expiredLeasesOfAllTenants(at: now, limit: EngineSettings.largestRescue) {
                // This engine's own lease, late because the clock jumped or the store was unreachable.
                guard attempts[abandoned.lease] == nil else { continue }
                try await rescue(
                    abandoned, because: "The worker that executed the task was lost.", ifExpiredBy: now)
            }
        } catch {
            logUnlessCancelled(error, "could not rescue abandoned tasks")
        }
    }

    private func rescue(_ abandoned: LeasedTask, because message: String, ifExpiredBy expiry: Timestamp?) async throws {
        let definition: TaskDefinition?
        do {
            let version = try await definitions.version(abandoned.version, of: abandoned.lease.tenant)
            definition = version.definitions[abandoned.definitionID]
        } catch is UnusableVersion {
            definition = nil
        }
        let now = time.now
        let event = AttemptDecision(
            attempt: abandoned.lease.attempt, definition: definition, now: now, random: random.fraction()
        ).eventAfterLosingWorker(message)
        let receipt = try await store.endLostAttempt(LostAttempt(abandoned.lease, with: event, ifExpiredBy: expiry), at: now)
        // Stale: the worker came back, or another node was faster.
        guard case .accepted(let state) = receipt else { return }
        logger.warning(
            "rescued a task whose worker was lost",
            metadata: abandoned.lease.logMetadata.merging([
                "definition": "\(abandoned.definitionID)", "worker": "\(abandoned.worker)", "state": "\(state.rawValue)",
            ]) { $1 })
        if state == .inProgress, case .retrying(_, let instant, _) = event { setAlarm(at: instant) }
        bell.ring()
    }
}
