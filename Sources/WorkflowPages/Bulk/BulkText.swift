import WorkflowModel

/// The words for bulk operations.
enum BulkText {
    static func verb(_ kind: BulkAction.Kind) -> String {
        switch kind {
        case .stop: "Stop"
        case .rerun: "Rerun"
        case .resolve: "Resolve"
        case .delete: "Delete"
        case .label: "Label"
        }
    }

    static func runs(_ count: Int) -> String { CountText.text(count, "run", "runs") }

    /// "Stop 12 runs"
    static func title(_ kind: BulkAction.Kind, _ count: Int) -> String { "\(verb(kind)) \(runs(count))" }

    static func state(_ state: BulkOperation.State) -> StateText {
        switch state {
        case .running: text(.inProgress, "Running")
        case .finished: text(.succeeded, "Finished")
        case .aborted: text(.canceled, "Aborted")
        }
    }

    static func outcome(_ outcome: BulkOutcome) -> StateText {
        switch outcome {
        case .done: text(.succeeded, "Done")
        case .unchanged: text(.skipped, "Nothing to do")
        case .refused: text(.failed, "Refused")
        }
    }

    /// "12 done, 3 nothing to do"
    static func counts(_ counts: BulkCounts) -> String {
        BulkOutcome.allCases.filter { counts[$0] > 0 || $0 == .done }
            .map { "\(CountText.text(counts[$0])) \(outcome($0).label.lowercased())" }.joined(separator: ", ")
    }

    private static func text(_ like: WorkflowState, _ label: String) -> StateText {
        var text = StateText(like)
        text.label = label
        return text
    }
}
