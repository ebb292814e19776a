public import Logging
import Synchronization
public import WorkflowModel

/// Sends alerts from the outbox. The outbox hands out one alert per receiver at a time, so that a slow or dead receiver does not delay others.
///
/// Delivery is at least once: an attempt that was sent but could not be reported is repeated when its lease expires, with the same `webhook-id`.
public struct AlertSender: Sendable {
    private let outbox: any AlertOutbox
    private let runs: any RunListStore & RunStore & SubscriptionStore
    private let transport: any AlertTransport
    private let time: any TimeSource
    private let base: @Sendable () -> String?
    private let logger: Logger

    /// - Parameter base: the base URL of links to pages, without a trailing slash, read for each attempt; nil for no links.
    public init(
        outbox: any AlertOutbox, runs: any RunListStore & RunStore & SubscriptionStore,
        transport: any AlertTransport, time: any TimeSource,
        base: @autoclosure @escaping @Sendable () -> String?, logger: Logger
    ) {
        self.outbox = outbox
        self.runs = runs
        self.transport = transport
        self.time = time
        self.base = base
        self.logger = logger
    }

    /// Works until it is cancelled. Interrupted attempts are repeated by the next sender.
    public func run() async {
        let (wakeups, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let inProgress = AttemptsInProgress()
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    wake.yield()
                    do { try await time.sleep(for: AlertLimits.interval) } catch { break }
                }
                wake.finish()
            }
            for await _ in wakeups {
                for claimed in await claim(AlertLimits.inFlight - inProgress.count) {
                    inProgress.add(1)
                    group.addTask {
                        await send(claimed)
                        inProgress.add(-1)
                        // The receiver may have further alerts.
                        wake.yield()
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
            return try await outbox.claimAlertsOfAllTenants(limit: limit, until: now + AlertLimits.lease, at: now)
        } catch {
            log(error, "could not claim alerts")
            return []
        }
    }

    private func send(_ claimed: ClaimedAlert) async {
        let alert = claimed.alert
        do {
            var run: WorkflowRun?
            if case .run(let id) = alert.subject {
                run = try await runs.runs(withIDs: [id], of: alert.tenant).first
                // Retention has deleted the run and the alert.
                if run == nil { return }
            }
            let message = AlertMessage(
                alert, run: run, try await causes(of: alert), kind: claimed.receiver.kind, base: base())
            let now = time.now
            let headers = WebhookSignature.headers(
                id: alert.id, at: now, body: message.body, secrets: claimed.receiver.secrets(at: now))
            let outcome = await transport.post(message.body, headers: headers, to: claimed.receiver.url)
            // Interrupted by the shutdown: not reported, so the alert stays due and is sent again when its lease expires.
            if Task.isCancelled, case .failed = outcome { return }
            try await outbox.report(outcome, of: claimed, at: time.now)
            note(outcome, of: claimed)
        } catch {
            log(error, "could not send an alert")
        }
    }

    private func causes(of alert: Alert) async throws -> AlertCauses {
        guard case .run(let id) = alert.subject else { return AlertCauses() }
        var causes = AlertCauses(warnings: try await warnings(of: alert))
        if alert.event == .stopped { causes.stop = try await runs.stops(of: [id], tenant: alert.tenant)[id] }
        let subscriptions = try await runs.subscriptions(to: id, of: alert.tenant)
        if subscriptions?.event == alert.event {
            causes.subscription = subscriptions?.list.first { $0.receiver == alert.receiver }
        }
        return causes
    }

    /// The first warnings of the run that an alert about warnings has; none of other alerts.
    private func warnings(of alert: Alert) async throws -> [RunWarning] {
        guard alert.event == .warning, case .run(let id) = alert.subject else { return [] }
        return Array((try await runs.run(id, of: alert.tenant)?.warnings ?? []).prefix(AlertLimits.warnings))
    }

    /// URLs and secrets are not logged.
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
            logger.warning("disabled a receiver that answered 410 Gone", metadata: metadata)
        }
    }

    private func log(_ error: any Error, _ message: Logger.Message) {
        guard !Task.isCancelled else { return }
        logger.error(message, metadata: ["reason": "\((error as? StoreError)?.message ?? "\(error)")"])
    }
}

/// Counts attempts in progress.
private final class AttemptsInProgress: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add(_ change: Int) {
        number.withLock { $0 += change }
    }
}
