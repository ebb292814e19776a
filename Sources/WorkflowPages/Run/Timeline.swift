import Mustache
import WorkflowModel

/// The tasks of a run over its time: a bar for each attempt, a line for each wait.
///
/// Positions are milliseconds since the run started. While the run is in progress, only the scale changes: a bar without an end
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
        var tone: String
        var title: String

        func child(named name: String) -> Any? {
            switch name {
            case "x": x
            case "width": width
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

        func child(named name: String) -> Any? {
            switch name {
            case "id": id
            case "href": href
            case "label": label
            case "summary": summary
            case "waits": waits
            case "bars": bars
            case "span": span
            default: nil
            }
        }
    }

    var ticks: [Tick]
    var span: Int64
    var rows: [Row]

    /// - Parameters:
    ///   - tasks: the tasks and their indexes in the run.
    ///   - isLook: whether a script scales the rows.
    init(_ tasks: [(place: Int, times: TaskTimes)], of run: WorkflowRun, at now: Timestamp, isLook: Bool = false) {
        let start = run.createdAt
        let span = max(1_000, ((run.endedAt ?? now) - start).milliseconds)
        self.span = span
        let anchors = ["start", "middle", "middle", "middle", "end"]
        ticks = anchors.enumerated().map { quarter, anchor in
            let instant = Duration.milliseconds(span * Int64(quarter) / 4)
            return Tick(x: "\(quarter * 25)", anchor: anchor, label: quarter == 0 ? "0" : RuntimeText.text(instant))
        }
        rows = tasks.map { Self.row($0.times, place: $0.place, of: run, span: isLook ? 1 : span) }
    }

    private static func row(_ times: TaskTimes, place: Int, of run: WorkflowRun, span: Int64) -> Row {
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
        func wait(_ from: Timestamp, _ to: Timestamp?, _ title: String) {
            if let to, to <= from { return }
            var words = title
            if let to { words += " \(RuntimeText.text(to - from))" }
            waits.append(bar(from, to, tone: "wait", title: words))
        }
        func work(_ from: Timestamp, _ to: Timestamp?, _ state: WorkflowState, _ name: String = "") {
            var word = name + state.label.lowercased()
            if let to { word += ", \(RuntimeText.text(to - from))" }
            bars.append(bar(from, to, tone: state.tone.rawValue, title: word))
            words.append(word)
        }
        var last: Timestamp? = run.createdAt
        for attempt in times.attempts {
            if let last { wait(last, attempt.startedAt, attempt.number == 1 ? "Waited" : "Waited for retry") }
            let end = attempt.endedAt ?? run.endedAt
            work(attempt.startedAt, end, attempt.outcome?.state ?? task.state.state, "attempt \(attempt.number): ")
            last = end
        }
        if times.attempts.isEmpty, let started = times.started {
            let end = task.endedAt ?? run.endedAt
            work(started, end, task.state.state)
            last = end
        }
        if let last, task.state == .scheduled || task.state == .inProgress {
            wait(last, run.endedAt, task.state == .scheduled ? "Waiting" : "Waiting for retry")
        }
        if let origin = task.keptFrom { words = ["kept from \(origin)"] }
        if words.isEmpty { words = [StateText(task).label.lowercased()] }
        return Row(
            id: "l-\(place)", href: PageAddress.task(task.id, of: task.run), label: task.label.visible(),
            summary: "\(task.label.visible()): \(words.joined(separator: "; "))", waits: waits, bars: bars, span: span)
    }
}
