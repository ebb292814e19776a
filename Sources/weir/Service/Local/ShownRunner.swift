import WorkflowModel

/// Executes attempts with another runner and prints their output.
struct ShownRunner: TaskRunner {
    let runner: any TaskRunner
    let output: LiveOutput

    func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome {
        let id = attempt.definition.id
        let lines = output.attempt(of: attempt.item.map { "\(id)[\($0.index)]" } ?? id)
        let outcome = await runner.run(attempt, reporting: ShownReport(report: report, lines: lines))
        lines.end()
        return outcome
    }

    func cancelOutside(_ attempt: TaskAttempt, reporting report: any TaskReport) async {
        let lines = output.attempt(of: attempt.definition.id)
        await runner.cancelOutside(attempt, reporting: ShownReport(report: report, lines: lines))
        lines.end()
    }

    func endAtOnce(_ task: TaskID, attempt: Int) {
        runner.endAtOnce(task, attempt: attempt)
    }

    var canStart: Bool { runner.canStart }

    func endLeftovers(of tasks: Set<TaskID>) async {
        await runner.endLeftovers(of: tasks)
    }

    func endOrphans() async {
        await runner.endOrphans()
    }
}

/// Prints the output of an attempt before it is reported.
private struct ShownReport: TaskReport {
    let report: any TaskReport
    let lines: AttemptLines

    func began() async {
        await report.began()
    }

    func printed(_ bytes: [UInt8], to stream: TaskStream) {
        lines.add(bytes, from: stream)
        report.printed(bytes, to: stream)
    }

    func recording() async {
        await report.recording()
    }

    func wasEnded(_ ending: TaskEnding) async {
        await report.wasEnded(ending)
    }
}
