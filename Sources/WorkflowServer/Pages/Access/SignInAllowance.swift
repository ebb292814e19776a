import Synchronization
import WorkflowModel

/// How often signing in may fail, per client id and per address. Kept in memory, by each process for itself: it slows guessing down,
/// which secrets of 256 random bits do not depend on.
final class SignInAllowance: Sendable {
    /// Failures within ``window`` for one client id, and from one address, behind which many may be.
    static let perKey = 10
    static let perAddress = 60
    static let window = Duration.seconds(60)
    /// Names that are remembered at most; beyond, those whose window is over are forgotten, and if that does not help, all.
    private static let most = 10_000

    private struct Failures {
        var count: Int
        var since: Timestamp
    }

    private let failures = Mutex<[String: Failures]>([:])

    /// - Returns: how long to wait, when that is needed.
    func wait(key: String, address: String?, at now: Timestamp) -> Duration? {
        failures.withLock { failures in
            names(key, address).compactMap { name, most in
                guard let found = failures[name], now - found.since < Self.window, found.count >= most else { return nil }
                return Self.window - (now - found.since)
            }.max()
        }
    }

    func fail(key: String, address: String?, at now: Timestamp) {
        failures.withLock { failures in
            if failures.count >= Self.most {
                failures = failures.filter { now - $0.value.since < Self.window }
                if failures.count >= Self.most { failures.removeAll() }
            }
            for (name, _) in names(key, address) {
                if let found = failures[name], now - found.since < Self.window {
                    failures[name]?.count += 1
                } else {
                    failures[name] = Failures(count: 1, since: now)
                }
            }
        }
    }

    private func names(_ key: String, _ address: String?) -> [(String, Int)] {
        [("key:\(key.prefix(128))", Self.perKey)] + (address.map { [("address:\($0)", Self.perAddress)] } ?? [])
    }
}
