import Mustache
import WorkflowModel

/// The tasks of a run over its time: a bar for each attempt, a line for each wait. Places are percentages of the run's time, so
/// that the drawing is as wide as the screen.
struct Timeline: Sendable {
    /// Tasks that are drawn at most.
    static let mostRows = 100

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
        var x: String
        var width: String
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

    struct Row: Sendable {
        var href: String
        var label: String
        var summary: String
        var waits: [Bar]
        var bars: [Bar]
    }

    var ticks: [Tick]
    var rows: [Row]

    init(_ tasks: [TaskTimes], of run: WorkflowRun, at now: Timestamp) {
        let start = run.createdAt
        let end = max(run.endedAt ?? now, start + .seconds(1))
        let scale = Scale(start: start, end: end)
        ticks = (0...4).map { quarter in
            let instant = Timestamp(milliseconds: start.milliseconds + (end - start).milliseconds * Int64(quarter) / 4)
            return Tick(
                x: "\(quarter * 25)", anchor: quarter == 0 ? "start" : quarter == 4 ? "end" : "middle",
                label: quarter == 0 ? "0" : RuntimeText.text(instant - start))
        }
        rows = tasks.filter { $0.task.state != .skipped }.prefix(Self.mostRows).map { Self.row($0, scale, run: run, end: end) }
    }

    private static func row(_ times: TaskTimes, _ scale: Scale, run: WorkflowRun, end: Timestamp) -> Row {
        var waits: [Bar] = []
        var bars: [Bar] = []
        func wait(_ from: Timestamp, _ to: Timestamp, _ title: String) {
            guard to > from else { return }
            waits.append(scale.bar(from, to, tone: "wait", title: "\(title) \(RuntimeText.text(to - from))"))
        }
        let task = times.task
        var last = run.createdAt
        var words: [String] = []
        for attempt in times.attempts {
            wait(last, attempt.startedAt, attempt.number == 1 ? "Waited" : "Waited for another attempt")
            let until = attempt.endedAt ?? end
            let outcome = attempt.outcome?.state ?? task.state.state
            let word = "attempt \(attempt.number): \(outcome.label.lowercased()), \(RuntimeText.text(until - attempt.startedAt))"
            bars.append(scale.bar(attempt.startedAt, until, tone: outcome.tone.rawValue, title: word))
            words.append(word)
            last = until
        }
        if times.attempts.isEmpty, let started = times.started {
            let until = task.endedAt ?? end
            let word = "\(task.state.state.label.lowercased()), \(RuntimeText.text(until - started))"
            bars.append(scale.bar(started, until, tone: task.state.state.tone.rawValue, title: word))
            words.append(word)
            last = until
        }
        if !task.state.hasEnded, task.state == .scheduled || task.state == .inProgress {
            wait(last, end, task.state == .scheduled ? "Waiting for" : "Waiting for another attempt for")
        }
        if let origin = task.keptFrom { words = ["kept from \(origin)"] }
        if words.isEmpty { words = [task.state.state.label.lowercased()] }
        return Row(
            href: PageAddress.task(task.id, of: task.run), label: task.label,
            summary: "\(task.label): \(words.joined(separator: "; "))", waits: waits, bars: bars)
    }
}

/// Turns instants into percentages.
private struct Scale {
    /// What is there is seen, however short it was.
    static let leastWidth = 0.4

    var start: Timestamp
    var end: Timestamp

    func bar(_ from: Timestamp, _ to: Timestamp, tone: String, title: String) -> Timeline.Bar {
        let left = min(place(from), 100 - Self.leastWidth)
        let width = max(place(to) - left, Self.leastWidth)
        return Timeline.Bar(x: Chart.percent(left), width: Chart.percent(width), tone: tone, title: title)
    }

    private func place(_ instant: Timestamp) -> Double {
        let part = Double((instant - start).milliseconds) / Double((end - start).milliseconds)
        return min(max(part, 0), 1) * 100
    }
}
