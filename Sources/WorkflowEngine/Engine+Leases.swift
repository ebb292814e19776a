import Logging
import WorkflowModel

extension Engine {
    /// Renews all leases together, periodically, and passes each new status to its attempt.
    func keepLeases() async {
        var pause = settings.renewInterval
        while true {
            do { try await time.sleep(for: pause) } catch { return }
            let began = time.elapsed
            if !attempts.isEmpty { await renew(Array(attempts.keys)) }
            // After a slow renewal the next one follows soon.
            pause = max(settings.renewInterval - (time.elapsed - began), settings.renewInterval / 10)
        }
    }

    func renew(_ leases: [Lease]) async {
        let leaseEnd = time.elapsed + settings.leaseDuration
        let expiry = time.now + settings.leaseDuration
        let statuses: [Lease: LeaseStatus]
        do {
            statuses = try await StoreWait.$ofThisRequest.withValue(StoreWait(limit: settings.renewLimit)) {
                try await store.renewLeases(leases, until: expiry)
            }
        } catch {
            logUnlessCancelled(error, "could not renew leases")
            return
        }
        for (lease, status) in statuses {
            // The attempt has ended meanwhile.
            guard let handle = attempts[lease] else { continue }
            switch status {
            case .held: extend(lease, to: leaseEnd)
            case .stopRequested:
                extend(lease, to: leaseEnd)
                handle.end(.stopRequested)
            case .lost: handle.end(.leaseLost)
            }
        }
    }

    /// Two renewals may be under way: the answer to the earlier one may come last.
    private func extend(_ lease: Lease, to end: Duration) {
        leaseEnds[lease] = max(leaseEnds[lease] ?? end, end)
    }
}

// Ends work before its lease expires when the lease cannot be renewed. After that another node may have the task, and a task must not
// run twice at the same time. This does not depend on an answer of the store: a connection that hangs gives none. When one process
// owns the store, no other process can take its tasks, and none of this applies.
extension Engine {
    /// Terminates or kills the work of a lease if that is due; otherwise sets the alarm for it.
    func enforceLeaseEnd(of lease: Lease, _ handle: AttemptHandle) {
        guard !settings.ownsStoreAlone, let next = due(of: lease, handle) else { return }
        setLeaseAlarm(at: next)
    }

    private func enforceLeaseEnds() {
        leaseAlarm = nil
        let next = attempts.compactMap { lease, handle in due(of: lease, handle) }.min()
        if let next { setLeaseAlarm(at: next) }
    }

    /// Terminates or kills the work of a lease when that is due.
    /// - Returns: when the next step is due; nil when none is left.
    private func due(of lease: Lease, _ handle: AttemptHandle) -> Duration? {
        guard let end = leaseEnds[lease], !handle.isWorkOver else { return nil }
        let now = time.elapsed
        let kill = settings.kill(before: end)
        let terminate = settings.termination(before: end, grace: handle.grace)
        if now < terminate { return terminate }
        if handle.end(.cutOff) {
            logger.warning(
                "the lease of a task expires before it can be renewed; terminating its work", metadata: lease.logMetadata)
        }
        if now < kill { return kill }
        handle.endAtOnce()
        return nil
    }

    private func setLeaseAlarm(at instant: Duration) {
        if let leaseAlarm, leaseAlarm.instant <= instant { return }
        leaseAlarm?.sleeper.cancel()
        let wait = max(instant - time.elapsed, .zero)
        let sleeper = Task {
            do { try await time.sleep(for: wait) } catch { return }
            // Cancelled after it woke: a newer alarm has replaced this one.
            if !Task.isCancelled { enforceLeaseEnds() }
        }
        leaseAlarm = (instant, sleeper)
    }
}
