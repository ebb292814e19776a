import Mustache
import WorkflowModel

/// A task in the table of a run.
struct TaskRow: Sendable, MustacheParent {
    /// The id of the row: the index of the task in the run.
    var id: String
    var href: String
    var label: String
    var state: StateText
    var started: TimeText?
    var completed: TimeText?
    var duration: RuntimeText?
    var attempts: String
    var error: ErrorLine?
    var warnings: WarningLine?
    /// nil for a task that does not wait.
    var wait: WaitLine?
    /// The items of a task that runs once for each of several items; nil for other tasks.
    var items: ItemLines?
    /// The run that a kept task succeeded in.
    var kept: KeptLink?
    /// nil unless the task was stopped while it ran.
    var ending: EndingLine?
    /// The failed tasks because of which it did not run; empty for others, and where they are not known.
    var needed: [TaskPanel.Link]

    /// - Parameter now: nil where a script counts durations.
    init(
        _ times: TaskTimes, place: Int, waitReason: TaskWaitReason? = nil, needed: [TaskPanel.Link] = [],
        items: [TaskInstance] = [],
        at now: Timestamp?
    ) {
        let task = times.task
        id = "t-\(place)"
        href = PageAddress.task(task.id, of: task.run)
        label = task.label.visible()
        state = StateText(task)
        started = times.started.map { TimeText($0) }
        completed = times.completed.map { TimeText($0) }
        duration = times.started.map { RuntimeText(from: $0, to: times.completed, at: now) }
        attempts = task.attempts == 0 ? "–" : String(task.attempts)
        error = task.state == .canceled ? nil : task.error.map { ErrorLine($0) }
        warnings = WarningLine(task.warnings)
        wait = waitReason.flatMap { WaitLine($0) }
        ending = times.attempts.last?.ending.map { EndingLine($0) }
        self.needed = needed
        self.items = ItemLines(task, items)
        kept = task.keptFrom.map { KeptLink($0) }
    }

    func child(named name: String) -> Any? {
        switch name {
        case "id": id
        case "href": href
        case "label": label
        case "state": state
        case "started": started
        case "completed": completed
        case "duration": duration
        case "attempts": attempts
        case "error": error
        case "warnings": warnings
        case "wait": wait
        case "kept": kept
        case "ending": ending
        case "needed": needed
        case "items": items
        default: nil
        }
    }
}

/// A link to the run that a task was kept from.
struct KeptLink: Sendable, MustacheParent {
    var id: String
    var href: String

    init(_ run: RunID) {
        id = run.rawValue
        href = PageAddress.run(run)
    }

    func child(named name: String) -> Any? {
        switch name {
        case "id": id
        case "href": href
        default: nil
        }
    }
}
