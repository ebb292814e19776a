import Mustache
import WorkflowModel

/// The tasks on a run's page: in a timeline, and in tables by their stages.
struct TaskPanel: Sendable {
    /// Stages with a table and an entry in the summary of their own. A run with more stages has one table.
    static let mostStages = 40
    /// Tasks in the timeline of a large run, besides those that failed or are running.
    static let mostOfTimeline = 20
    /// Names of tasks that did not run, at most.
    static let mostNames = 10

    struct Link: Sendable, MustacheParent {
        var href: String
        var label: String
        var isCurrent = false

        func child(named name: String) -> Any? {
            switch name {
            case "href": href
            case "label": label
            case "isCurrent": isCurrent
            default: nil
            }
        }
    }

    struct Stage: Sendable, MustacheParent {
        var id: String
        var name: String
        var state: StateText
        var progress: String
        /// The address of its tasks; nil when all are on the page.
        var href: String?

        func child(named name: String) -> Any? {
            switch name {
            case "id": id
            case "name": self.name
            case "state": state
            case "progress": progress
            case "href": href
            default: nil
            }
        }
    }

    struct Group: Sendable, MustacheParent {
        var rowsID: String
        var noteID: String
        var name: String
        var rows: [TaskRow]
        var note: String?
        /// The address of the hidden tasks.
        var more: Link?
        /// The least ``TaskStatus/attention`` of its tasks.
        var attention: Int

        func child(named name: String) -> Any? {
            switch name {
            case "rowsID": rowsID
            case "noteID": noteID
            case "name": self.name
            case "rows": rows
            case "note": note
            case "more": more
            default: nil
            }
        }
    }

    var stages: [Stage]
    /// The number of further stages.
    var moreStages: String?
    /// All tasks, and those of each status; empty when all tasks are on the page.
    var filters: [Link]
    var groups: [Group]
    /// The note about hidden tasks and a link to them.
    var note: String?
    var seeAll: Link?
    var previous: String?
    var next: String?
    var timeline: Timeline
    var timelineNote: String
    /// Says that the timeline has fewer tasks than the tables.
    var timelineCut: String?
    /// The tasks that did not run because of the same failures: a line each.
    var notRun: [NotRunLine]
    /// How many tasks the run mode leaves out.
    var leftOut: String?
    /// The form that filters by text; nil for a run of few tasks.
    var find: TaskFind?
    var noTasks: String
    var hiddenNote: String?
    var skippedToggle: Link?

    init(
        _ details: WorkflowRunDetails, _ attempts: [TaskAttemptRecord], _ waitReasons: RunWaitReasons?, _ choice: TaskChoice,
        _ needs: TaskNeeds, at now: Timestamp, isLook: Bool
    ) {
        let (tasks, run) = (details.tasks, details.run)
        func link(_ label: String, _ change: (inout TaskChoice) -> Void) -> Link {
            var other = choice
            other.from = 0
            change(&other)
            return Link(href: other.href(of: run.id), label: label)
        }
        let all = StageGroup.groups(tasks)
        let selection = TaskSelection(tasks, all, choice)
        let isLarge = tasks.count > TaskSelection.most
        let allTimes = TaskTimes.all(tasks, attempts)
        let times = selection.shown.map { allTimes[$0] }
        let roots = needs.roots(tasks)
        let waits = Dictionary((waitReasons?.tasks ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })

        let hasStages = tasks.contains { $0.stage != nil }
        stages =
            hasStages
            ? all.prefix(Self.mostStages).enumerated().map { index, group in
                Stage(
                    id: "stage-\(index + 1)", name: group.name, state: group.counts.state, progress: group.counts.words,
                    href: isLarge ? link("") { ($0.stage, $0.status, $0.listsAll) = (index + 1, nil, false) }.href : nil)
            } : []
        if hasStages, all.count > Self.mostStages {
            moreStages = CountText.text(all.count - Self.mostStages, "more stage", "more stages")
        }
        filters = isLarge || choice.isNarrowed ? Self.filters(TaskCounts(tasks), choice, link) : []

        let placed = zip(selection.shown, times).map { (place: $0, times: $1) }
        let tables = all.count > Self.mostStages ? [Array(tasks.indices)] : all.map(\.places)
        let unsorted: [Group] = tables.enumerated().compactMap { index, places in
            let own = Set(places)
            let rows = placed.filter { own.contains($0.place) }.map {
                TaskRow(
                    $0.times, place: $0.place, waitReason: waits[$0.times.task.id],
                    needed: (roots[$0.place] ?? []).prefix(NotRunLine.mostNeeded).map { NotRunLine.link(tasks[$0]) },
                    items: $0.times.task.fan == nil ? [] : details.items, at: isLook ? nil : now)
            }
            // An empty table may get rows while the run is in progress.
            guard !rows.isEmpty || (selection.from == nil && !run.state.hasEnded) else { return nil }
            let isCut = selection.from == nil && rows.count < places.count
            let count = CountText.text(places.count)
            return Group(
                rowsID: "rows-\(index)", noteID: "note-\(index)",
                name: all.count > Self.mostStages ? StageGroup.nameless : all[index].name, rows: rows,
                note: isCut ? "\(CountText.text(rows.count)) of \(count) tasks are shown." : nil,
                more: isCut
                    ? link("Show all \(count)") { choice in
                        if all.count > Self.mostStages { choice.listsAll = true } else { choice.stage = index + 1 }
                    } : nil,
                attention: places.map { TaskStatus(tasks[$0]).attention }.min() ?? 2)
        }
        // Stages with failed tasks come first. While the run is in progress they stay where they were when the page was opened.
        groups =
            choice.isNarrowed
            ? unsorted
            : unsorted.enumerated().sorted { ($0.element.attention, $0.offset) < ($1.element.attention, $1.offset) }
                .map(\.element)
        note = selection.note
        seeAll =
            selection.isCut && selection.from == nil
            ? link("Show all \(CountText.text(selection.matching))") { $0.listsAll = true } : nil
        if let from = selection.from, selection.isCut {
            previous = from > 0 ? link("") { $0.from = max(0, from - TaskSelection.most) }.href : nil
            let after = from + selection.shown.count
            next = after < selection.matching ? link("") { $0.from = after }.href : nil
        }

        let critical = run.state.hasEnded ? needs.criticalPath(allTimes) : []
        let worked = placed.filter { $0.times.task.state != .skipped || !$0.times.attempts.isEmpty }
        // Those that need attention come first.
        let drawn = selection.isCut ? worked.prefix(max(Self.mostOfTimeline, selection.needingAttention)) : worked[...]
        if selection.isCut {
            let hasAll = selection.from == nil && (1...max(1, drawn.count)).contains(selection.needingAttention)
            timelineCut =
                "The timeline shows \(CountText.text(drawn.count)) of \(CountText.text(selection.matching)) tasks"
                + (hasAll ? ", among them all that failed or are running." : ".")
        }
        timeline = Timeline(
            drawn.map { place, times in
                TimelineTask(
                    place: place, times: times, hasNeeds: needs.isKnown, lastNeed: needs.lastNeed(of: place, allTimes),
                    isCritical: critical.contains(place))
            }, of: run, at: now, isLook: isLook)
        timelineNote =
            tasks.isEmpty
            ? "The tasks of this run are not known."
            : selection.shown.isEmpty ? "No task matches the filter." : "None of these tasks ran."
        notRun = NotRunLine.lines(tasks, roots)
        let outside = tasks.count { $0.skipReason == .runMode }
        leftOut = outside > 0 ? "\(CountText.text(outside)) not in this run mode." : nil
        find = isLarge || choice.text != nil ? TaskFind(choice, of: run.id) : nil
        noTasks = tasks.isEmpty ? "This run has no tasks." : "No task matches the filter."

        let skipped = tasks.count { $0.state == .skipped && $0.skipReason != .failedNeed && $0.skipReason != .resolved }
        guard skipped > 0 else { return }
        skippedToggle =
            choice.hidesSkipped
            ? link("Show skipped tasks") { $0.hidesSkipped = false } : link("Hide skipped tasks") { $0.hidesSkipped = true }
        if choice.hidesSkipped {
            let isOfMode = tasks.allSatisfy { $0.state != .skipped || $0.skipReason == .failedNeed || $0.skipReason == .runMode }
            let words = isOfMode ? "not in this run mode" : "skipped"
            hiddenNote = CountText.text(skipped, "task is", "tasks are") + " \(words) and hidden."
        }
    }

    private static func filters(
        _ counts: TaskCounts, _ choice: TaskChoice, _ link: (String, (inout TaskChoice) -> Void) -> Link
    ) -> [Link] {
        var overview = link("Overview") { ($0.stage, $0.status, $0.listsAll) = (nil, nil, false) }
        overview.isCurrent = !choice.isNarrowed
        var all = link("All \(CountText.text(counts.total))") { ($0.stage, $0.status, $0.listsAll) = (nil, nil, true) }
        all.isCurrent = choice.listsAll
        let present = TaskStatus.allCases.filter { counts[$0] > 0 }
        return [overview, all]
            + present.map { status in
                var one = link("\(status.label) \(CountText.text(counts[status]))") {
                    ($0.stage, $0.status, $0.listsAll) = (nil, status, false)
                }
                one.isCurrent = choice.status == status
                return one
            }
    }
}
