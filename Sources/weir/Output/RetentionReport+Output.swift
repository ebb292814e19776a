import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// The output of `weir retention`.
extension RetentionReport {
    /// The runs that would be deleted, by tenant; nil after a deletion, or without such runs.
    func table(width: Int?) -> String? {
        guard totals == nil, !tenants.isEmpty else { return nil }
        return TextTable(
            [.init(title: "tenant"), .init(title: "runs", alignment: .right)],
            rows: tenants.map { [$0.tenant.name, HumanText.count($0.runs)] }, width: width
        ).text()
    }

    func sentence(elapsed: Duration) -> String {
        runSentence(elapsed: elapsed) + eventSentence
    }

    /// Empty when no event of the audit log is old enough.
    private var eventSentence: String {
        guard events > 0 else { return "" }
        let which = "\(HumanText.count(events)) \(events == 1 ? "event" : "events") of the audit log"
        return totals == nil ? " \(which) would be deleted." : " Deleted \(which)."
    }

    private func runSentence(elapsed: Duration) -> String {
        let which = "created before \(HumanText.time(cutoff))"
        guard let totals else {
            guard found > 0 else { return "No ended run was \(which)." }
            return "\(Self.runs(found)) \(which) would be deleted. Nothing was deleted."
        }
        guard totals.runs > 0 else { return "No ended run was \(which). Nothing was deleted." }
        let months = totals.months > 0 ? ", including \(totals.months) whole \(totals.months == 1 ? "month" : "months")" : ""
        return "Deleted \(Self.runs(totals.runs)) \(which)\(months), in \(HumanText.duration(elapsed))."
    }

    func json(elapsed: Duration) -> String {
        JSONOutput.text { json in
            json.object { json in
                json.member("created_before", cutoff)
                json.name("dry_run")
                json.boolean(totals == nil)
                json.name("tenants")
                json.array(of: tenants) { json, count in json.tenantRunCount(count) }
                if let totals {
                    json.member("deleted_runs", totals.runs)
                    json.member("dropped_months", totals.months)
                }
                json.member("elapsed_ms", elapsed)
                json.member(totals == nil ? "audit_events" : "deleted_audit_events", events)
            }
        }
    }

    private static func runs(_ count: Int) -> String {
        "\(HumanText.count(count)) \(count == 1 ? "run" : "runs")"
    }
}
