/// Whose fault a failure is. It decides more than a word on a page: platform faults are retried, customer faults are not.
public enum Attribution: String, CaseIterable, Codable, Sendable {
    /// The configuration is at fault: fix it, then run again.
    case customer
    /// Something that the run relies on failed: running it again usually helps.
    case platform
}

/// Why a run or a task failed or was stopped.
public struct RunError: Error, Hashable, Sendable {
    public var attribution: Attribution
    /// A period-delimited place, a slash, and what happened: `weir.task.command/exit`.
    public var type: String
    /// For a person; says nothing that an operator would not want a customer to read.
    public var message: String
    /// Details for programs, when there are any.
    public var data: JSONText?

    public init(attribution: Attribution, type: String, message: String, data: JSONText? = nil) {
        self.attribution = attribution
        self.type = type
        self.message = message
        self.data = data
    }

    /// What a run carries that somebody stopped.
    public static let manuallyStopped = RunError(
        attribution: .customer, type: "weir.workflow/stopped", message: "Workflow manually stopped")

    /// What a task carries whose worker died, lost its lease or was shut down: never the customer's fault.
    public static func workerLost(_ message: String) -> RunError {
        RunError(attribution: .platform, type: "weir.worker/lost", message: message)
    }
}
