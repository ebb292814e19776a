import Logging
import ServiceLifecycle
import Synchronization
import WorkflowModel

/// Records when keys were last used, in the background and at most once a minute for each key.
final class KeyUses: Sendable {
    static let interval = Duration.seconds(60)
    /// The most uses that wait to be written. Beyond that the oldest are dropped.
    private static let waiting = 1_024

    private let written = Mutex<[ExactText: Timestamp]>([:])
    private let queue: AsyncStream<(key: String, time: Timestamp)>
    private let continuation: AsyncStream<(key: String, time: Timestamp)>.Continuation

    init() {
        (queue, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.waiting))
    }

    func note(_ key: APIKey, at now: Timestamp) {
        let isDue = written.withLock { written in
            // The time in the store counts too, because another process may have written it.
            if let last = [written[key.id], key.lastUsedAt].compactMap({ $0 }).max(), now - last < Self.interval { return false }
            written[key.id] = now
            return true
        }
        if isDue { continuation.yield((key.id, now)) }
    }

    /// Writes noted uses until the task is cancelled. A failed write is dropped; the next use of the key writes again.
    fileprivate func write(to keys: any KeyStore, logger: Logger) async {
        for await use in queue {
            do {
                try await keys.recordKeyUses([use.key: use.time])
            } catch {
                logger.debug("The use of a key could not be kept", metadata: ["key": "\(use.key)"])
            }
        }
    }
}

/// The background service that writes uses of keys.
struct KeyUseWriter: Service {
    let uses: KeyUses
    let keys: any KeyStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await uses.write(to: keys, logger: logger) }
    }
}
