import Synchronization
import WorkflowModel

/// Limits how many refusals of a key are written to the audit log, so that a client that only knows a client id cannot fill it. Each
/// process counts in memory. Refusals beyond the limit are refused all the same.
final class AuditedRefusals: Sendable {
    /// Refusals of one key that are recorded in ``window``.
    static let most = 10
    static let window = Duration.seconds(60)
    /// Keys that are counted at a time. Beyond, all counts begin again.
    static let mostKeys = 10_000

    private struct Count {
        var refusals: Int
        var since: Timestamp
    }

    private let counts = Mutex<[ExactText: Count]>([:])

    /// Counts a refusal.
    /// - Parameter key: the id of a key that exists.
    /// - Returns: whether to record it.
    func admit(_ key: String, at now: Timestamp) -> Bool {
        counts.withLock { counts in
            if counts.count >= Self.mostKeys { counts.removeAll() }
            guard let known = counts[key], now - known.since < Self.window else {
                counts[key] = Count(refusals: 1, since: now)
                return true
            }
            guard known.refusals < Self.most else { return false }
            counts[key] = Count(refusals: known.refusals + 1, since: known.since)
            return true
        }
    }
}
