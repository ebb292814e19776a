import WorkflowAPI
import WorkflowModel

/// The output of `weir bulk`.
enum BulkTables {
    static func preview(_ preview: BulkPreview, width: Int?) -> String {
        var parts = [counts("state", preview.states, of: preview.total, isComplete: true, width: width)]
        parts.append(
            counts("workflow", preview.workflows, of: preview.total, isComplete: preview.hasAllWorkflows, width: width))
        if !preview.samples.isEmpty { parts.append(RunTables.runs(preview.samples, width: width).text()) }
        if preview.total > preview.samples.count {
            parts.append("… and \(HumanText.count(preview.total - preview.samples.count)) more")
        }
        return parts.joined(separator: "\n\n")
    }

    private static func counts(
        _ title: String, _ values: [RunFacets.Value], of total: Int, isComplete: Bool, width: Int?
    ) -> String {
        var rows = values.map { value in
            [title == "state" ? WorkflowState(name: value.text)?.label ?? value.text : value.text, HumanText.count(value.runs)]
        }
        let rest = total - values.reduce(0) { $0 + $1.runs }
        if rest > 0 {
            rows.append([isComplete && values.count < BulkLimits.countedWorkflows ? "(none)" : "(others)", HumanText.count(rest)])
        }
        return TextTable(
            [.init(title: title, fit: .shortened), .init(title: "runs", alignment: .right)], rows: rows, width: width
        ).text()
    }

    static func operations(_ operations: [BulkOperation], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "id"), .init(title: "action"), .init(title: "state"), .init(title: "runs", alignment: .right),
                .init(title: "done", alignment: .right), .init(title: "unchanged", alignment: .right, leaves: 3),
                .init(title: "refused", alignment: .right, leaves: 2), .init(title: "requested", leaves: 1),
                .init(title: "by", fit: .shortened, leaves: 4),
            ],
            rows: operations.map { operation in
                let counts = [operation.total] + BulkOutcome.allCases.map { operation.counts[$0] }
                return [operation.id.rawValue, operation.action.kind.rawValue, operation.state.rawValue]
                    + counts.map(HumanText.count) + [HumanText.time(operation.requestedAt), operation.requestedBy.name]
            }, width: width)
    }

    static func facts(_ operation: BulkOperation, width: Int?) -> String {
        var facts = [("Operation", operation.id.rawValue), ("Action", operation.action.kind.rawValue)]
        switch operation.action {
        case .stop(let reason):
            if let reason { facts.append(("Reason", reason.text)) }
        case .rerun(let start, let version):
            if let start { facts.append(("From", start.rawValue)) }
            facts.append(("Version", version.rawValue))
        case .resolve(let resolution, let reason):
            facts.append(("Resolution", resolution.rawValue))
            if let reason { facts.append(("Reason", reason.text)) }
        case .delete: break
        case .label(let change):
            if !change.set.isEmpty { facts.append(("Sets", HumanText.labels(change.set))) }
            if !change.removed.isEmpty { facts.append(("Removes", change.removed.sortedTexts.joined(separator: ", "))) }
        }
        switch operation.selection {
        case .runs: facts.append(("Runs", "\(HumanText.count(operation.total)), by their ids"))
        case .filter(let filter):
            let search = RunSearch(filter).text
            facts.append(("Runs", "\(HumanText.count(operation.total)) \(search.isEmpty ? "(all)" : "matching \(search)")"))
        }
        facts += [
            ("State", operation.state.rawValue), ("Done", HumanText.count(operation.counts.done)),
            ("Unchanged", HumanText.count(operation.counts.unchanged)), ("Refused", HumanText.count(operation.counts.refused)),
            ("Rate", "\(HumanText.count(operation.perSecond))/s at most"),
            ("Requested", "\(HumanText.time(operation.requestedAt)) by \(HumanText.principal(operation.requestedBy))"),
        ]
        if let endedAt = operation.endedAt {
            let by = operation.abortedBy.map { " by \(HumanText.principal($0))" } ?? ""
            facts.append(("Ended", HumanText.time(endedAt) + by))
        }
        return TextTable.facts(facts, width: width)
    }

    static func receipts(_ receipts: [BulkReceipt], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "run"), .init(title: "outcome"), .init(title: "rerun", leaves: 1),
                .init(title: "at", leaves: 2), .init(title: "reason", fit: .wrapped),
            ],
            rows: receipts.map { receipt in
                [
                    receipt.run.rawValue, receipt.result.outcome.rawValue, receipt.result.rerun?.rawValue ?? HumanText.nothing,
                    HumanText.time(receipt.writtenAt), receipt.result.reason ?? HumanText.nothing,
                ]
            }, width: width)
    }
}

extension BulkOperation {
    /// How it ended, or how far it has come.
    var sentence: String {
        let outcomes = BulkOutcome.allCases.map { "\(HumanText.count(counts[$0])) \($0.rawValue)" }.joined(separator: ", ")
        return switch state {
        case .running: "\(id) goes on: \(outcomes), of \(HumanText.count(total))."
        case .finished: "\(id) is finished: \(outcomes)."
        case .aborted: "\(id) was aborted: \(outcomes), of \(HumanText.count(total))."
        }
    }

    /// Of a verb that has waited for its end.
    var status: ExitStatus {
        switch state {
        case .running: .succeeded
        case .finished: counts.refused == 0 ? .succeeded : .data
        case .aborted: .stopped
        }
    }
}

extension BulkAction.Kind {
    /// With the runs behind it: "Stop 12 runs".
    func words(_ total: Int) -> String {
        let verb =
            switch self {
            case .stop: "Stop"
            case .rerun: "Rerun"
            case .resolve: "Resolve the failed tasks of"
            case .delete: "Delete"
            case .label: "Change the labels of"
            }
        return "\(verb) \(HumanText.count(total)) \(total == 1 ? "run" : "runs")"
    }
}
