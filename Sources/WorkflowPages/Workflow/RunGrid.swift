import Mustache
import WorkflowModel

/// The tasks of a workflow's newest runs: a column for each run, oldest first, a row for each task, grouped by stage.
///
/// Tasks stand in the order of the newest run; after them those that only older runs have. Many tasks are shown a page at a time, those
/// that failed in one of the runs first.
struct RunGrid: Sendable {
    /// Runs shown at most.
    static let mostRuns = 30
    /// Tasks of a page: so many that the page stays below 150 kB.
    static let mostTasks = 24

    struct Column: Sendable, MustacheParent {
        var href: String
        var label: String
        var tone: String
        var start: TimeText

        func child(named name: String) -> Any? {
            switch name {
            case "href": href
            case "label": label
            case "tone": tone
            case "start": start
            default: nil
            }
        }
    }

    /// A task of a run; without an address, the run has no such task.
    struct Cell: Sendable, MustacheParent {
        var href: String?
        var label: String
        var tone: String
        /// Whether the Tab key stops here. The arrow keys reach every cell.
        var isStop: Bool

        func child(named name: String) -> Any? {
            switch name {
            case "href": href
            case "label": label
            case "tone": tone
            case "isStop": isStop
            default: nil
            }
        }
    }

    struct Row: Sendable, MustacheParent {
        var label: String
        var cells: [Cell]

        func child(named name: String) -> Any? {
            switch name {
            case "label": label
            case "cells": cells
            default: nil
            }
        }
    }

    struct Group: Sendable, MustacheParent {
        var name: String
        var rows: [Row]

        func child(named name: String) -> Any? {
            switch name {
            case "name": self.name
            case "rows": rows
            default: nil
            }
        }
    }

    struct Key: Sendable, MustacheParent {
        var tone: String
        var label: String

        func child(named name: String) -> Any? {
            switch name {
            case "tone": tone
            case "label": label
            default: nil
            }
        }
    }

    var title: String
    /// Columns and the column of names.
    var width: Int
    var columns: [Column]
    var groups: [Group]
    /// The colours in words.
    var keys: [Key]
    /// The tasks that are left out, in words; nil when none is.
    var note: String?
    var previous: String?
    var next: String?

    /// The results that a page needs.
    static func query(_ runs: [RecentRun], of tenant: Tenant, page: Int) -> TaskResultQuery {
        let first = (max(0, page) + 1) * mostTasks
        return TaskResultQuery(
            of: runs.prefix(mostRuns).map(\.run), tenant: tenant, first: first, limit: first + mostTasks)
    }

    /// - Parameters:
    ///   - runs: newest first.
    ///   - results: those of the runs, by ``query(_:of:page:)``.
    ///   - taskCount: the tasks of the workflow.
    ///   - page: from 0.
    ///   - address: that of the page with the grid.
    /// - Returns: nil when no run has a task.
    init?(_ runs: [WorkflowRun], _ results: [RunID: [TaskResult]], taskCount: Int, page: Int, at address: String) {
        let shown = Array(runs.prefix(Self.mostRuns))
        let tasks = Self.tasks(shown.compactMap { results[$0.id] }, taskCount: taskCount)
        guard !tasks.isEmpty else { return nil }
        let columns = Array(shown.reversed())
        let byRun = columns.map { run in
            Dictionary((results[run.id] ?? []).map { (ExactText($0.definitionID), $0) }, uniquingKeysWith: { first, _ in first })
        }
        let page = min(max(0, page), (tasks.count - 1) / Self.mostTasks)
        let visible = tasks.dropFirst(page * Self.mostTasks).prefix(Self.mostTasks)

        title = shown.count == 1 ? "Tasks in the only run" : "Tasks in the last \(CountText.text(shown.count)) runs"
        width = columns.count + 1
        self.columns = columns.map { run in
            Column(
                href: PageAddress.run(run.id), label: "\(TimeText(run.createdAt).utc): \(run.state.state.label)",
                tone: run.state.state.tone.rawValue, start: TimeText(run.createdAt))
        }
        groups = []
        for task in visible {
            let row = Row(
                label: task.label.visible(),
                cells: zip(columns, byRun).map { Self.cell($1[ExactText(task.definitionID)], of: $0) })
            let stage = (task.stage ?? StageGroup.nameless).visible()
            if groups.last.map({ ExactText($0.name) }) == ExactText(stage) {
                groups[groups.count - 1].rows.append(row)
            } else {
                groups.append(Group(name: stage, rows: [row]))
            }
        }
        keys = Self.keys(of: groups)
        let (begin, total) = (page * Self.mostTasks, max(taskCount, tasks.count))
        guard total > Self.mostTasks else { return }
        note =
            "\(CountText.text(begin + 1)) to \(CountText.text(begin + visible.count)) of \(CountText.text(total)) tasks are shown, "
            + "those that failed first."
        func href(_ page: Int) -> String { address + PageAddress.query([("tasks", page > 0 ? "\(page)" : nil)]) + "#grid" }
        previous = page > 0 ? href(page - 1) : nil
        next = begin + visible.count < total ? href(page + 1) : nil
    }

    /// Each task once, in the order of the first run that has it; of many tasks, those that failed in a run first.
    private static func tasks(_ runs: [[TaskResult]], taskCount: Int) -> [TaskResult] {
        var seen: Set<ExactText> = []
        let tasks = runs.joined().filter { seen.insert(ExactText($0.definitionID)).inserted }
        guard max(taskCount, tasks.count) > mostTasks else { return tasks }
        let failed = Set(runs.joined().lazy.filter { $0.state == .failed }.map { ExactText($0.definitionID) })
        return tasks.filter { failed.contains(ExactText($0.definitionID)) }
            + tasks.filter { !failed.contains(ExactText($0.definitionID)) }
    }

    private static func cell(_ task: TaskResult?, of run: WorkflowRun) -> Cell {
        guard let task else { return Cell(label: "", tone: "none", isStop: false) }
        let state = StateText(task.state.state, for: task.skipReason)
        var words = task.isKept ? "Kept from an older run" : state.label
        if task.attempts > 0, !task.isKept { words += ", attempt \(task.attempts)" }
        if let duration = task.duration { words += ", \(RuntimeText.text(duration))" }
        return Cell(
            href: PageAddress.task(task.id, of: run.id), label: words, tone: state.tone, isStop: task.state == .failed)
    }

    private static let words: [(tone: Tone, label: String)] = [
        (.succeeded, "succeeded"), (.failed, "failed"), (.blocked, "not run: a task that it needs failed"),
        (.skipped, "not part of the run"), (.stopped, "stopped"), (.active, "running"), (.waiting, "waiting"),
    ]

    /// Those of the colours that the grid shows.
    private static func keys(of groups: [Group]) -> [Key] {
        let tones = Set(groups.lazy.flatMap(\.rows).flatMap(\.cells).map(\.tone))
        return words.filter { tones.contains($0.tone.rawValue) }.map { Key(tone: $0.tone.rawValue, label: $0.label) }
    }
}
