/// The side that caused a failure. Platform faults are retried, customer faults are not.
public enum Attribution: String, CaseIterable, Codable, Sendable {
    /// The configuration or its data is at fault: fix it, then run again.
    case customer
    /// A dependency of the run failed: running it again usually helps.
    case platform
}

/// The error of a run or task that failed or was stopped.
public struct RunError: Error, Hashable, Sendable {
    /// nil when it is unknown, as in imported history. A failure in this service always has one.
    public var attribution: Attribution?
    /// The place in dot notation, a slash, and the failure: `weir.task.command/exit`.
    @Exact public var type: String
    /// For display; safe to show to customers.
    @Exact public var message: String
    /// Details for programs; nil without any.
    public var data: JSONText?
    /// The size of data that a list omits because it exceeds ``RunQuery/longestData`` bytes; nil when nothing is omitted.
    public var omittedDataBytes: Int?

    public init(
        attribution: Attribution?, type: String, message: String, data: JSONText? = nil, omittedDataBytes: Int? = nil
    ) {
        self.attribution = attribution
        self.type = type
        self.message = message
        self.data = data
        self.omittedDataBytes = omittedDataBytes
    }

    /// The error of a run that was stopped on request.
    public static let manuallyStopped = RunError(
        attribution: .customer, type: "weir.workflow/stopped", message: "Workflow manually stopped")

    /// Whether the run was stopped on request, which is no failure.
    public var isManualStop: Bool { type == Self.manuallyStopped.type }

    /// The error of a task whose worker died, lost its lease or was shut down; never attributed to the customer.
    public static func workerLost(_ message: String) -> RunError {
        RunError(attribution: .platform, type: "weir.worker/lost", message: message)
    }
}
