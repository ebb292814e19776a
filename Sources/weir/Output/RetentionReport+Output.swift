import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// The output of `weir retention`.
extension RetentionReport {
    /// The runs that would be deleted, by tenant; nil after a deletion, or without such runs.
    func table(width: Int?) -> String? {
        guard let runs, runs.totals == nil, !runs.tenants.isEmpty else { return nil }
        return TextTable(
            [.init(title: "tenant"), .init(title: "runs", alignment: .right)],
            rows: runs.tenants.map { [$0.tenant.name, HumanText.count($0.runs)] }, width: width
        ).text()
    }

    private var isDryRun: Bool { runs?.totals == nil && statistics?.deleted == nil }

    /// A line for runs, one for statistics, and one for events of the audit log where there are any.
    func sentences(elapsed: Duration) -> String {
        [runs?.sentence(elapsed: elapsed), statistics?.sentence, eventSentence].compactMap(\.self).joined(separator: "\n")
    }

    /// nil when no event of the audit log is old enough.
    private var eventSentence: String? {
        guard events > 0 else { return nil }
        let which = "\(HumanText.count(events)) \(events == 1 ? "event" : "events") of the audit log"
        return isDryRun ? "\(which) would be deleted." : "Deleted \(which)."
    }

    func json(elapsed: Duration) -> String {
        JSONOutput.text { json in
            json.object { json in
                json.member("created_before", runs?.cutoff)
                json.name("dry_run")
                json.boolean(isDryRun)
                if let runs {
                    json.name("tenants")
                    json.array(of: runs.tenants) { json, count in json.tenantRunCount(count) }
                    json.member("deleted_runs", runs.totals?.runs)
                    json.member("dropped_months", runs.totals?.months)
                }
                if let statistics {
                    json.member("statistics_before", statistics.day.isoDay)
                    json.member("statistics", statistics.found)
                    json.member("deleted_statistics", statistics.deleted)
                }
                json.member(isDryRun ? "audit_events" : "deleted_audit_events", events)
                json.member("elapsed_ms", elapsed)
            }
        }
    }
}

extension RetentionReport.Runs {
    fileprivate func sentence(elapsed: Duration) -> String {
        let which = "created before \(HumanText.time(cutoff))"
        guard let totals else {
            guard found > 0 else { return "No ended run was \(which)." }
            return "\(Self.runs(found)) \(which) would be deleted. Nothing was deleted."
        }
        guard totals.runs > 0 else { return "No ended run was \(which). Nothing was deleted." }
        let months = totals.months > 0 ? ", including \(totals.months) whole \(totals.months == 1 ? "month" : "months")" : ""
        return "Deleted \(Self.runs(totals.runs)) \(which)\(months), in \(HumanText.duration(elapsed))."
    }

    private static func runs(_ count: Int) -> String {
        "\(HumanText.count(count)) \(count == 1 ? "run" : "runs")"
    }
}

extension RetentionReport.Statistics {
    fileprivate var sentence: String {
        let which = "of days before \(day.isoDay)"
        guard found > 0 else { return "There are no statistics \(which)." }
        guard let deleted else {
            return "\(HumanText.count(found)) \(found == 1 ? "statistic" : "statistics") \(which) would be deleted."
        }
        return "Deleted \(HumanText.count(deleted)) \(deleted == 1 ? "statistic" : "statistics") \(which)."
    }
}
