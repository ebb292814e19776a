import Mustache
import WorkflowModel

/// The tasks that did not run because of the same failed tasks: `3 not run: needed Load`.
struct NotRunLine: Sendable, MustacheParent {
    /// Failed tasks named, at most.
    static let mostNeeded = 3
    /// Lines, at most. The rest is one more line.
    private static let mostLines = 5

    var count: String
    /// Empty where they are not known.
    var needed: [TaskPanel.Link]
    var names: String

    /// - Parameter roots: the failed tasks at the begin of each chain.
    static func lines(_ tasks: [TaskInstance], _ roots: [Int: [Int]]) -> [NotRunLine] {
        let places = tasks.indices.filter { tasks[$0].skipReason == .failedNeed }
        let groups = Dictionary(grouping: places) { roots[$0] ?? [] }.sorted { $0.value[0] < $1.value[0] }
        var lines = groups.prefix(mostLines).map { NotRunLine($0.value, needed: $0.key, tasks) }
        let rest = groups.dropFirst(mostLines).flatMap(\.value)
        if !rest.isEmpty { lines.append(NotRunLine(rest, needed: [], tasks)) }
        return lines
    }

    private init(_ places: [Int], needed roots: [Int], _ tasks: [TaskInstance]) {
        count = CountText.text(places.count) + " not run"
        needed = roots.prefix(Self.mostNeeded).map { Self.link(tasks[$0]) }
        let labels = places.prefix(TaskPanel.mostNames).map { tasks[$0].label.visible() }
        let more = places.count - labels.count
        names = labels.joined(separator: ", ") + (more > 0 ? " and \(CountText.text(more, "other", "others"))" : "")
    }

    static func link(_ task: TaskInstance) -> TaskPanel.Link {
        TaskPanel.Link(href: PageAddress.task(task.id, of: task.run), label: task.label.visible())
    }

    func child(named name: String) -> Any? {
        switch name {
        case "count": count
        case "needed": needed
        case "hasNeeded": !needed.isEmpty
        case "names": names
        default: nil
        }
    }
}

/// The form that filters a run's tasks by text.
struct TaskFind: Sendable {
    var action: String
    var text: String
    var longest = TaskChoice.longestText
    /// The address without the text; nil when there is none.
    var all: String?

    init(_ choice: TaskChoice, of run: RunID) {
        action = PageAddress.run(run) + "#tasks"
        text = choice.text ?? ""
        var other = choice
        (other.text, other.from) = (nil, 0)
        all = choice.text == nil ? nil : other.href(of: run)
    }
}
