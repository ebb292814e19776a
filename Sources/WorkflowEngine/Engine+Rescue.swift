import Logging
import WorkflowModel

extension Engine {
    /// Decides about everything that a former life of this service left: what it was executing is ended, then tried again or failed.
    /// - Throws: `StoreError` for another reason than a store that cannot be reached.
    func takeOverFromFormerLife() async throws {
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
                logger.warning("could not take over from the former life of the service; trying again", metadata: error.logMetadata)
            }
            try? await time.sleep(for: pause)
            pause = min(pause * 2, EngineSettings.longestStorePause)
        }
    }

    /// Looks for leases that nobody renews, again and again.
    func rescueFromTimeToTime() async {
        while true {
            do { try await time.sleep(for: settings.renewInterval) } catch { return }
            // First: what is rescued here may be executed here at once.
            if !settings.ownsStoreAlone { await endOrphans() }
            await rescueAbandonedTasks()
        }
    }

    /// Other services on this machine may have died, whoever takes over their tasks: what they were executing is ended.
    func endOrphans() async {
        for runner in runners.values { await runner.endOrphans() }
    }

    private func rescueAbandonedTasks() async {
        let now = time.now
        do {
            for abandoned in try await store.abandonedTasksOfAllTenants(at: now, limit: EngineSettings.largestRescue) {
                // Ours, and late only because the clock jumped or the store could not be reached.
                guard attempts[abandoned.lease] == nil else { continue }
                try await rescue(
                    abandoned, because: "The worker that executed the task was lost.", ifExpiredBy: now)
            }
        } catch {
            logUnlessCancelled(error, "could not rescue abandoned tasks")
        }
    }

    private func rescue(_ abandoned: AbandonedTask, because message: String, ifExpiredBy expiry: Timestamp?) async throws {
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
        let receipt = try await store.rescue(abandoned.lease, with: event, ifExpiredBy: expiry, at: now)
        // Stale: its worker came back, or somebody else was faster.
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
