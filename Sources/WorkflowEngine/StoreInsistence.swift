import Logging
import WorkflowModel

/// Keeps asking a store that cannot be reached, because what it is to be told must not be lost by a hiccup.
struct StoreInsistence: Sendable {
    let time: any TimeSource
    let random: any RandomSource
    let logger: Logger

    /// Asks until there is an answer. Must not be called in a task that may be cancelled.
    ///
    /// - Parameters:
    ///   - purpose: what it is for, in the words of the log.
    ///   - handle: the attempt that it is for: a lost lease ends the asking, a shutdown bounds it.
    /// - Returns: nil when it was given up, or when the store refused for a reason that asking again does not change.
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
                    "the store could not be reached for \(purpose); asking again",
                    metadata: metadata.merging(["reason": "\(error.message)"]) { $1 })
            } catch {
                logger.error(
                    "gave up on \(purpose): the store refused it", metadata: metadata.merging(["cause": "\(error)"]) { $1 })
                return nil
            }
            // Up to half as long again, so that attempts that were turned away together do not come back together.
            try? await time.sleep(for: pause * (1 + random.fraction() / 2))
            pause = min(pause * 2, EngineSettings.longestStorePause)
        }
        return nil
    }
}
