import WorkflowModel

/// Decides the outcome of a task from the exit status of its command. A pure function.
struct CommandEnding: Sendable {
    enum Status: Hashable, Sendable {
        case exited(Int)
        /// By a signal from outside: commands that Weir ends are handled before.
        case killed(signal: Int)
    }

    /// `EX_TEMPFAIL` of sysexits(3): a failure that a retry may fix.
    static let temporaryFailure = 75

    var status: Status
    var output: AttemptFiles.Output
    var lastLine: String?
    var blame: BlameTable
    var mask = SecretMask.none

    func outcome() -> TaskOutcome {
        switch status {
        case .exited(0):
            switch CommandOutput.reading(output, mask) {
            case .success(let output): output?.outcome ?? .succeeded(TaskOutput())
            case .failure(let problem): .failed(problem)
            }
        case .exited, .killed:
            // Unreadable output does not hide the failure itself.
            failure(describedBy: try? CommandOutput.reading(output, mask).get())
        }
    }

    private func failure(describedBy output: CommandOutput?) -> TaskOutcome {
        var error = conventionalError
        if let described = output?.error {
            error.message = described.message
            if let attribution = described.attribution { error.attribution = attribution }
            if let data = described.data { error.data = data }
        }
        return .failed(error, runID: output?.taskOutput.runID)
    }

    private var conventionalError: RunError {
        switch status {
        case .exited(let code):
            RunError(
                attribution: blame.byCode[code] ?? (code == Self.temporaryFailure ? .platform : .customer),
                type: "weir.task.command/exit", message: message("exit code \(code)"),
                data: JSONText(.object(["exit_code": .integer(Int64(code))])))
        case .killed(let signal):
            RunError(
                attribution: .platform, type: "weir.task.command/signal", message: message("killed by signal \(signal)"),
                data: JSONText(.object(["signal": .integer(Int64(signal))])))
        }
    }

    private func message(_ beginning: String) -> String {
        lastLine.map { "\(beginning): \($0)" } ?? beginning
    }
}
