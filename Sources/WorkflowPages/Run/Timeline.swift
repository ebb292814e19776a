import Mustache
import WorkflowModel

/// The tasks of a run over its time: a bar for each attempt, a line for each wait.
///
/// Ticks are at round times. Positions are milliseconds since the run started. While the run is in progress, only the scale changes: a bar without an end
/// reaches beyond every scale, so that no row changes as time passes.
struct Timeline: Sendable {
    /// The end of bars that have not ended, in milliseconds: a hundred years.
    private static let open: Int64 = 3_155_760_000_000

    struct Tick: Sendable, MustacheParent {
        var x: String
        var anchor: String
        var label: String

        func child(named name: String) -> Any? {
            switch name {
            case "x": x
            case "anchor": anchor
            case "label": label
            default: nil
            }
        }
    }

    struct Bar: Sendable, MustacheParent {
        var x: Int64
        var width: Int64
        var y = 3
        var height = Bar.tallest
        var tone: String
        var title: String

        static let tallest = 16

        func child(named name: String) -> Any? {
            switch name {
            case "x": x
            case "width": width
            case "y": y
            case "height": height
            case "tone": tone
            case "title": title
            default: nil
            }
        }
    }

    struct Row: Sendable, MustacheParent {
        var id: String
        var href: String
        var label: String
        var summary: String
        var waits: [Bar]
        var bars: [Bar]
        /// The width of the scale, in milliseconds.
        var span: Int64
        var isCritical: Bool

        func child(named name: String) -> Any? {
            switch name {
            case "id": id
            case "href": href
            case "label": label
            case "summary": summary
            case "waits": waits
            case "bars": bars
            case "span": span
            case "isCritical": isCritical
            default: nil
            }
        }
    }

    var ticks: [Tick]
    var span: Int64
    var rows: [Row]
    /// Whether a row is on the critical path.
    var hasCritical: Bool
    /// Whether its end is the present.
    var isOpen: Bool

    /// The distances of ticks, in seconds, and their number at most.
    private static let steps: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
        2_592_000,
    ]
    private static let mostTicks: Int64 = 6

    /// - Parameters:
    ///   - tasks: the tasks and their indexes in the run.
    ///   - isLook: whether a script scales the rows.
    init(_ tasks: [TimelineTask], of run: WorkflowRun, at now: Timestamp, isLook: Bool = false) {
        let start = run.createdAt
        let span = max(1_000, ((run.endedAt ?? now) - start).milliseconds)
        self.span = span
        isOpen = run.endedAt == nil
        ticks = Self.ticks(span)
        rows = tasks.map { Self.row($0, of: run, span: isLook ? 1 : span) }
        hasCritical = rows.contains(where: \.isCritical)
    }

    private static func ticks(_ span: Int64) -> [Tick] {
        let last = steps[steps.count - 1]
        let step = 1_000 * (steps.first { span <= $0 * 1_000 * mostTicks } ?? (span / last / mostTicks / 1_000 + 1) * last)
        return stride(from: 0, through: span, by: Int64.Stride(step)).map { instant in
            let share = Double(instant) * 100 / Double(span)
            // A label at the right edge ends there.
            return Tick(
                x: Chart.percent(share), anchor: instant == 0 ? "start" : share > 95 ? "end" : "middle",
                label: instant == 0 ? "0" : RoundTimeText.text(instant / 1_000))
        }
    }

    /// Divides the bar of a task with items between those that failed and the others.
    private static func share(_ bars: inout [Bar], _ counts: ItemCounts) {
        bars[bars.count - 1].title += "; \(counts.words)"
        guard counts.failed > 0, counts.failed < counts.total else { return }
        let least = 5
        let part = min(Bar.tallest - least, max(least, Bar.tallest * counts.failed / counts.total))
        var failed = bars[bars.count - 1]
        (failed.y, failed.height) = (failed.y + Bar.tallest - part, part)
        failed.tone = Tone.failed.rawValue
        bars[bars.count - 1].height = Bar.tallest - part
        bars[bars.count - 1].tone = (counts.active > 0 ? Tone.active : counts.succeeded > 0 ? .succeeded : .stopped).rawValue
        bars.append(failed)
    }

    private static func row(_ shown: TimelineTask, of run: WorkflowRun, span: Int64) -> Row {
        let (times, place) = (shown.times, shown.place)
        var waits: [Bar] = []
        var bars: [Bar] = []
        var words: [String] = []
        let task = times.task
        func bar(_ from: Timestamp, _ to: Timestamp?, tone: String, title: String) -> Bar {
            let x = max(0, (from - run.createdAt).milliseconds)
            var width = open
            if let to { width = max(0, (to - from).milliseconds) }
            return Bar(x: x, width: width, tone: tone, title: title)
        }
        func wait(_ from: Timestamp, _ to: Timestamp?, _ title: String, _ reason: String = "") {
            if let to, to <= from { return }
            var words = title
            if let to { words += " \(RuntimeText.text(to - from))" }
            words += reason
            waits.append(bar(from, to, tone: "wait", title: words))
        }
        func work(_ from: Timestamp, _ to: Timestamp?, _ state: WorkflowState, _ name: String = "") {
            var word = name + state.label.lowercased()
            if let to { word += ", \(RuntimeText.text(to - from))" }
            bars.append(bar(from, to, tone: state.tone.rawValue, title: word))
            words.append(word)
        }
        var last: Timestamp? = run.createdAt
        var error: RunError?
        for attempt in times.attempts {
            if let last, attempt.number == 1 {
                wait(last, attempt.startedAt, "Waited", shown.reason(from: last, to: attempt.startedAt))
            } else if let last {
                wait(last, attempt.startedAt, "Waited for retry", error.map { " after: \(ErrorLine($0).line)" } ?? "")
            }
            error = attempt.error
            let end = attempt.endedAt ?? run.endedAt
            work(attempt.startedAt, end, attempt.outcome?.state ?? task.state.state, "attempt \(attempt.number): ")
            last = end
        }
        if times.attempts.isEmpty, let started = times.started {
            let end = task.endedAt ?? run.endedAt
            work(started, end, task.state.state)
            if let counts = task.fan?.counts, !bars.isEmpty { share(&bars, counts) }
            last = end
        }
        if let last, task.state == .scheduled || task.state == .inProgress {
            wait(last, run.endedAt, task.state == .scheduled ? "Waiting" : "Waiting for retry")
        }
        if let origin = task.keptFrom { words = ["kept from \(origin)"] }
        if words.isEmpty { words = [StateText(task).label.lowercased()] }
        return Row(
            id: "l-\(place)", href: PageAddress.task(task.id, of: task.run), label: task.label.visible(),
            summary: "\(task.label.visible()): \(words.joined(separator: "; "))", waits: waits, bars: bars, span: span,
            isCritical: shown.isCritical)
    }
}
