import Logging
import WorkflowModel

extension Engine {
    /// Renews all leases together, again and again, and passes on what the store says of each.
    func keepLeases() async {
        while true {
            do { try await time.sleep(for: settings.renewInterval) } catch { return }
            if !attempts.isEmpty { await renewLeases() }
        }
    }

    private func renewLeases() async {
        let expiry = time.now + settings.leaseDuration
        let standings: [Lease: LeaseStanding]
        do {
            standings = try await store.renewLeases(Array(attempts.keys), until: expiry)
        } catch {
            logUnlessCancelled(error, "could not renew leases")
            endWhatOthersMayHaveTaken()
            return
        }
        for (lease, standing) in standings {
            // One that ended meanwhile is of no interest any more.
            guard let handle = attempts[lease] else { continue }
            switch standing {
            case .held: leasesHoldUntil[lease] = expiry
            case .stopRequested:
                leasesHoldUntil[lease] = expiry
                handle.end(.stopRequested)
            case .lost: handle.end(.leaseLost)
            }
        }
    }

    /// When leases ran out because the store cannot be reached from here, another worker may have the tasks already, and two
    /// must not work on one. Where nobody else works on the store, nobody can have them.
    private func endWhatOthersMayHaveTaken() {
        guard !settings.ownsStoreAlone else { return }
        let now = time.now
        for (lease, handle) in attempts {
            guard let end = leasesHoldUntil[lease], end <= now else { continue }
            handle.end(.leaseLost)
        }
    }
}
