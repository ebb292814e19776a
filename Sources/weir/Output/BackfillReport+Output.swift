import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// The output of `weir backfill`.
extension BackfillReport {
    private func count(_ outcome: BackfillAnswer.Outcome) -> Int {
        ticks.count(where: { $0.outcome == outcome })
    }

    var sentence: String {
        let started = count(.started)
        let had = count(.alreadyStarted)
        let waiting = count(.waiting)
        var parts = ["\(HumanText.count(started)) \(started == 1 ? "run" : "runs") started"]
        if had > 0 { parts.append("\(HumanText.count(had)) \(had == 1 ? "tick" : "ticks") already had a run") }
        if waiting > 0 { parts.append("\(HumanText.count(waiting)) will be started by the schedule") }
        let failed = ticks.count(where: { $0.outcome == .started && $0.state == .failed })
        if failed > 0 { parts.append("\(HumanText.count(failed)) failed") }
        let all = parts.joined(separator: ", ") + "."
        guard isInterrupted else { return all }
        return
            "Interrupted after \(HumanText.count(ticks.count)) of \(HumanText.count(total)) ticks: \(all) Started runs continue. "
            + "Repeat the command to start the remaining ticks."
    }

    var status: ExitStatus {
        if isInterrupted { return .temporary }
        let own = ticks.filter { $0.outcome == .started }
        if own.contains(where: { $0.state == .failed && $0.attribution != .customer }) { return .failedOtherwise }
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
