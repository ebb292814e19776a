public import Logging
import Synchronization
public import WorkflowModel

/// Takes alerts out of the outbox and to their receivers, each receiver on its own: one that is dead or slow has one attempt
/// under way, and delays nobody else.
public struct AlertSender: Sendable {
    private let store: any WorkflowStore
    private let transport: any AlertTransport
    private let time: any TimeSource
    private let base: @Sendable () -> String?
    private let logger: Logger

    /// - Parameter base: what links to pages begin with, without a slash at its end, asked for when an alert is sent; nil for no links.
    public init(
        store: any WorkflowStore, transport: any AlertTransport, time: any TimeSource,
        base: @autoclosure @escaping @Sendable () -> String?, logger: Logger
    ) {
        self.store = store
        self.transport = transport
        self.time = time
        self.base = base
        self.logger = logger
    }

    /// Works until it is cancelled. What is under way then is sent again by whoever comes next.
    public func run() async {
        let (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let underWay = UnderWay()
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    bell.yield()
                    do { try await time.sleep(for: AlertLimits.interval) } catch { break }
                }
                bell.finish()
            }
            for await _ in rings {
                for claimed in await claim(AlertLimits.inFlight - underWay.count) {
                    underWay.add(1)
                    group.addTask {
                        await send(claimed)
                        underWay.add(-1)
                        // The receiver may have more to be told.
                        bell.yield()
                    }
                }
            }
            group.cancelAll()
        }
    }

    private func claim(_ limit: Int) async -> [ClaimedAlert] {
        guard limit > 0, !Task.isCancelled else { return [] }
        let now = time.now
        do {
            return try await store.claimAlertsOfAllTenants(limit: limit, until: now + AlertLimits.lease, at: now)
        } catch {
            log(error, "could not look for alerts to send")
            return []
        }
    }

    private func send(_ claimed: ClaimedAlert) async {
        let alert = claimed.alert
        do {
            var run: WorkflowRun?
            if case .run(let id) = alert.subject {
                run = try await store.runs(withIDs: [id], of: alert.tenant).first
                // Retention has taken it, and the alert with it.
                if run == nil { return }
            }
            let message = AlertMessage(alert, run: run, kind: claimed.receiver.kind, base: base())
            let now = time.now
            let headers = WebhookSignature.headers(
                id: alert.id, at: now, body: message.body, secrets: claimed.receiver.secrets(at: now))
            let outcome = await transport.post(message.body, headers: headers, to: claimed.receiver.url)
            // Cut short by the end of the service: as if it had not been tried.
            if Task.isCancelled, case .failed = outcome { return }
            try await store.report(outcome, of: claimed, at: time.now)
            note(outcome, of: claimed)
        } catch {
            log(error, "could not send an alert")
        }
    }

    /// Addresses and secrets are not for logs.
    private func note(_ outcome: AlertOutcome, of claimed: ClaimedAlert) {
        let metadata: Logger.Metadata = [
            "alert": "\(claimed.alert.id)", "tenant": "\(claimed.alert.tenant)", "receiver": "\(claimed.alert.receiver)",
            "attempt": "\(claimed.alert.attempts)",
        ]
        switch outcome {
        case .delivered: logger.info("sent an alert", metadata: metadata)
        case .failed(let reason):
            logger.warning("could not send an alert", metadata: metadata.merging(["reason": "\(reason)"]) { $1 })
        case .gone:
            logger.warning("a receiver wants no more alerts, and is disabled", metadata: metadata)
        }
    }

    private func log(_ error: any Error, _ message: Logger.Message) {
        guard !Task.isCancelled else { return }
        logger.error(message, metadata: ["reason": "\((error as? StoreError)?.message ?? "\(error)")"])
    }
}

/// Counts what is under way.
private final class UnderWay: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add(_ change: Int) {
        number.withLock { $0 += change }
    }
}
