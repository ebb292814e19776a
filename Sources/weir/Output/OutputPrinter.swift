import WorkflowModel

/// Prints pieces of what tasks printed, with a header wherever another attempt begins to speak.
final class OutputPrinter {
    private let console: Console
    private let withHeaders: Bool
    private var speaker: (task: TaskID, attempt: Int)?
    private var atLineStart = true
    private var printed: Set<TaskID> = []

    init(console: Console, withHeaders: Bool) {
        self.console = console
        self.withHeaders = withHeaders
    }

    func hasPrinted(_ task: TaskID) -> Bool {
        printed.contains(task)
    }

    /// - Parameter offset: the one that was asked for; what lies between it and the piece was cut.
    func print(_ slice: OutputSlice, of task: TaskInstance, askedFrom offset: Int) {
        let cut = slice.offset - offset
        guard !slice.bytes.isEmpty || cut > 0 else { return }
        printed.insert(task.id)
        announce(task, attempt: slice.attempt)
        if cut > 0 { line("[weir: \(cut) bytes cut]") }
        guard let last = slice.bytes.last else { return }
        console.write(slice.bytes)
        atLineStart = last == UInt8(ascii: "\n")
    }

    private func announce(_ task: TaskInstance, attempt: Int) {
        guard speaker?.task != task.id || speaker?.attempt != attempt else { return }
        speaker = (task.id, attempt)
        if withHeaders { line("==> \(task.definitionID), attempt \(attempt) <==") }
    }

    private func line(_ text: String) {
        console.write(Array((atLineStart ? "" : "\n").utf8) + Array((text + "\n").utf8))
        atLineStart = true
    }
}
