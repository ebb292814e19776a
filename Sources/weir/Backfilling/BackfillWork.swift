import WorkflowAPI
import WorkflowClient
import WorkflowModel

/// Has the ticks of a time past run, oldest first, so many at once at most.
///
/// Where it has come to is kept nowhere but in the service: a tick that has its run is not started again, so that a backfill that
/// was interrupted is resumed by doing it again.
struct BackfillWork {
    /// Ticks of one backfill; a greater range is to be done in parts.
    static let mostTicks = 10_000
    /// Runs at once.
    static let parallel = 1...100
    static let interval = Duration.seconds(1)

    let atOnce: Int
    /// Asks for the run of a tick.
    let order: @Sendable (Timestamp) async throws -> BackfillAnswer
    /// Asks how a run is.
    let look: @Sendable (RunID) async throws -> WorkflowRun
    var time: any TimeSource = SystemTime()

    /// - Parameter tell: is told of everything that changed.
    /// - Returns: what became of the ticks, also when the surrounding task was cancelled meanwhile.
    func run(_ instants: [Timestamp], _ tell: (BackfillReport) -> Void) async throws -> BackfillReport {
        var report = BackfillReport(total: instants.count)
        var going: [(place: Int, run: RunID)] = []
        do {
            for instant in instants {
                while going.count >= atOnce { try await wait(&going, &report, tell) }
                try Task.checkCancellation()
                let answer = try await patiently { try await order(instant) }
                if let run = answer.run, answer.state?.isFinal == false { going.append((report.ticks.count, run)) }
                report.ticks.append(
                    .init(instant: instant, outcome: answer.outcome, run: answer.run, state: answer.state, attribution: nil))
                tell(report)
            }
            while !going.isEmpty { try await wait(&going, &report, tell) }
        } catch {
            // A request that was cancelled under way fails in a way of its own.
            guard Task.isCancelled else { throw error }
            report.isInterrupted = true
        }
        return report
    }

    private func wait(
        _ going: inout [(place: Int, run: RunID)], _ report: inout BackfillReport, _ tell: (BackfillReport) -> Void
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
        tell(report)
    }

    /// Whatever is asked may be asked again: a service that starts again is waited for.
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
