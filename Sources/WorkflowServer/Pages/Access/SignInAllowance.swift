import Synchronization
import WorkflowModel

/// Counts failed sign-ins by client id and address, and by address. Each process counts in memory.
///
/// No count is by client id alone, and the right secret is always accepted. Otherwise a client that knows an id, or shares an
/// address (as all clients behind a reverse proxy do), could lock the key's owner out. The counts only affect responses to wrong
/// secrets; secrets of 256 random bits cannot be guessed at any rate.
final class SignInAllowance: Sendable {
    /// Failures allowed within ``window``: for one client id from one address, and for one address.
    static let perKeyAndAddress = 10
    static let perAddress = 60
    static let window = Duration.seconds(60)
    /// Entries, at most. Beyond, expired entries are removed; if none is expired, all are removed.
    static let most = 10_000

    private enum Name: Hashable {
        case address(String)
        case keyFromAddress(key: String, address: String)
    }

    private struct Failures {
        var count: Int
        var since: Timestamp
    }

    private let failures = Mutex<[Name: Failures]>([:])

    /// Counts a failure.
    /// - Returns: the time to wait after too many failures; nil below the limit.
    func fail(key: String, address: String?, at now: Timestamp) -> Duration? {
        let address = address ?? ""
        // Limited by bytes: one character can have any number of them.
        let key = String(decoding: key.utf8.prefix(128), as: UTF8.self)
        return failures.withLock { failures in
            if failures.count >= Self.most {
                failures = failures.filter { now - $0.value.since < Self.window }
                if failures.count >= Self.most { failures.removeAll() }
            }
            let names: [(Name, Int)] = [
                (.keyFromAddress(key: key, address: address), Self.perKeyAndAddress),
                (.address(address), Self.perAddress),
            ]
            return names.compactMap { name, most -> Duration? in
                guard let found = failures[name], now - found.since < Self.window else {
                    failures[name] = Failures(count: 1, since: now)
                    return nil
                }
                guard found.count >= most else {
                    failures[name]?.count += 1
                    return nil
                }
                return Self.window - (now - found.since)
            }.max()
        }
    }
}
