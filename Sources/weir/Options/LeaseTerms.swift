import ArgumentParser
import WorkflowEngine
import WorkflowModel

/// The lease duration and the grace period. On a shared store one limits the other: when a lease cannot be renewed, its command gets
/// SIGTERM, and SIGKILL after the grace period, before the lease expires.
struct LeaseTerms: Hashable, Sendable {
    let lease: Duration
    let grace: Duration

    /// - Parameters:
    ///   - lease: nil for the default.
    ///   - grace: nil for the default.
    /// - Throws: `ValidationError` when the lease is too short for the grace.
    init(lease: Duration?, grace: Duration?, isShared: Bool) throws {
        guard isShared else {
            self.lease = lease ?? EngineSettings.standardLease
            self.grace = grace ?? EngineSettings.standardGrace
            return
        }
        self.grace = grace ?? EngineSettings.grace(within: lease ?? EngineSettings.standardLease)
        self.lease = lease ?? EngineSettings.lease(for: self.grace)
        let shortest = EngineSettings.shortestLease(for: self.grace)
        guard self.lease < shortest else { return }
        let longestGrace = self.lease * 2 / 3
        throw ValidationError(
            "The lease of \(self.lease.inSeconds) is too short for a grace of \(self.grace.inSeconds): nodes that share a database end "
                + "commands before the lease expires. Use a --grace of \(longestGrace.inSeconds) or less"
                + (EngineSettings.leases.contains(shortest) ? ", or a --lease of \(shortest.inSeconds) or more." : "."))
    }
}

extension Duration {
    /// `15s`, `1500ms`: a text that the options accept.
    fileprivate var inSeconds: String {
        milliseconds.isMultiple(of: 1_000) ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }
}
