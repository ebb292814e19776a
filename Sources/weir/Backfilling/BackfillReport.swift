import WorkflowAPI
import WorkflowModel

/// What became of the ticks of a backfill.
struct BackfillReport: Hashable {
    struct Tick: Hashable {
        var instant: Timestamp
        var outcome: BackfillAnswer.Outcome
        var run: RunID?
        /// As it was last heard of.
        var state: WorkflowState?
        /// Whose fault it is, of a run that failed.
        var attribution: Attribution?
    }

    /// How many ticks the range has.
    var total: Int
    /// Those that were got to, oldest first.
    var ticks: [Tick] = []
    var isInterrupted = false

    /// How many ticks are done with, their runs included.
    var finished: Int {
        ticks.count(where: { $0.outcome != .started || $0.state?.isFinal == true })
    }

    private func count(_ outcome: BackfillAnswer.Outcome) -> Int {
        ticks.count(where: { $0.outcome == outcome })
    }

    var sentence: String {
        let started = count(.started)
        let had = count(.alreadyStarted)
        let waiting = count(.waiting)
        var parts = ["\(HumanText.count(started)) \(started == 1 ? "run" : "runs") started"]
        if had > 0 { parts.append("\(HumanText.count(had)) \(had == 1 ? "tick" : "ticks") had a run already") }
        if waiting > 0 { parts.append("\(HumanText.count(waiting)) left to the schedule, which is about to start them") }
        let failed = ticks.count(where: { $0.outcome == .started && $0.state == .failed })
        if failed > 0 { parts.append("\(HumanText.count(failed)) failed") }
        let all = parts.joined(separator: ", ") + "."
        guard isInterrupted else { return all }
        return "Stopped after \(HumanText.count(ticks.count)) of \(HumanText.count(total)) ticks: \(all) What was started goes on; "
            + "the same command goes on with the rest."
    }

    var status: ExitStatus {
        if isInterrupted { return .temporary }
        let own = ticks.filter { $0.outcome == .started }
        if own.contains(where: { $0.state == .failed && $0.attribution != .customer }) { return .failedByPlatform }
        if own.contains(where: { $0.state == .failed }) { return .failedByCustomer }
        return own.contains { $0.state == .canceled } ? .stopped : .succeeded
    }

    var json: String {
        JSONOutput.text { json in
            json.object { json in
                json.name("data")
                json.array(of: ticks) { json, tick in
                    json.object { json in
                        json.member("scheduled_for", tick.instant)
                        json.member("outcome", tick.outcome.rawValue)
                        json.member("run_id", tick.run?.rawValue)
                        json.member("state", tick.state?.rawValue)
                    }
                }
                json.member("total", total)
                json.name("interrupted")
                json.boolean(isInterrupted)
            }
        }
    }
}

extension WorkflowState {
    /// Whether a run in it has ended.
    var isFinal: Bool {
        switch self {
        case .canceled, .succeeded, .failed: true
        case .scheduled, .started, .inProgress, .running, .finalizing, .runningWithFailures, .stopping, .skipped: false
        }
    }
}
