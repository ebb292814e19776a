import WorkflowModel

/// The tasks of a run while it goes on: drawn again and again on a terminal, a line per change elsewhere.
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
        isLive ? redraw(details) : tellChanges(details)
    }

    func finish(_ details: WorkflowRunDetails) {
        console.note(Self.sentence(details.run))
    }

    static func sentence(_ run: WorkflowRun) -> String {
        var sentence = "\(run.id): \(HumanText.state(run.state.state, run.error))"
        if let endedAt = run.endedAt { sentence += " after \(HumanText.duration(endedAt - run.createdAt))" }
        if run.state == .failed, let error = run.error { sentence += ". \(HumanText.printable(error.message))" }
        return sentence
    }

    private func redraw(_ details: WorkflowRunDetails) {
        // Up to where the drawing began, then each line anew, cleared to its end.
        var text = drawnLines > 0 ? "\u{1B}[\(drawnLines)A" : ""
        let table = TextTable(
            [.init(title: "task"), .init(title: "label", isFlexible: true), .init(title: "state", isFlexible: true)],
            rows: details.tasks.map { [$0.definitionID, $0.label, HumanText.state($0.state.state, $0.error)] },
            width: console.messageWidth - 1)
        let lines = table.lines(withHeader: false)
        for line in lines { text += line + "\u{1B}[K\n" }
        drawnLines = lines.count
        console.draw(text)
    }

    private func tellChanges(_ details: WorkflowRunDetails) {
        for task in details.tasks where states.updateValue(task.state, forKey: task.id) != task.state {
            if task.state == .scheduled { continue }
            console.note("\(task.definitionID): \(HumanText.state(task.state.state, task.error))")
        }
    }
}
