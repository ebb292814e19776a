import Logging
import ServiceLifecycle
import Synchronization
import WorkflowModel

/// Remembers when keys were last used, and writes it now and then: behind the requests, and at most once a minute for each key.
final class KeyUses: Sendable {
    static let interval = Duration.seconds(60)
    /// Uses that wait to be written at most; beyond, the oldest are forgotten.
    private static let waiting = 1_024

    private let written = Mutex<[String: Timestamp]>([:])
    private let queue: AsyncStream<(key: String, time: Timestamp)>
    private let continuation: AsyncStream<(key: String, time: Timestamp)>.Continuation

    init() {
        (queue, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.waiting))
    }

    func note(_ key: APIKey, at now: Timestamp) {
        let isDue = written.withLock { written in
            // What the store knows counts too: another process may have written it.
            if let last = [written[key.id], key.lastUsedAt].compactMap({ $0 }).max(), now - last < Self.interval { return false }
            written[key.id] = now
            return true
        }
        if isDue { continuation.yield((key.id, now)) }
    }

    /// Writes what is noted until it is cancelled. What cannot be written is let go: the next use brings it again.
    fileprivate func write(to store: any WorkflowStore, logger: Logger) async {
        for await use in queue {
            do {
                try await store.recordUseOfAnyTenant([use.key: use.time])
            } catch {
                logger.debug("The use of a key could not be kept", metadata: ["key": "\(use.key)"])
            }
        }
    }
}

/// The part of the service that writes uses of keys.
struct KeyUseWriter: Service {
    let uses: KeyUses
    let store: any WorkflowStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await uses.write(to: store, logger: logger) }
    }
}
