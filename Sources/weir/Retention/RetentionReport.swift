import WorkflowAPI
import WorkflowModel

/// What retention found, and what it did.
struct RetentionReport: Hashable, Sendable {
    var cutoff: Timestamp
    /// What there was to be deleted when it began.
    var tenants: [TenantRunCount]
    /// nil when nothing was to be done but to look.
    var totals: RetentionTotals?

    var found: Int { tenants.reduce(0) { $0 + $1.runs } }

    /// What would go, by tenant; nil when something was done, or there is nothing.
    func table(width: Int?) -> String? {
        guard totals == nil, !tenants.isEmpty else { return nil }
        return TextTable(
            [.init(title: "tenant"), .init(title: "runs", alignment: .right)],
            rows: tenants.map { [$0.tenant.name, HumanText.count($0.runs)] }, width: width
        ).text()
    }

    func sentence(elapsed: Duration) -> String {
        let which = "created before \(HumanText.time(cutoff))"
        guard let totals else {
            guard found > 0 else { return "No ended run was \(which)." }
            return "\(Self.runs(found)) \(which) would be deleted; nothing is deleted yet."
        }
        guard totals.runs > 0 else { return "No ended run was \(which); nothing is deleted." }
        let months = totals.months > 0 ? ", \(totals.months) whole \(totals.months == 1 ? "month" : "months") of them at once" : ""
        return "Deleted \(Self.runs(totals.runs)) \(which)\(months). That took \(HumanText.duration(elapsed))."
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
            }
        }
    }

    private static func runs(_ count: Int) -> String {
        "\(HumanText.count(count)) \(count == 1 ? "run" : "runs")"
    }
}
