import WorkflowModel

extension HistoryGenerator {
    /// Fills the fields that only questions of Weir's own ask for. A workflow is common, one run of a thousand is of a rare one.
    func addAnswers(to run: inout WorkflowRun, _ random: NumberedRandom) {
        func draw(_ count: UInt64) -> UInt64 { random.next() % count }
        let isRare = draw(1_000) == 0
        let number = run.name.drop { !$0.isNumber }
        run.origin.configuration = isRare ? AskedValues.rareWorkflow : "cg-\(number)"
        run.origin.runMode = draw(10) < 8 ? .full : draw(4) < 3 ? .refresh : .source
        run.origin.labels = RunLabels(
            ["team:t\(draw(8))", draw(10) == 0 ? "tier:gold" : "tier:silver", isRare ? "audit:yes" : ""].compactMap { RunLabel($0) }
        )
        if draw(10) < 6 {
            run.origin.schedule = draw(20) == 0 ? "nightly" : "default"
            run.origin.scheduledFor = run.createdAt
        }
        if draw(50) == 0 { run.origin.rerunOf = RunID(rawValue: "wf-20250101-\(10_000 + draw(1_000))-repeat") }
        run.attempts = draw(10) == 0 ? 2 + Int(draw(3)) : 1
        guard let error = run.error else { return }
        let (type, message) = AskedValues.errors[Int(draw(UInt64(AskedValues.errors.count)))]
        run.error = RunError(
            attribution: error.attribution, type: type, message: "\(message) table_\(draw(1_000)) of warehouse \(draw(20))")
    }
}

/// Values of the asked history.
enum AskedValues {
    static let rareWorkflow = "cg-rare"
    static let errors = [
        ("weir.task.command/exit", "Load orders: the command ended with exit code 3 on"),
        ("weir.task.command/timeout", "The command did not end in time while it read"),
        ("weir.task.http/status", "The service answered with status 502 for"),
        ("weir.task.http/connection", "Connection reset by peer while reading"),
    ]
}
