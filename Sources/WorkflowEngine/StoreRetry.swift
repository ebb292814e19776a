import Logging
import WorkflowModel

/// Retries calls to an unreachable store, because an event must not be lost to a short interruption.
struct StoreRetry: Sendable {
    let time: any TimeSource
    let random: any RandomSource
    let logger: Logger

    /// Calls the store until it answers. Must not be called in a task that may be cancelled.
    ///
    /// - Parameters:
    ///  - purpose: what the call does, in the words of the log.
    ///  - handle: the attempt that the call belongs to: a lost lease ends the retries, a shutdown limits them.
    /// - Returns: nil when the retries were given up, or when the store refused the call for a reason that a retry does not change.
    func answer<Answer: Sendable>(
        to purpose: String, for handle: AttemptHandle, metadata: Logger.Metadata,
        _ ask: @Sendable () async throws -> Answer
    ) async -> Answer? {
        var pause = EngineSettings.firstStorePause
        var triesWhenShuttingDown = 0
        while handle.reason != .leaseLost {
            do {
                return try await ask()
            } catch let error as StoreError where error.code == .unavailable {
                if handle.isShuttingDown { triesWhenShuttingDown += 1 }
                guard triesWhenShuttingDown < EngineSettings.triesWhenShuttingDown else {
                    logger.error("gave up on \(purpose): the store could not be reached before the shutdown", metadata: metadata)
                    return nil
                }
                logger.warning(
                    "the store could not be reached for \(purpose); retrying",
                    metadata: metadata.merging(["reason": "\(error.message)"]) { $1 })
            } catch {
                logger.error(
                    "gave up on \(purpose): the store refused it", metadata: metadata.merging(["cause": "\(error)"]) { $1 })
                return nil
            }
            // Up to half as long again, so that calls that failed together are not repeated together.
            try? await time.sleep(for: pause * (1 + random.fraction() / 2))
            pause = min(pause * 2, EngineSettings.longestStorePause)
        }
        return nil
    }
}
