import Mustache
import WorkflowModel

/// A person's decision about a task, in a line.
struct DecisionLine: Hashable, Sendable, MustacheParent {
    var task: String
    var href: String
    /// `was skipped`
    var word: String
    var by: String
    var at: TimeText
    /// nil when none was given.
    var reason: String?

    init(_ decision: RunResolution, of details: WorkflowRunDetails) {
        var label = details.tasks.first { $0.id == decision.task }?.label
        if label == nil, let (group, index) = decision.task.asItem {
            label = details.tasks.first { $0.id == group }.map { "\($0.label) [\(index)]" }
        }
        self.init(decision, label: label ?? decision.task.rawValue, of: details.run.id)
    }

    init(_ decision: RunResolution, of task: TaskInstance) {
        self.init(decision, label: task.label, of: task.run)
    }

    private init(_ decision: RunResolution, label: String, of run: RunID) {
        task = label.visible()
        href = PageAddress.task(decision.task, of: run)
        word = decision.resolution.past
        by = decision.resolvedBy.name.visible()
        at = TimeText(decision.resolvedAt)
        reason = decision.reason?.visible()
    }

    func child(named name: String) -> Any? {
        switch name {
        case "task": task
        case "href": href
        case "word": word
        case "by": by
        case "at": at
        case "reason": reason
        default: nil
        }
    }
}
