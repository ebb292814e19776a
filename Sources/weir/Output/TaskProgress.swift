import WorkflowModel

/// The progress of a run's tasks: redrawn on a terminal, one line per change elsewhere.
final class TaskProgress {
    private let console: Console
    private let isLive: Bool
    private var drawnLines = 0
    private var states: [TaskID: TaskState] = [:]

    init(console: Console) {
        self.console = console
        isLive = console.messagesAreTerminal
    }

    func show(_ details: WorkflowRunDetails) {
        isLive ? redraw(details) : printChanges(details)
    }

    func finish(_ details: WorkflowRunDetails) {
        console.note(Self.sentence(details.run))
    }

    static func sentence(_ run: WorkflowRun) -> String {
        var sentence = "\(run.id): \(HumanText.state(of: run))"
        if let endedAt = run.endedAt { sentence += " after \(HumanText.duration(endedAt - run.createdAt))" }
        if run.state == .failed, let error = run.error { sentence += ". \(HumanText.printable(error.message))" }
        return sentence
    }

    private func redraw(_ details: WorkflowRunDetails) {
        // Moves to the first line, redraws each line, and clears the lines below.
        var text = drawnLines > 0 ? "\u{1B}[\(drawnLines)A\r" : ""
        // More lines than the terminal has would scroll, and the next redraw would begin too low.
        let lines = Self.lines(details.tasks, width: console.messageWidth - 1, height: (console.messageHeight ?? 24) - 1)
        for line in lines { text += line + "\u{1B}[K\n" }
        if lines.count < drawnLines { text += "\u{1B}[J" }
        drawnLines = lines.count
        console.draw(text)
    }

    /// All tasks if they fit; otherwise failed and running tasks first, and the number of other tasks by state.
    static func lines(_ tasks: [TaskInstance], width: Int, height: Int) -> [String] {
        guard tasks.count > height else { return lines(tasks, width: width) }
        let room = max(0, height - 1)
        let byWeight = tasks.enumerated().sorted { (weight($0.element.state), $0.offset) < (weight($1.element.state), $1.offset) }
        let shown = byWeight.prefix(room).sorted { $0.offset < $1.offset }.map(\.element)
        var counts: [String: Int] = [:]
        for (_, task) in byWeight.dropFirst(room) { counts[task.state.state.label.lowercased(), default: 0] += 1 }
        let words = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\(HumanText.count($0.value)) \($0.key)" }
        let rest = "… and \(HumanText.count(tasks.count - shown.count)) more: \(words.joined(separator: ", "))"
        return lines(shown, width: width) + [rest.cut(toDisplayWidth: width)]
    }

    private static func lines(_ tasks: [TaskInstance], width: Int) -> [String] {
        TextTable(
            [
                .init(title: "task", fit: .shortened), .init(title: "label", fit: .shortened, leaves: 1),
                .init(title: "state", fit: .shortened),
            ],
            rows: tasks.map { [$0.definitionID, $0.label, HumanText.state(of: $0)] }, width: width
        ).lines(withHeader: false).map { $0.cut(toDisplayWidth: width) }
    }

    /// The smallest number is shown first.
    private static func weight(_ state: TaskState) -> Int {
        switch state {
        case .failed: 0
        case .started, .running, .finalizing, .stopping, .inProgress: 1
        case .scheduled: 2
        case .canceled, .succeeded, .skipped: 3
        }
    }

    private func printChanges(_ details: WorkflowRunDetails) {
        for task in details.tasks where states.updateValue(task.state, forKey: task.id) != task.state {
            if task.state == .scheduled { continue }
            console.note("\(HumanText.printable(task.definitionID)): \(HumanText.state(of: task))")
        }
    }
}
