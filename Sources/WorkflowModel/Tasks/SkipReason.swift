/// Why a task was skipped.
public enum SkipReason: String, CaseIterable, Sendable {
    /// Its stage is not part of the run mode.
    case runMode = "run_mode"
    /// A task that it needs failed, or was skipped for this reason.
    case failedNeed = "failed_need"
    /// It is a closing task for failures, and nothing that it needs had failed.
    case noFailure = "no_failure"
    /// A person skipped it, so that its dependents run without it.
    case resolved
    /// Its `if` was false. Its dependents go on without it.
    case condition

    /// Derives the reason from the stored needs: a plan stores none for tasks that the run mode skips.
    /// - Returns: nil for a task that was not skipped.
    public init?(
        _ state: TaskState, when: TaskCondition, hasNeeds: Bool, resolution: Resolution? = nil, gate: TaskGate? = nil
    ) {
        guard state == .skipped else { return nil }
        if resolution != nil {
            self = .resolved
        } else if gate?.isClosed == true {
            self = .condition
        } else if !hasNeeds {
            self = .runMode
        } else {
            self = when.isClosing ? .noFailure : .failedNeed
        }
    }
}
