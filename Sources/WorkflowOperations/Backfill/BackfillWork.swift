package import WorkflowAPI
import WorkflowClient
package import WorkflowModel

/// Starts the runs of past ticks, oldest first, with a limit on parallel runs.
///
/// Its progress is kept in the service only: a tick that has its run is not started again, or not once its run is newer than the
/// backfill. Repeating an interrupted backfill resumes it.
package struct BackfillWork {
    /// The most ticks of one backfill; a greater range is done in parts.
    package static let mostTicks = 10_000
    /// Parallel runs.
    package static let parallel = 1...100
    static let interval = Duration.seconds(1)

    private let atOnce: Int
    private let order: @Sendable (Timestamp) async throws -> BackfillAnswer
    private let look: @Sendable (RunID) async throws -> WorkflowRun
    private let time: any TimeSource

    /// - Parameters:
    ///   - atOnce: the most runs in parallel.
    ///   - order: requests the run of a tick.
    ///   - look: reads a run.
    package init(
        atOnce: Int, order: @escaping @Sendable (Timestamp) async throws -> BackfillAnswer,
        look: @escaping @Sendable (RunID) async throws -> WorkflowRun, time: any TimeSource = SystemTime()
    ) {
        self.atOnce = atOnce
        self.order = order
        self.look = look
        self.time = time
    }

    /// Asks for the outcomes of all ticks, without waiting for any run.
    /// - Parameter progress: called after every change.
    package func preview(_ instants: [Timestamp], _ progress: (BackfillReport) -> Void) async throws -> BackfillReport {
        var report = BackfillReport(total: instants.count)
        report.isDryRun = true
        do {
            for instant in instants {
                try Task.checkCancellation()
                let answer = try await patiently { try await order(instant) }
                report.ticks.append(
                    .init(
                        instant: instant, outcome: answer.outcome, run: answer.run, former: answer.former, state: answer.state,
                        attribution: nil))
                progress(report)
            }
        } catch {
            guard Task.isCancelled else { throw error }
            report.isInterrupted = true
        }
        return report
    }

    /// - Parameter progress: called after every change.
    /// - Returns: the outcomes so far, also when the surrounding task was cancelled.
    package func run(_ instants: [Timestamp], _ progress: (BackfillReport) -> Void) async throws -> BackfillReport {
        var report = BackfillReport(total: instants.count)
        var going: [(place: Int, run: RunID)] = []
        do {
            for instant in instants {
                while going.count >= atOnce { try await wait(&going, &report, progress) }
                try Task.checkCancellation()
                let answer = try await patiently { try await order(instant) }
                // The run of a tick that is under way is another command's.
                if let run = answer.run, answer.state?.isFinal == false, answer.outcome != .underWay {
                    going.append((report.ticks.count, run))
                }
                report.ticks.append(
                    .init(
                        instant: instant, outcome: answer.outcome, run: answer.run, former: answer.former, state: answer.state,
                        attribution: nil))
                progress(report)
            }
            while !going.isEmpty { try await wait(&going, &report, progress) }
        } catch {
            // A cancelled request can fail with an error other than CancellationError.
            guard Task.isCancelled else { throw error }
            report.isInterrupted = true
        }
        return report
    }

    private func wait(
        _ going: inout [(place: Int, run: RunID)], _ report: inout BackfillReport, _ progress: (BackfillReport) -> Void
    ) async throws {
        try await time.sleep(for: Self.interval)
        var rest: [(place: Int, run: RunID)] = []
        for (place, id) in going {
            let run = try await patiently { try await look(id) }
            report.ticks[place].state = run.state.state
            report.ticks[place].attribution = run.error?.attribution
            if !run.state.hasEnded { rest.append((place, id)) }
        }
        going = rest
        progress(report)
    }

    /// Repeats a request while the service restarts. All requests here are safe to repeat.
    private func patiently<Answer>(_ ask: () async throws -> Answer) async throws -> Answer {
        var failures = 0
        while true {
            do {
                return try await ask()
            } catch let error as ClientError {
                failures += 1
                guard RunWatch.mayPass(error), failures <= RunWatch.patience else { throw error }
                try await time.sleep(for: RunWatch.interval)
            }
        }
    }
}
