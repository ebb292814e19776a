import Mustache
import WorkflowModel

/// A task in the table of a run.
struct TaskRow: Sendable, MustacheParent {
    var id: String
    var href: String
    var label: String
    var state: StateText
    var started: TimeText?
    var completed: TimeText?
    var duration: RuntimeText?
    var attempts: String
    var error: ErrorLine?
    /// What it waits for; nil when it waits for nothing.
    var wait: WaitLine?
    /// The run in which it succeeded, when it was kept.
    var kept: KeptLink?

    init(_ times: TaskTimes, standing: TaskStanding? = nil, at now: Timestamp) {
        let task = times.task
        id = task.id.rawValue
        href = PageAddress.task(task.id, of: task.run)
        label = task.label
        state = StateText(task.state.state)
        started = times.started.map { TimeText($0) }
        completed = times.completed.map { TimeText($0) }
        duration = times.started.map { RuntimeText(from: $0, to: times.completed, at: now) }
        attempts = task.attempts == 0 ? "–" : String(task.attempts)
        error = task.error.map { ErrorLine($0) }
        wait = standing.flatMap { WaitLine($0) }
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
        case "wait": wait
        case "kept": kept
        default: nil
        }
    }
}

/// Where what is kept of a task came from.
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
