package import Logging
package import WorkflowModel

/// When the service files ended runs.
package enum FilingPauses {
    /// How often to look for ended runs when all are filed.
    package static let interval = Duration.seconds(1)
    /// The pause after a step is this many times as long as the step: filing takes at most a quarter of the writer's time.
    package static let factor = 3
    /// The longest pause between two steps. A step that had to wait for another write says little about its own cost.
    package static let longest = Duration.milliseconds(100)
    /// The pause after a step that failed.
    package static let afterFailure = Duration.seconds(10)
}

/// Files ended runs step by step, as long as the service runs.
package struct FilingWork: Sendable {
    private let filing: any RunFiling
    private let time: any TimeSource
    private let logger: Logger

    package init(filing: any RunFiling, time: any TimeSource, logger: Logger) {
        self.filing = filing
        self.time = time
        self.logger = logger
    }

    /// Works until it is cancelled.
    package func run() async {
        while !Task.isCancelled {
            let pause = await step()
            do { try await time.sleep(for: pause) } catch { return }
        }
    }

    /// - Returns: the pause until the next step.
    private func step() async -> Duration {
        let beganAt = time.elapsed
        do {
            guard try await filing.fileRunsAtRest() else { return FilingPauses.interval }
            return min((time.elapsed - beganAt) * FilingPauses.factor, FilingPauses.longest)
        } catch {
            if !Task.isCancelled {
                let reason = (error as? StoreError)?.message ?? "\(error)"
                logger.error("could not file ended runs", metadata: ["reason": "\(reason)"])
            }
            return FilingPauses.afterFailure
        }
    }
}
