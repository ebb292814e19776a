import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// The output of `weir backfill`.
extension BackfillReport {
    private func count(_ outcome: BackfillAnswer.Outcome) -> Int {
        ticks.count(where: { $0.outcome == outcome })
    }

    var sentence: String {
        let (started, again) = (count(.started), count(.startedAgain))
        var parts = ["\(HumanText.count(started)) \(started == 1 ? "run" : "runs") \(isDryRun ? "would start" : "started")"]
        if again > 0 {
            let ticks = "\(HumanText.count(again)) \(again == 1 ? "tick" : "ticks")"
            parts.append("\(ticks) \(isDryRun ? "would start again" : "started again")")
        }
        add(count(.alreadyStarted), "already had a run", to: &parts)
        if count(.underWay) > 0 { parts.append("\(HumanText.count(count(.underWay))) under way and left alone") }
        if count(.waiting) > 0 { parts.append("\(HumanText.count(count(.waiting))) will be started by the schedule") }
        let failed = ticks.count(where: { $0.outcome.isStart && $0.state == .failed })
        if failed > 0 { parts.append("\(HumanText.count(failed)) failed") }
        let all = parts.joined(separator: ", ") + "."
        if isDryRun { return "Dry run: \(all)" }
        guard isInterrupted else { return all }
        let option = againBefore.map { " with --since \($0.iso8601)" } ?? ""
        return
            "Interrupted after \(HumanText.count(ticks.count)) of \(HumanText.count(total)) ticks: \(all) Started runs continue. "
            + "Repeat the command\(option) to start the remaining ticks."
    }

    private func add(_ count: Int, _ words: String, to parts: inout [String]) {
        if count > 0 { parts.append("\(HumanText.count(count)) \(count == 1 ? "tick" : "ticks") \(words)") }
    }

    var status: ExitStatus {
        if isInterrupted { return .temporary }
        let own = ticks.filter(\.outcome.isStart)
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
                        json.member("rerun_of", tick.former?.rawValue)
                        json.member("state", tick.state?.rawValue)
                    }
                }
                json.member("total", total)
                json.name("interrupted")
                json.boolean(isInterrupted)
                if isDryRun {
                    json.name("dry_run")
                    json.boolean(true)
                }
                json.member("again_before", againBefore)
            }
        }
    }
}
