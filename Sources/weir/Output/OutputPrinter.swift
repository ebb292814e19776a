import WorkflowModel

/// Prints the output of tasks, with a header before the output of another attempt.
final class OutputPrinter {
    private let console: Console
    private let withHeaders: Bool
    private let form: OutputForm
    private var lastPrinted: (task: TaskID, attempt: Int)?
    private var atLineStart = true
    private var printed: Set<TaskID> = []
    private var filters: [TaskID: (attempt: Int, filter: OutputFilter)] = [:]

    init(console: Console, withHeaders: Bool, form: OutputForm) {
        self.console = console
        self.withHeaders = withHeaders
        self.form = form
    }

    func hasPrinted(_ task: TaskID) -> Bool {
        printed.contains(task)
    }

    /// - Parameter offset: the requested offset. The bytes between it and the piece were cut.
    func print(_ slice: OutputSlice, of task: TaskInstance, askedFrom offset: Int) throws {
        let cut = slice.offset - offset
        guard !slice.bytes.isEmpty || cut > 0 else { return }
        printed.insert(task.id)
        try announce(task, attempt: slice.attempt)
        if cut > 0 {
            try line("[weir: \(cut) bytes cut]")
            filters[task.id] = nil
        }
        var filter = OutputFilter(form: form)
        if let known = filters[task.id], known.attempt == slice.attempt { filter = known.filter }
        let shown = filter.filtered(slice.bytes, isLast: slice.isLast)
        filters[task.id] = slice.isLast ? nil : (slice.attempt, filter)
        try console.write(shown)
        atLineStart = filter.endsWithLineBreak ?? atLineStart
    }

    private func announce(_ task: TaskInstance, attempt: Int) throws {
        guard lastPrinted?.task != task.id || lastPrinted?.attempt != attempt else { return }
        lastPrinted = (task.id, attempt)
        if withHeaders { try line("==> \(HumanText.printable(task.shortName)), attempt \(attempt) <==") }
    }

    private func line(_ text: String) throws {
        try console.write(Array((atLineStart ? "" : "\n").utf8) + Array((text + "\n").utf8))
        atLineStart = true
    }
}
